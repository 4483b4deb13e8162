// SPDX-License-Identifier: LGPL-2.1-or-later
#include "losses/structural_similarity.hpp"

#include <gtest/gtest.h>

#include <rdenoise/quality.hpp>

#include "support/formula_pictures.hpp"
#include "training/losses/gradient_check.hpp"

namespace rdenoise::training {
namespace {

constexpr double c1 = 1e-4;
constexpr double c2 = 9e-4;

struct Factors {
  double luminance;
  double contrast_structure;
};

/// The plain twin: one pixel, one window, sums over the pixels around. x, y: [h, w] double
Factors plain_factors(const torch::Tensor& x, const torch::Tensor& y, int row, int column, double sigma_px,
                      int radius_px) {
  const auto a = x.accessor<double, 2>();
  const auto b = y.accessor<double, 2>();
  double w = 0, sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
  for (int i = 0; i < x.size(0); ++i)
    for (int j = 0; j < x.size(1); ++j) {
      if (std::abs(i - row) > radius_px || std::abs(j - column) > radius_px) continue;
      const double d2 = (i - row) * (i - row) + (j - column) * (j - column);
      const double g = std::exp(-0.5 * d2 / (sigma_px * sigma_px));
      w += g;
      sx += g * a[i][j];
      sy += g * b[i][j];
      sxx += g * a[i][j] * a[i][j];
      syy += g * b[i][j] * b[i][j];
      sxy += g * a[i][j] * b[i][j];
    }
  const double mx = sx / w, my = sy / w;
  return {(2 * mx * my + c1) / (mx * mx + my * my + c1),
          (2 * (sxy / w - mx * my) + c2) / (sxx / w - mx * mx + syy / w - my * my + c2)};
}

double plain_ms_ssim(const torch::Tensor& x, const torch::Tensor& y, int row, int column,
                     const std::vector<double>& sigmas_px) {
  double product = 1.0;
  for (const double sigma_px : sigmas_px)
    product *= plain_factors(x, y, row, column, sigma_px, 1000).contrast_structure;
  return product * plain_factors(x, y, row, column, sigmas_px.back(), 1000).luminance;
}

struct NoisyPair {
  torch::Tensor noisy;
  torch::Tensor clean;
};
NoisyPair noisy_pair(int height, int width, torch::ScalarType type) {
  torch::manual_seed(5);
  const Image scene = test::formula_gray(width, height);
  const torch::Tensor clean = torch::from_blob(const_cast<float*>(scene.samples().data()), {1, 1, height, width})
                                  .to(type, /*non_blocking=*/false, /*copy=*/true);
  return {clean + torch::randn({1, 1, height, width}, type) * 0.1, clean};
}

TEST(structural_similarity, every_pixel_equals_the_plain_sums) {
  const auto [x, y] = noisy_pair(13, 17, torch::kDouble);
  const torch::Tensor map = ssim_map(x, y);
  ASSERT_EQ(map.sizes(), (std::vector<std::int64_t>{1, 1, 13, 17}));
  for (int row = 0; row < 13; ++row)
    for (int column = 0; column < 17; ++column) {
      const Factors plain = plain_factors(x[0][0], y[0][0], row, column, 1.5, 5);
      ASSERT_NEAR(map[0][0][row][column].item<double>(), plain.luminance * plain.contrast_structure, 1e-12);
    }
}

TEST(structural_similarity, away_from_the_border_it_is_the_librarys_measure) {
  const auto [x, y] = noisy_pair(40, 48, torch::kFloat);
  const auto to_image = [](const torch::Tensor& t) {
    Image image(ColorModel::gray, 48, 40);
    std::copy_n(t.contiguous().data_ptr<float>(), t.numel(), image.samples().data());
    return image;
  };
  const double ours = ssim_map(x, y).narrow(2, 5, 30).narrow(3, 5, 38).mean().item<double>();
  // Both in float or better: a local variance of 0.01 beside squares of 0.25 loses 25·2^-24 of itself.
  EXPECT_NEAR(ours, *ssim(to_image(y), to_image(x)), 1e-5);
}

TEST(structural_similarity, multi_scale_is_the_product_over_windows) {
  const auto [x, y] = noisy_pair(12, 11, torch::kDouble);
  const MsSsimScales scales;
  double sum = 0.0;
  for (int row = 0; row < 12; ++row)
    for (int column = 0; column < 11; ++column) sum += plain_ms_ssim(x[0][0], y[0][0], row, column, scales.sigmas_px);
  EXPECT_NEAR(ms_ssim_loss(x, y).item<double>(), 1.0 - sum / (12 * 11), 1e-12);
  EXPECT_NEAR(ms_ssim_loss(x, y, scales, LossPixels::centre).item<double>(),
              1.0 - plain_ms_ssim(x[0][0], y[0][0], 6, 5, scales.sigmas_px), 1e-12);
}

TEST(structural_similarity, of_flat_pictures_only_the_luminance_tells) {
  const torch::Tensor x = torch::full({2, 3, 16, 16}, 0.4, torch::kDouble);
  const torch::Tensor y = torch::full({2, 3, 16, 16}, 0.6, torch::kDouble);
  const double luminance = (2 * 0.24 + c1) / (0.16 + 0.36 + c1);
  for (const LossPixels pixels : {LossPixels::all, LossPixels::centre}) {
    EXPECT_NEAR(ssim_loss(x, y, {}, pixels).item<double>(), 1.0 - luminance, 1e-12);
    EXPECT_NEAR(ms_ssim_loss(x, y, {}, pixels).item<double>(), 1.0 - luminance, 1e-12);
    EXPECT_NEAR(mix_loss(x, y, 0.84, {}, pixels).item<double>(), 0.84 * (1.0 - luminance) + 0.16 * 0.2, 1e-12);
  }
}

TEST(structural_similarity, equal_pictures_cost_nothing) {
  const torch::Tensor y = noisy_pair(16, 16, torch::kDouble).noisy;
  EXPECT_NEAR(ssim_loss(y, y).item<double>(), 0.0, 1e-12);
  EXPECT_NEAR(mix_loss(y, y).item<double>(), 0.0, 1e-12);
}

// A unit error at the middle pixel weighs there with the window's middle value, by definition of the Gaussian mean.
TEST(structural_similarity, mix_weighs_the_absolute_error_with_the_widest_window) {
  const torch::Tensor y = torch::full({1, 1, 9, 9}, 0.5, torch::kDouble);
  torch::Tensor x = y.clone();
  x[0][0][4][4] += 0.1;
  double sum = 0.0;
  for (int i = -4; i <= 4; ++i)
    for (int j = -4; j <= 4; ++j) sum += std::exp(-0.5 * (i * i + j * j) / 64.0);
  const double absolute = mix_loss(x, y, 0.0, {}, LossPixels::centre).item<double>();
  EXPECT_NEAR(absolute, 0.1 / sum, 1e-12);
}

TEST(structural_similarity, gradients_are_those_of_central_differences) {
  const auto [x, y] = test::picture_pair();
  for (const LossPixels pixels : {LossPixels::all, LossPixels::centre}) {
    const auto error = [&](const auto& loss) {
      return test::gradient_error([&](const torch::Tensor& v) { return loss(v); }, x);
    };
    EXPECT_LT(error([&](const auto& v) { return ssim_loss(v, y, {}, pixels); }), test::gradient_tolerance);
    EXPECT_LT(error([&](const auto& v) { return ms_ssim_loss(v, y, {}, pixels); }), test::gradient_tolerance);
    EXPECT_LT(error([&](const auto& v) { return mix_loss(v, y, 0.84, {}, pixels); }), test::gradient_tolerance);
  }
}

}  // namespace
}  // namespace rdenoise::training
