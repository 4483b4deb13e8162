// SPDX-License-Identifier: LGPL-2.1-or-later
// Layers seen while a network runs: the fast executor shows what the plain one computes.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <rdenoise/error.hpp>
#include <rdenoise/network.hpp>
#include <vector>

#include "lib/network/random_weights.hpp"
#include "lib/network/run_network.hpp"
#include "lib/network/small_network.hpp"

namespace rdenoise {
namespace {

using Results = std::map<int, std::vector<float>>;

/// All rows of the watched layers, and under −1 the output.
Results watched_results(const Executor& executor, int height_px, int width_px) {
  const auto run = executor.prepare(height_px, width_px);
  test::fill_uniform(run->image(), 0.F, 1.F);
  if (run->noise_map().data != nullptr) test::fill_uniform(run->noise_map(), 0.05F, 0.15F);
  Results results;
  run->run_observed([&](const LayerResult& layer) {
    EXPECT_FALSE(results.contains(layer.layer())) << "shown twice";
    std::vector<float>& values = results[layer.layer()];
    const auto row_px = static_cast<std::size_t>(layer.width());
    values.resize(static_cast<std::size_t>(layer.channels()) * layer.height() * row_px);
    auto* next = values.data();
    // In two pieces: rows are read from any place on.
    const std::size_t first_piece = row_px / 2;
    for (int c = 0; c < layer.channels(); ++c)
      for (int y = 0; y < layer.height(); ++y, next += row_px) {
        layer.read_row(c, y, 0, {next, first_piece});
        layer.read_row(c, y, static_cast<int>(first_piece), {next + first_piece, row_px - first_piece});
      }
  });
  results[-1] = test::values_of(run->output());
  return results;
}

std::vector<int> computed_layers(const NetworkSpec& spec) {
  std::vector<int> layers;
  for (std::size_t i = 0; i < spec.layers.size(); ++i)
    if (spec.layers[i].kind != LayerKind::image_input && spec.layers[i].kind != LayerKind::noise_map_input)
      layers.push_back(static_cast<int>(i));
  return layers;
}

std::vector<int> features_of(const NetworkSpec& spec) {
  std::vector<int> layers;
  for (const Stage& stage : convolution_stages(spec)) layers.push_back(stage.features);
  return layers;
}

class WatchedLayers : public testing::TestWithParam<NetworkParams> {
 protected:
  void SetUp() override {
    const NetworkSpec spec = build_network(test::small(GetParam(), 30e3));
    network_ = fold_batch_norm(spec, test::random_weights(spec, 7));
  }

  /// In f32 a result differs by the rounding of sums, some 1e-6 a layer; with tens of layers, less than 1e-4.
  void expect_same(const std::vector<int>& watched, Precision precision, double tolerance) const {
    const int size_px = 2 * alignment_px(network_.spec) * (alignment_px(network_.spec) < 8 ? 4 : 1);
    const Results plain =
        watched_results(*make_plain_executor(network_.spec, network_.weights, watched), size_px, size_px);
    const Results fast =
        watched_results(*make_onednn_executor(network_.spec, network_.weights, precision, watched), size_px, size_px);
    EXPECT_EQ(plain.size(), watched.size() + 1);
    ASSERT_EQ(plain.size(), fast.size());
    for (const auto& [layer, values] : plain) {
      ASSERT_TRUE(fast.contains(layer)) << layer;
      // Where relu leaves nothing, there is nothing to compare with.
      if (std::ranges::all_of(values, [](float value) { return value == 0.F; })) continue;
      EXPECT_LT(test::relative_difference(fast.at(layer), values), tolerance) << "layer " << layer;
    }
  }

  FoldedNetwork network_;
};

TEST_P(WatchedLayers, are_all_shown_as_the_plain_executor_computes_them) {
  expect_same(computed_layers(network_.spec), Precision::f32, 1e-4);
}

TEST_P(WatchedLayers, show_the_features_of_each_stage_without_undoing_its_relu) {
  expect_same(features_of(network_.spec), Precision::f32, 1e-4);
}

TEST_P(WatchedLayers, in_bf16_are_shown_to_its_precision) {
  // Source and weights of a convolution are rounded to 8 bits: 7e-3 of the result, as where the executors are compared,
  // and the errors of layers add as √layers. (f32 on CPUs without bf16.)
  const auto layers = static_cast<double>(convolution_stages(network_.spec).size());
  expect_same(features_of(network_.spec), Precision::bf16, 7e-3 * std::sqrt(layers));
}

TEST_P(WatchedLayers, leave_the_output_as_it_is) {
  const int size_px = 4 * alignment_px(network_.spec);
  const auto output = [&](const std::vector<int>& watched) {
    return watched_results(*make_onednn_executor(network_.spec, network_.weights, Precision::f32, watched), size_px,
                           size_px)[-1];
  };
  // The same kernels on the same values: the same bits.
  EXPECT_EQ(output(features_of(network_.spec)), output({}));
}

std::vector<NetworkParams> all_examples() {
  std::vector<NetworkParams> all;
  for (const Architecture& architecture : architectures())
    all.insert(all.end(), architecture.examples.begin(), architecture.examples.end());
  return all;
}

INSTANTIATE_TEST_SUITE_P(Examples, WatchedLayers, testing::ValuesIn(all_examples()), [](const auto& info) {
  std::string name = info.param.network + std::to_string(info.index);
  std::erase(name, '-');
  return name;
});

TEST(WatchedLayersOfANetwork, are_refused_where_they_do_not_exist) {
  const NetworkSpec spec = build_network({.network = "ffdnet", .depth = 3, .width = 4});
  const Weights weights = test::random_weights(spec, 1);
  for (const int layer : {-1, static_cast<int>(spec.layers.size()), 0}) {
    const std::vector<int> watched{layer};
    EXPECT_THROW(static_cast<void>(make_plain_executor(spec, weights, watched)), Error);
    EXPECT_THROW(static_cast<void>(make_onednn_executor(spec, weights, Precision::f32, watched)), Error);
  }
  const NetworkSpec with_norm = build_network({.network = "dncnn", .depth = 3, .width = 4, .batch_norm = true});
  const std::vector<int> watched{1};
  EXPECT_THROW(
      static_cast<void>(make_onednn_executor(with_norm, test::random_weights(with_norm, 1), Precision::f32, watched)),
      Error);
}

TEST(ConvolutionStages, end_at_the_relu_that_alone_reads_them) {
  const NetworkSpec spec = build_network({.network = "class-aware", .depth = 3, .width = 4, .residual = true});
  const std::vector<Stage> stages = convolution_stages(spec);
  // Each layer has a plane of noise, all but the last features with relu.
  ASSERT_EQ(stages.size(), 5U);
  for (const Stage& stage : stages) {
    const bool is_noise = spec.layers[static_cast<std::size_t>(stage.convolution)].name.starts_with("noise");
    EXPECT_EQ(stage.features, is_noise ? stage.convolution : stage.convolution + 1);
  }
}

}  // namespace
}  // namespace rdenoise
