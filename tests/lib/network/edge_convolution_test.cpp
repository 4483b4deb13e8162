// SPDX-License-Identifier: LGPL-2.1-or-later
// The own kernels of convolutions to and from few channels against four nested loops, and where the executor uses it.
#include "network/edge_convolution.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <rdenoise/network.hpp>

#include "lib/network/nested_loops.hpp"
#include "network/onednn_arena.hpp"
#include "network/onednn_cpu.hpp"
#include "network/onednn_plan.hpp"

namespace rdenoise::onednn {
namespace {

/// A value with memory of its own: random where it has pixels and channels, zero beyond; if bf16, all zero.
struct Picture {
  Picture(int channels, int height, int width, int surplus_px, int block, unsigned seed,
          ElementType element = ElementType::f32)
      : view{nullptr, channels, height, width, height + surplus_px, width + surplus_px, {block, element}},
        memory(make_arena(view.size_bytes())) {
    view.data = memory.get();
    clear(view);
    if (element != ElementType::f32) return;
    std::mt19937 generator(seed);
    std::normal_distribution<float> normal;
    for (int c = 0; c < channels; ++c)
      for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) at(c, y, x) = normal(generator);
  }
  [[nodiscard]] float& at(int channel, int y, int x) const {
    const int block = view.layout.block;
    const std::size_t row = static_cast<std::size_t>(channel / block) * view.padded_height + y;
    return static_cast<float*>(view.data)[(row * view.padded_width + x) * block + channel % block];
  }
  Activation view;
  Arena memory;
};

enum class Edge { input, output };
enum class Base { none, minuend, addend };

struct Case {
  Edge edge;
  int in_channels;
  int out_channels;
  int height;
  int width;
  int surplus_px;  ///< rows and columns of zeros that other layers asked for
  bool relu;
  Base base;
};

/// Random weights, deviation 1.
Weights weights_of(const Layer& layer, int in_channels) {
  std::mt19937 generator(3);
  std::normal_distribution<float> normal;
  Tensor kernel{{layer.out_channels, in_channels, 3, 3}, {}};
  kernel.values.resize(static_cast<std::size_t>(layer.out_channels) * in_channels * 9);
  Tensor bias{{layer.out_channels}, std::vector<float>(static_cast<std::size_t>(layer.out_channels))};
  for (Tensor* tensor : {&kernel, &bias})
    for (float& value : tensor->values) value = normal(generator);
  Weights weights;
  weights.tensors[layer.name + ".weight"] = std::move(kernel);
  weights.tensors[layer.name + ".bias"] = std::move(bias);
  return weights;
}

void expect_agreement(const Case& c, int lanes) {
  const Layer layer{.kind = LayerKind::convolution, .name = "a", .out_channels = c.out_channels, .kernel = 3};
  const Weights weights = weights_of(layer, c.in_channels);
  const bool is_input = c.edge == Edge::input;
  const Picture src(c.in_channels, c.height, c.width, c.surplus_px, is_input ? 1 : lanes, 1);
  const Picture base(c.out_channels, c.height, c.width, 0, 1, 2);
  const Picture dst(c.out_channels, c.height, c.width, c.surplus_px, is_input ? lanes : 1, 4);
  const auto make = is_input ? make_input_edge : make_output_edge;
  const auto convolution = make(layer, weights, c.in_channels, lanes, {});
  const Arena scratch = make_arena(convolution->scratch_bytes(src.view, dst.view));
  const FusedSum sum{c.base == Base::none ? nullptr : &base.view, c.base == Base::minuend ? -1.0f : 1.0f};
  convolution->run(src.view, c.relu, sum, dst.view, reinterpret_cast<float*>(scratch.get()));

  // A sum of 9·in products of deviation 1 has deviation √(9·in), and a rounding of 2^-24 of it at each addition, which
  // add up as a random walk does: 2^-24·√(9·in)·√(9·in). The largest of some thousand pixels is 4 deviations away.
  const double tolerance = 4 * std::ldexp(9.0 * c.in_channels + 1, -24);
  for (int oc = 0; oc < c.out_channels; ++oc)
    for (int y = 0; y < c.height; ++y)
      for (int x = 0; x < c.width; ++x) {
        double expected = test::convolved_by_loops(src, weights, oc, y, x);
        if (c.relu) expected = std::max(expected, 0.0);
        if (c.base != Base::none) expected = base.at(oc, y, x) + sum.sign * expected;
        ASSERT_NEAR(dst.at(oc, y, x), expected, tolerance)
            << lanes << " lanes, " << c.in_channels << " to " << c.out_channels << " channels, " << c.width << "x"
            << c.height << ", channel " << oc << ", row " << y << ", column " << x;
      }
  for (int oc = 0; oc < dst.view.padded_channels(); ++oc)
    for (int y = 0; y < dst.view.padded_height; ++y)
      for (int x = oc < c.out_channels && y < c.height ? c.width : 0; x < dst.view.padded_width; ++x)
        ASSERT_EQ(dst.at(oc, y, x), 0.0f);
}

std::vector<int> usable_lanes() {
  const LayoutRules rules = layout_rules(Precision::f32);
  if (!rules.edge_kernels) return {};
  return rules.block == 16 ? std::vector<int>{8, 16} : std::vector<int>{8};
}

class ExecutorEdgeConvolution : public testing::Test {
 protected:
  void SetUp() override {
    if (usable_lanes().empty()) GTEST_SKIP() << "this CPU has no vectors that the kernel is for: " << cpu_isa();
  }
};

TEST_F(ExecutorEdgeConvolution, agrees_with_nested_loops_for_every_count_of_outputs_at_odd_sizes) {
  for (const int lanes : usable_lanes())
    for (int out = 1; out <= 13; ++out)
      for (const auto& [height, width] : {std::pair{1, 1}, {1, 19}, {2, 3}, {5, 1}, {7, 33}, {12, 10}, {6, 16}})
        expect_agreement({Edge::output, 20, out, height, width, 0, false, Base::none}, lanes);
}

TEST_F(ExecutorEdgeConvolution, agrees_with_nested_loops_from_every_count_of_inputs) {
  for (const int lanes : usable_lanes())
    for (const int in : {1, 8, 9, 16, 17, 63, 64, 96})
      for (const int out : {1, 3, 4}) expect_agreement({Edge::output, in, out, 6, 21, 0, false, Base::none}, lanes);
}

TEST_F(ExecutorEdgeConvolution, takes_in_relu_differences_and_sums) {
  for (const int lanes : usable_lanes())
    for (const bool relu : {false, true})
      for (const Base base : {Base::none, Base::minuend, Base::addend})
        for (const int out : {1, 2, 5}) expect_agreement({Edge::output, 24, out, 9, 27, 0, relu, base}, lanes);
}

TEST_F(ExecutorEdgeConvolution, from_planes_agrees_with_nested_loops_at_odd_sizes) {
  for (const int lanes : usable_lanes())
    for (const int in : {1, 8, 9, 13})
      for (const int out : {1, 16, 17, 32})
        for (const auto& [height, width] : {std::pair{1, 1}, {2, 3}, {1, 19}, {5, 12}, {7, 37}})
          expect_agreement({Edge::input, in, out, height, width, 0, false, Base::none}, lanes);
}

TEST_F(ExecutorEdgeConvolution, from_planes_takes_in_relu_and_leaves_zeros_where_buffers_are_larger) {
  for (const int lanes : usable_lanes())
    for (const int surplus_px : {0, 1, 12})
      for (const bool relu : {false, true})
        expect_agreement({Edge::input, 9, 20, 6, 27, surplus_px, relu, Base::none}, lanes);
}

TEST_F(ExecutorEdgeConvolution, from_bf16_is_the_same_as_from_what_bf16_keeps) {
  if (layout_rules(Precision::f32).block != 16) GTEST_SKIP() << "this CPU has no AVX-512: " << cpu_isa();
  for (const int out : {1, 2, 3, 4, 7}) {
    const Layer layer{.kind = LayerKind::convolution, .name = "a", .out_channels = out, .kernel = 3};
    const auto convolution = make_output_edge(layer, weights_of(layer, 40), 40, 16);
    const Picture drawn(40, 7, 23, 2, 16, 1);
    const Picture narrow(40, 7, 23, 2, 48, 1, ElementType::bf16);
    const Picture kept(40, 7, 23, 2, 16, 1);
    move({}, drawn.view, nullptr, narrow.view);
    move({}, narrow.view, nullptr, kept.view);
    const Picture from_narrow(out, 7, 23, 2, 1, 2);
    const Picture from_kept(out, 7, 23, 2, 1, 3);
    const Arena scratch = make_arena(convolution->scratch_bytes(narrow.view, from_kept.view));
    convolution->run(narrow.view, false, {}, from_narrow.view, reinterpret_cast<float*>(scratch.get()));
    convolution->run(kept.view, false, {}, from_kept.view, reinterpret_cast<float*>(scratch.get()));
    // The same operations in the same order.
    EXPECT_EQ(std::memcmp(from_narrow.view.data, from_kept.view.data, from_kept.view.size_bytes()), 0) << out;
  }
}

TEST_F(ExecutorEdgeConvolution, reads_and_leaves_zeros_where_buffers_are_larger_than_the_picture) {
  for (const int lanes : usable_lanes())
    for (const int surplus_px : {1, 3, 12})
      for (const int out : {1, 4})
        expect_agreement({Edge::output, 24, out, 9, 27, surplus_px, false, Base::addend}, lanes);
}

// ---- where it is used ----------------------------------------------------------------------------------------------

LayoutRules with_kernel() {
  LayoutRules rules;
  rules.edge_kernels = true;
  return rules;
}

std::vector<Step> edge_steps(const ExecutionPlan& plan) {
  std::vector<Step> steps;
  std::ranges::copy_if(plan.steps, std::back_inserter(steps),
                       [](const Step& step) { return step.kind == StepKind::own_convolution; });
  return steps;
}

NetworkSpec folded(NetworkParams params) {
  params.batch_norm = false;
  return build_network(params);
}

TEST(ExecutorEdgePlan, ends_the_published_networks_whose_last_kernel_is_3x3) {
  for (const char* name : {"dncnn", "fdncnn", "ffdnet", "ircnn", "bfcnn", "drunet", "class-aware"}) {
    const NetworkSpec spec = folded(find_architecture(name).examples.front());
    const ExecutionPlan plan = lower(spec, with_kernel());
    ASSERT_FALSE(edge_steps(plan).empty()) << name;
    const auto last = std::ranges::find(spec.layers.rbegin(), spec.layers.rend(), LayerKind::convolution, &Layer::kind);
    EXPECT_EQ(edge_steps(plan).back().layer, spec.layers.rend() - last - 1) << name;
  }
}

TEST(ExecutorEdgePlan, has_no_place_for_wide_or_dilated_layers_or_other_kernels) {
  Layer layer{.kind = LayerKind::convolution, .out_channels = 4, .kernel = 3};
  EXPECT_TRUE(is_output_edge(layer, 64));
  EXPECT_TRUE(is_output_edge(layer, 16));
  layer.out_channels = 12;
  EXPECT_TRUE(is_output_edge(layer, 96));
  EXPECT_FALSE(is_output_edge(layer, 16));
  layer.out_channels = 16;
  EXPECT_FALSE(is_output_edge(layer, 96));
  EXPECT_TRUE(is_input_edge(layer, 9, 16));
  EXPECT_TRUE(is_input_edge(layer, 9, 8));
  EXPECT_TRUE(is_input_edge(layer, 8, 16));
  EXPECT_FALSE(is_input_edge(layer, 8, 8));
  EXPECT_FALSE(is_input_edge(layer, 1, 16));
  layer = {.kind = LayerKind::convolution, .out_channels = 4, .kernel = 3, .dilation = 2};
  EXPECT_FALSE(is_output_edge(layer, 64));
  EXPECT_FALSE(is_input_edge(layer, 9, 16));
  layer = {.kind = LayerKind::convolution, .out_channels = 4, .kernel = 1};
  EXPECT_FALSE(is_output_edge(layer, 64));
}

TEST(ExecutorEdgePlan, of_dncnn_subtracts_the_noise_from_the_picture_and_writes_the_output) {
  const ExecutionPlan plan = lower(folded(find_architecture("dncnn").examples[0]), with_kernel());
  ASSERT_EQ(edge_steps(plan).size(), 1u);
  EXPECT_EQ(plan.steps.back().kind, StepKind::own_convolution);
  EXPECT_EQ(plan.steps.back().minuend, plan.image);
  EXPECT_EQ(plan.steps.back().output, plan.output);
}

TEST(ExecutorEdgePlan, of_class_aware_networks_adds_the_noise_of_each_layer_but_the_first_to_the_picture) {
  const NetworkSpec spec = build_network(find_architecture("class-aware").examples[0]);
  const ExecutionPlan plan = lower(spec, with_kernel());
  const std::vector<Step> steps = edge_steps(plan);
  // The first reads the picture itself, one channel.
  ASSERT_EQ(static_cast<int>(steps.size()), spec.params.depth - 1);
  for (std::size_t i = 1; i < steps.size(); ++i) EXPECT_EQ(steps[i].addend, steps[i - 1].output);
  EXPECT_EQ(std::ranges::count(plan.steps, StepKind::add, &Step::kind), 1);
}

TEST(ExecutorEdgePlan, keeps_a_watched_convolution_apart_from_the_sum_that_reads_it) {
  const NetworkSpec spec = folded(find_architecture("dncnn").examples[0]);
  const int last = static_cast<int>(spec.layers.size()) - 2;
  const ExecutionPlan plan = lower(spec, with_kernel(), std::vector<int>{last});
  ASSERT_EQ(edge_steps(plan).size(), 1u);
  EXPECT_EQ(edge_steps(plan)[0].minuend, -1);
  EXPECT_EQ(edge_steps(plan)[0].shows, last);
  EXPECT_EQ(plan.steps.back().kind, StepKind::subtract);
}

TEST(ExecutorEdgePlan, of_ffdnet_for_video_puts_its_nine_planes_one_after_another_and_nothing_into_blocks) {
  const ExecutionPlan plan = lower(folded(find_architecture("ffdnet").examples[3]), with_kernel());
  ASSERT_EQ(edge_steps(plan).size(), 2u);
  const Step first = edge_steps(plan).front();
  EXPECT_EQ(plan.values[static_cast<std::size_t>(first.inputs[0])].channels, 9);
  EXPECT_EQ(plan.values[static_cast<std::size_t>(first.inputs[0])].layout, Layout{});
  EXPECT_TRUE(first.relu);
  EXPECT_EQ(plan.values[static_cast<std::size_t>(first.output)].layout.block, LayoutRules{}.block);
  EXPECT_EQ(std::ranges::count(plan.steps, StepKind::move, &Step::kind), 2);
}

TEST(ExecutorEdgePlan, leaves_alone_what_a_convolution_wants_in_blocks) {
  NetworkSpec spec{{.network = "custom", .image_channels = 1}, {}};
  spec.layers = {
      {.kind = LayerKind::image_input, .out_channels = 1},
      {.kind = LayerKind::convolution, .name = "a", .inputs = {0}, .out_channels = 64, .kernel = 3},
      {.kind = LayerKind::convolution, .name = "b", .inputs = {1}, .out_channels = 12, .kernel = 3},
      {.kind = LayerKind::relu, .inputs = {2}, .out_channels = 12},
      {.kind = LayerKind::convolution, .name = "c", .inputs = {3}, .out_channels = 1, .kernel = 3},
  };
  const std::vector<Step> steps = edge_steps(lower(spec, with_kernel()));
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_EQ(steps.front().layer, 4);
}

TEST(ExecutorEdgePlan, in_bf16_reads_planes_too_and_writes_whole_pixels) {
  LayoutRules rules = with_kernel();
  rules.activation = ElementType::bf16;
  rules.whole_pixels = true;
  const ExecutionPlan plan = lower(folded(find_architecture("ffdnet").examples[3]), rules);
  ASSERT_EQ(edge_steps(plan).size(), 2u);
  const Value& first = plan.values[static_cast<std::size_t>(edge_steps(plan).front().output)];
  EXPECT_EQ(first.layout, (Layout{first.channels, ElementType::bf16}));
}

TEST(ExecutorEdgePlan, has_none_where_the_cpu_cannot) {
  EXPECT_TRUE(edge_steps(lower(folded(find_architecture("dncnn").examples[0]), {})).empty());
}

}  // namespace
}  // namespace rdenoise::onednn
