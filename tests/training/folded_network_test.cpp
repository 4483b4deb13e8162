// SPDX-License-Identifier: LGPL-2.1-or-later
#include "folded_network.hpp"

#include <gtest/gtest.h>

#include <rdenoise/model.hpp>

#include "lib/network/random_weights.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise::training {
namespace {

constexpr int size_px = 16;

std::vector<float> run_plain(const NetworkSpec& spec, const Weights& weights) {
  const auto executor = make_plain_executor(spec, weights);
  const auto run = executor->prepare(size_px, size_px);
  const auto fill = [](const TensorView& view, float level) {
    for (int i = 0; i < view.channels * view.height * view.width; ++i)
      view.data[i] = level + 0.3F * std::sin(0.7F * static_cast<float>(i));
  };
  fill(run->image(), 0.5F);
  if (run->noise_map().data != nullptr) fill(run->noise_map(), 0.4F);
  run->run();
  const ConstTensorView out = run->output();
  return {out.data, out.data + static_cast<std::ptrdiff_t>(out.channels) * out.height * out.width};
}

// A product w·γ/σ more is rounded for each weight, to 2^-24 of itself; through 20 layers that stays below 1e-5.
TEST(folded_network, loaded_from_its_file_it_computes_the_same_for_every_example_with_norms) {
  const test::TemporaryFolder folder;
  int count = 0;
  for (const Architecture& architecture : architectures())
    for (const NetworkParams& params : architecture.examples) {
      if (!params.batch_norm) continue;
      ++count;
      const NetworkSpec spec = build_network(params);
      const Weights weights = test::random_weights(spec, 5);
      const FoldedNetwork folded = folded_for_export(spec, weights);
      const auto path = folder / (params.network + std::to_string(count) + ".safetensors");
      write_safetensors(path, folded.weights);
      const Model model = load_model(path.string());
      EXPECT_FALSE(model.spec.params.batch_norm);
      const std::vector<float> expected = run_plain(spec, weights);
      const std::vector<float> found = run_plain(model.spec, model.weights);
      ASSERT_EQ(found.size(), expected.size());
      float largest = 0.F;
      float error = 0.F;
      for (std::size_t i = 0; i < found.size(); ++i) {
        largest = std::max(largest, std::abs(expected[i]));
        error = std::max(error, std::abs(found[i] - expected[i]));
      }
      EXPECT_LT(error, 1e-5F * largest) << params.network << ' ' << params.width;
    }
  EXPECT_GE(count, 4);
}

TEST(folded_network, without_norms_nothing_changes) {
  const NetworkSpec spec = build_network({.network = "dncnn", .image_channels = 1, .depth = 3, .width = 4});
  const FoldedNetwork folded = folded_for_export(spec, test::random_weights(spec, 5));
  EXPECT_EQ(folded.spec, spec);
}

}  // namespace
}  // namespace rdenoise::training
