// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training_noise.hpp"

#include <gtest/gtest.h>

namespace rdenoise::training {
namespace {

TEST(training_noise, variance_is_that_of_the_noise_model) {
  const NoiseModel model{0.01, 0.0004};
  const torch::Tensor x = torch::linspace(-0.2, 1.2, 29).view({1, 1, 1, 29});
  const torch::Tensor v = variance(x, to_tensors({model}, torch::kCPU));
  for (int i = 0; i < 29; ++i)
    EXPECT_NEAR(v[0][0][0][i].item<double>(), model.variance(x[0][0][0][i].item<double>()), 1e-8);
}

// A sample variance of n Gaussian values has a standard error of σ²·√(2/n): n = 65536 gives 0.55 %; 5 of these is 2.8
// %.
TEST(training_noise, noise_on_the_cpu_has_the_models_variance) {
  const NoiseModel model{0.02, 0.001};
  const torch::Tensor clean = torch::full({2, 1, 256, 256}, 0.4F);
  const torch::Tensor noise = add_noise(clean, {model, model}, 5, 40) - clean;
  for (int i = 0; i < 2; ++i) {
    EXPECT_NEAR(noise[i].var().item<double>() / model.variance(0.4), 1.0, 0.028);
    EXPECT_NEAR(noise[i].mean().item<double>(), 0.0, 5 * model.sigma(0.4) / 256.0);
  }
  EXPECT_GT((noise[0] - noise[1]).abs().max().item<double>(), 0.0) << "patches must differ";
}

TEST(training_noise, a_patch_is_the_same_in_any_batch) {
  const NoiseModel model{0.02, 0.001};
  const torch::Tensor clean = torch::full({3, 1, 16, 16}, 0.4F);
  const torch::Tensor three = add_noise(clean, {model, model, model}, 5, 100);
  const torch::Tensor last = add_noise(clean.narrow(0, 2, 1), {model}, 5, 102);
  EXPECT_TRUE(torch::equal(three[2], last[0]));
}

TEST(training_noise, the_map_is_the_root_of_the_mean_variance_under_it) {
  const Layer layer{.kind = LayerKind::noise_map_input, .out_channels = 1, .factor = 2};
  const NoiseModel model{0.04, 0.01};
  torch::Tensor noisy = torch::zeros({1, 1, 2, 2});
  noisy[0][0][0][0] = 0.5;
  noisy[0][0][0][1] = -0.5;
  noisy[0][0][1][0] = 1.0;
  const torch::Tensor map = noise_map(noisy, to_tensors({model}, torch::kCPU), layer);
  EXPECT_EQ(map.sizes(), (std::vector<std::int64_t>{1, 1, 1, 1}));
  EXPECT_NEAR(map.item<double>(), std::sqrt((0.03 + 0.01 + 0.05 + 0.01) / 4), 1e-6);
}

TEST(training_noise, drawn_noise_stays_in_the_recipes_range) {
  NoiseRecipe recipe{.min_8bit = 5.0, .max_8bit = 50.0, .signal_dependent = 0.5};
  int white = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::array<double, 3> draw{i / 1000.0, (i * 37 % 1000) / 1000.0, (i * 101 % 1000) / 1000.0};
    const NoiseModel model = draw_noise(recipe, InputDomain::gray, draw);
    EXPECT_GE(model.sigma(0.5) * 255.0, 5.0 - 1e-9);
    EXPECT_LE(model.sigma(0.5) * 255.0, 50.0 + 1e-9);
    EXPECT_GE(model.a, 0.0);
    EXPECT_GE(model.b, 0.0);
    white += model.a == 0.0;
    const NoiseModel raw = draw_noise(recipe, InputDomain::bayer, draw);
    EXPECT_GT(raw.variance(0.5), 0.0);
  }
  EXPECT_NEAR(white, 500, 20);
}

}  // namespace
}  // namespace rdenoise::training
