// SPDX-License-Identifier: LGPL-2.1-or-later
// What the fast executor is made of: lowering, memory plan, extents, choice of implementation.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <rdenoise/network.hpp>
#include <string>

#include "lib/network/random_weights.hpp"
#include "lib/network/small_network.hpp"
#include "network/cell_convolution.hpp"
#include "network/onednn_arena.hpp"
#include "network/onednn_convolution.hpp"
#include "network/onednn_cpu.hpp"
#include "network/onednn_plan.hpp"
#include "network/onednn_winograd.hpp"

namespace rdenoise::onednn {
namespace {

NetworkParams first_example(std::string_view network) { return find_architecture(network).examples.front(); }

int count(const ExecutionPlan& plan, StepKind kind) {
  return static_cast<int>(std::ranges::count(plan.steps, kind, &Step::kind));
}

TEST(ExecutorPlan, of_ffdnet_is_two_copies_in_the_convolutions_and_one_copy_out) {
  const NetworkSpec spec = build_network(first_example("ffdnet"));
  const ExecutionPlan plan = lower(spec, {});
  EXPECT_EQ(plan.steps.size(), 2u + static_cast<std::size_t>(spec.params.depth) + 1u);
  EXPECT_EQ(plan.steps[0].movement, Movement::unshuffle);
  EXPECT_EQ(plan.steps[1].channel_offset, 4);
  EXPECT_EQ(plan.steps[0].output, plan.steps[1].output);
  EXPECT_EQ(count(plan, StepKind::convolution), spec.params.depth);
  // Every convolution but the last takes its relu in.
  EXPECT_EQ(std::ranges::count_if(plan.steps, &Step::relu), spec.params.depth - 1);
  EXPECT_EQ(plan.steps.back().movement, Movement::shuffle);
}

TEST(ExecutorPlan, subtracts_the_noise_while_it_shuffles) {
  NetworkParams params = first_example("ffdnet");
  params.residual = true;
  const ExecutionPlan plan = lower(build_network(params), {});
  EXPECT_EQ(count(plan, StepKind::subtract), 0);
  EXPECT_EQ(plan.steps.back().movement, Movement::shuffle);
  EXPECT_EQ(plan.steps.back().minuend, plan.image);
}

TEST(ExecutorPlan, in_bf16_keeps_what_the_caller_sees_f32) {
  const ExecutionPlan plan = lower(build_network(first_example("ffdnet")), {.activation = ElementType::bf16});
  for (const int port : {plan.image, plan.noise_map, plan.output}) {
    EXPECT_TRUE(plan.values[static_cast<std::size_t>(port)].is_port);
    EXPECT_EQ(plan.values[static_cast<std::size_t>(port)].layout, Layout{});
  }
  for (const Step& step : plan.steps) {
    if (step.kind != StepKind::convolution) continue;
    EXPECT_EQ(plan.values[static_cast<std::size_t>(step.inputs[0])].layout.element, ElementType::bf16);
  }
}

TEST(ExecutorArena, gives_values_that_live_together_separate_places) {
  std::mt19937 random(5);
  std::vector<Lifetime> lifetimes;
  for (int i = 0; i < 60; ++i) {
    const int first = static_cast<int>(random() % 40);
    lifetimes.push_back({random() % 5000, first, first + static_cast<int>(random() % 8)});
  }
  const ArenaPlan plan = plan_arena(lifetimes);
  for (std::size_t i = 0; i < lifetimes.size(); ++i) {
    EXPECT_EQ(plan.offset_bytes[i] % arena_alignment_bytes, 0u);
    EXPECT_LE(plan.offset_bytes[i] + lifetimes[i].size_bytes, plan.size_bytes);
    for (std::size_t j = 0; j < i; ++j) {
      const bool together =
          lifetimes[i].first_step <= lifetimes[j].last_step && lifetimes[j].first_step <= lifetimes[i].last_step;
      const bool apart = plan.offset_bytes[i] + lifetimes[i].size_bytes <= plan.offset_bytes[j] ||
                         plan.offset_bytes[j] + lifetimes[j].size_bytes <= plan.offset_bytes[i];
      EXPECT_TRUE(apart || !together) << i << " and " << j;
    }
  }
}

TEST(ExecutorArena, of_a_chain_is_two_buffers) {
  std::vector<Lifetime> chain;
  for (int step = 0; step < 20; ++step) chain.push_back({6400, step, step + 1});
  EXPECT_EQ(plan_arena(chain).size_bytes, 2u * 6400u);
}

TEST(ExecutorExtent, is_at_least_what_is_needed_and_little_more) {
  const WinogradShape shapes[] = {{64, 64}, {64, 16}};
  for (int height = 16; height < 300; height += 23)
    for (int width = 18; width < 300; width += 31) {
      const Extent extent = choose_extent(shapes, {height, width});
      EXPECT_GE(extent.height, height);
      EXPECT_GE(extent.width, width);
      EXPECT_LT(extent.height, height + 16);
      EXPECT_LT(extent.width, width + 16);
    }
}

TEST(ExecutorPlan, puts_the_inputs_of_ffdnet_for_video_where_its_first_layer_reads_them) {
  const ExecutionPlan plan = lower(build_network(find_architecture("ffdnet").examples[3]), {.edge_kernels = true});
  const Value& image = plan.values[static_cast<std::size_t>(plan.image)];
  const Value& map = plan.values[static_cast<std::size_t>(plan.noise_map)];
  EXPECT_GE(image.part_of, 0);
  EXPECT_EQ(map.part_of, image.part_of);
  EXPECT_EQ(image.first_channel, 0);
  EXPECT_EQ(map.first_channel, 6);
}

TEST(ExecutorExtent, stays_without_winograd) { EXPECT_EQ(choose_extent({}, {37, 41}), (Extent{37, 41})); }

TEST(ExecutorExtent, stays_where_all_layers_are_too_narrow_for_winograd) {
  const WinogradShape shapes[] = {{16, 16}, {8, 24}};
  EXPECT_EQ(choose_extent(shapes, {37, 41}), (Extent{37, 41}));
}

TEST(ExecutorExtent, leaves_the_sizes_that_winograd_cannot_unroll) {
  if (!choose_winograd({64, 64}, {148, 148}, false)) GTEST_SKIP() << "this CPU has no Winograd: " << cpu_isa();
  const WinogradShape shapes[] = {{64, 64}};
  // 37 × 37 tiles: 37 is prime and more than are unrolled.
  EXPECT_NE(choose_extent(shapes, {148, 148}), (Extent{148, 148}));
  // 34 × 34 tiles: 17 are unrolled, nothing to gain.
  EXPECT_EQ(choose_extent(shapes, {136, 136}), (Extent{136, 136}));
}

TEST(ExecutorConvolution, never_falls_to_reference_code) {
  std::vector<NetworkParams> networks;
  for (const Architecture& architecture : architectures())
    for (const NetworkParams& params : architecture.examples) networks.push_back(test::small(params, 600e3));
  networks.push_back(first_example("bfunet"));
  networks.back().depth = 8;  // dilations up to 128
  for (const NetworkParams& params : networks)
    for (const Precision precision : {Precision::f32, Precision::bf16}) {
      if (precision == Precision::bf16 && !has_bf16()) continue;
      NetworkParams folded = params;
      folded.batch_norm = false;
      FoldedNetwork network{build_network(folded), {}};
      network.weights = test::random_weights(network.spec, 1);
      const NetworkSpec spec = without_strides(network).spec;
      const ExecutionPlan plan = lower(spec, layout_rules(precision));
      const auto activation = [&](int index) {
        const Value& value = plan.values[static_cast<std::size_t>(index)];
        // Which kernel is taken depends on the width.
        const int height = round_up(32, value.sub_grid) / value.sub_grid;
        const int width = round_up(320, value.sub_grid) / value.sub_grid;
        return Activation{nullptr, value.channels, height, width, height, width, value.layout, value.sub_grid};
      };
      for (const Step& step : plan.steps) {
        if (step.kind != StepKind::convolution) continue;
        const std::string name = choose_convolution(spec.layers[static_cast<std::size_t>(step.layer)],
                                                    activation(step.inputs[0]), activation(step.output), step.relu)
                                     .impl_info_str();
        EXPECT_EQ(name.find("ref"), std::string::npos) << params.network << ", layer " << step.layer << ": " << name;
      }
    }
}

}  // namespace
}  // namespace rdenoise::onednn
