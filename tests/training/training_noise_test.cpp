// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training_noise.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "support/formula_pictures.hpp"

namespace rdenoise::training {
namespace {

double mean_square(const Image& noisy, const Image& clean, int plane) {
  double sum = 0.0;
  for (std::size_t i = 0; i < clean.plane(plane).size(); ++i)
    sum += std::pow(static_cast<double>(noisy.plane(plane)[i]) - clean.plane(plane)[i], 2);
  return sum / static_cast<double>(clean.plane(plane).size());
}

// A sample variance of n Gaussian values has a standard error of σ²·√(2/n): n = 65536 gives 0.55 %; 5 of these is 2.8
// %.
TEST(training_noise, drawn_noise_has_the_models_variance_in_every_channel) {
  const PatchNoise noise{.model = {0.02, 0.001, {}}};
  const Sample sample = with_noise(test::flat_picture(ColorModel::rgb, 256, 256, 0.4F), noise, {5, 40});
  for (int c = 0; c < 3; ++c) {
    EXPECT_NEAR(mean_square(sample.noisy, sample.clean, c) / noise.model.variance(0.4), 1.0, 0.028);
    EXPECT_FLOAT_EQ(sample.sigma.at(c, 7, 9), static_cast<float>(noise.model.sigma(0.4)));
  }
  EXPECT_NE(sample.noisy.at(0, 3, 3), sample.noisy.at(1, 3, 3)) << "channels must differ";
}

TEST(training_noise, what_is_told_is_the_mean_variance_of_the_noisy_channels) {
  Image noisy(ColorModel::rgb, 1, 1);
  noisy.at(0, 0, 0) = 0.5F;
  noisy.at(1, 0, 0) = -0.5F;
  noisy.at(2, 0, 0) = 1.F;
  PatchNoise noise{.model = {0.04, 0.01, {}}, .told_factor = 1.1};
  const Sample sample = with_known_noise(test::flat_picture(ColorModel::rgb, 1, 1, 0.25F), noisy, noise);
  EXPECT_NEAR(sample.told_variance.at(0, 0, 0), 1.21 * (0.04 * (0.5 + 0.0 + 1.0) / 3 + 0.01), 1e-6);
  EXPECT_NEAR(sample.sigma.at(0, 0, 0), std::sqrt(0.04 * 0.25 + 0.01), 1e-6) << "the truth has no error";
}

TEST(training_noise, drawn_levels_stay_in_the_recipes_range) {
  const NoiseRecipe recipe{.min_8bit = 5.0, .max_8bit = 50.0, .signal_dependent = 0.5, .told_error = 0.1};
  int white = 0;
  double least = 255.0;
  double greatest = 0.0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    PatchRandom random(1, i);
    const PatchNoise noise = draw_noise(recipe, InputDomain::gray, 32, random);
    const double sigma_8bit = noise.model.sigma(0.5) * 255.0;
    least = std::min(least, sigma_8bit);
    greatest = std::max(greatest, sigma_8bit);
    EXPECT_GE(noise.model.a, 0.0);
    EXPECT_GE(noise.model.b, 0.0);
    EXPECT_NEAR(noise.told_factor, 1.0, 0.1);
    EXPECT_FALSE(noise.sigma_scale);
    white += noise.model.a == 0.0;
    PatchRandom again(1, i);
    EXPECT_GT(draw_noise(recipe, InputDomain::bayer, 32, again).model.variance(0.5), 0.0);
  }
  // Of 1000 uniform numbers some lie within 1 % of either end, but for a chance of e^-10.
  EXPECT_GE(least, 5.0 - 1e-9);
  EXPECT_LE(least, 5.45);
  EXPECT_LE(greatest, 50.0 + 1e-9);
  EXPECT_GE(greatest, 49.55);
  // Five standard errors of a count of 500 in 1000.
  EXPECT_NEAR(white, 500, 80);
}

TEST(training_noise, one_level_is_a_range_of_equal_ends) {
  PatchRandom random(1, 1);
  const PatchNoise noise = draw_noise({.min_8bit = 25.0, .max_8bit = 25.0}, InputDomain::gray, 40, random);
  EXPECT_EQ(noise.model, NoiseModel::gaussian(25.0));
}

TEST(training_noise, clipped_noise_stays_between_black_and_white) {
  PatchRandom random(1, 1);
  const PatchNoise noise =
      draw_noise({.min_8bit = 75.0, .max_8bit = 75.0, .clip = true}, InputDomain::gray, 32, random);
  const Sample sample = with_noise(test::flat_picture(ColorModel::gray, 32, 32, 0.1F), noise, random.noise_seed());
  EXPECT_EQ(*std::ranges::min_element(sample.noisy.samples()), 0.F);
  EXPECT_LE(*std::ranges::max_element(sample.noisy.samples()), 1.F);
}

TEST(training_noise, spatial_noise_varies_within_the_range_and_is_told_so) {
  const NoiseRecipe recipe{.min_8bit = 10.0, .max_8bit = 50.0, .spatial = 1.0};
  bool smooth = false;
  bool regions = false;
  for (std::uint64_t i = 0; i < 20; ++i) {
    PatchRandom random(3, i);
    const PatchNoise noise = draw_noise(recipe, InputDomain::gray, 64, random);
    ASSERT_TRUE(noise.sigma_scale);
    const Sample sample = with_noise(test::flat_picture(ColorModel::gray, 64, 64, 0.5F), noise, random.noise_seed());
    std::set<float> levels;
    for (std::size_t p = 0; p < sample.sigma.samples().size(); ++p) {
      const float sigma = sample.sigma.samples()[p];
      levels.insert(sigma);
      ASSERT_GE(sigma * 255.F, 10.F - 1e-3F);
      ASSERT_LE(sigma * 255.F, 50.F + 1e-3F);
      ASSERT_NEAR(sample.told_variance.samples()[p], sigma * sigma, 1e-6F);
    }
    (levels.size() <= 4 ? regions : smooth) = true;
    EXPECT_GE(levels.size(), 1u);
    // Whitened noise has variance 1 whatever the field; 4096 values: 5·√(2/4096) = 0.11.
    double whitened = 0.0;
    for (std::size_t p = 0; p < sample.sigma.samples().size(); ++p)
      whitened += std::pow((sample.noisy.samples()[p] - 0.5F) / sample.sigma.samples()[p], 2);
    EXPECT_NEAR(whitened / 4096.0, 1.0, 0.11);
  }
  EXPECT_TRUE(smooth);
  EXPECT_TRUE(regions);
}

}  // namespace
}  // namespace rdenoise::training
