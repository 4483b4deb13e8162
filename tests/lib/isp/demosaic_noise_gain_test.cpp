// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <rdenoise/isp.hpp>

namespace rdenoise {
namespace {

using SiteVariances = std::array<double, 3>;

std::array<double, 9> predicted_covariance(DemosaicMethod method, const SiteVariances& variances) {
  const DemosaicNoiseGain gain = demosaic_noise_gain(method);
  std::array<double, 9> covariance{};
  for (int c = 0; c < 3; ++c) {
    for (int k = 0; k < 9; ++k) covariance[k] += variances[c] * gain.covariance_per_site_variance[c][k];
  }
  return covariance;
}

/// In units of (level_step)², the scale of the noise.
std::array<double, 9> measured_covariance(DemosaicMethod method, const SiteVariances& variances) {
  constexpr int size_px = 512;
  constexpr int border_px = 12;
  constexpr float level_step = 0.02F;
  std::mt19937 generator(3);
  std::normal_distribution<float> normal(0.F, level_step);
  Image mosaic(ColorModel::bayer, size_px, size_px, CfaPattern::gbrg);
  for (int y = 0; y < size_px; ++y) {
    for (int x = 0; x < size_px; ++x) {
      const double sigma = std::sqrt(variances[cfa_color_at(mosaic.cfa(), x, y)]);
      mosaic.at(0, x, y) = 0.5F + static_cast<float>(sigma) * normal(generator);
    }
  }
  const Image rgb = demosaic(mosaic.view(), method);
  std::array<double, 9> covariance{};
  for (int y = border_px; y < size_px - border_px; ++y) {
    for (int x = border_px; x < size_px - border_px; ++x) {
      for (int k = 0; k < 9; ++k) covariance[k] += (rgb.at(k / 3, x, y) - 0.5) * (rgb.at(k % 3, x, y) - 0.5);
    }
  }
  const double count = std::pow(size_px - 2 * border_px, 2);
  for (double& c : covariance) c /= count * level_step * level_step;
  return covariance;
}

class DemosaicNoise : public testing::TestWithParam<DemosaicMethod> {};

INSTANTIATE_TEST_SUITE_P(AllMethods, DemosaicNoise, testing::ValuesIn(demosaic_methods),
                         [](const auto& info) { return std::string(to_string(info.param)); });

TEST_P(DemosaicNoise, measured_covariance_is_the_predicted_one) {
  for (const SiteVariances& variances : {SiteVariances{1, 1, 1}, SiteVariances{4, 1, 2}, SiteVariances{1, 3, 1}}) {
    const auto predicted = predicted_covariance(GetParam(), variances);
    const auto measured = measured_covariance(GetParam(), variances);
    // 238 000 pixels, each correlated with about ten: the relative standard error of a variance is √(2 · 10 / 238 000),
    // 0.9 %; of a covariance, relative to the geometric mean of the two variances, no more. Four of them.
    for (int k = 0; k < 9; ++k) {
      const double scale = std::sqrt(predicted[k / 3 * 4] * predicted[k % 3 * 4]);
      EXPECT_NEAR(measured[k], predicted[k], 0.036 * scale) << k;
    }
  }
}

TEST_P(DemosaicNoise, red_and_blue_are_alike) {
  const auto covariance = predicted_covariance(GetParam(), {1, 1, 1});
  EXPECT_NEAR(covariance[0], covariance[8], 1e-6);
  EXPECT_NEAR(covariance[1], covariance[5], 1e-6);
  EXPECT_NEAR(covariance[1], covariance[3], 1e-6);
}

TEST(DemosaicNoiseBilinear, is_what_the_kernels_say) {
  // Green: half the pixels have their own sample, half the mean of four: (1 + 1/4)/2. Red: a quarter its own, half the
  // mean of two, a quarter of four: (1 + 2/2 + 1/4)/4.
  const auto covariance = predicted_covariance(DemosaicMethod::bilinear, {1, 1, 1});
  EXPECT_NEAR(covariance[4], 0.625, 1e-6);
  EXPECT_NEAR(covariance[0], 0.5625, 1e-6);
  EXPECT_NEAR(covariance[1], 0.0, 1e-6);
}

}  // namespace
}  // namespace rdenoise
