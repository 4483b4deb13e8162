// SPDX-License-Identifier: LGPL-2.1-or-later
#include "losses/pixel_losses.hpp"

#include <gtest/gtest.h>

#include "training/losses/gradient_check.hpp"

namespace rdenoise::training {
namespace {

const torch::Tensor clean = torch::zeros({2, 1, 1, 2}, torch::kDouble);
const torch::Tensor estimate = torch::tensor({0.1, -0.2, 0.3, 0.4}, torch::kDouble).view({2, 1, 1, 2});

TEST(pixel_losses, absolute_is_the_mean_absolute_error) {
  EXPECT_NEAR(absolute_loss(estimate, clean).item<double>(), 1.0 / 4, 1e-15);
}

TEST(pixel_losses, squared_is_the_mean_squared_error) {
  EXPECT_NEAR(squared_loss(estimate, clean).item<double>(), 0.30 / 4, 1e-15);
}

TEST(pixel_losses, residual_is_half_the_squared_length_of_a_patchs_error) {
  EXPECT_NEAR(residual_loss(estimate, clean).item<double>(), 0.30 / (2 * 2), 1e-15);
}

TEST(pixel_losses, power_divides_by_sigma_but_by_no_less_than_an_8_bit_step) {
  const torch::Tensor sigma = torch::tensor({0.1, 0.0, 0.2, 0.5}, torch::kDouble).view({2, 1, 1, 2});
  EXPECT_NEAR(power_loss(estimate, clean, sigma, 2.0, 1.0).item<double>(),
              (0.01 / 0.1 + 0.04 * 255.0 + 0.09 / 0.2 + 0.16 / 0.5) / 4, 1e-12);
  EXPECT_NEAR(power_loss(estimate, clean, sigma, 1.0, 2.0).item<double>(),
              (0.1 / 0.01 + 0.2 * 255.0 * 255.0 + 0.3 / 0.04 + 0.4 / 0.25) / 4, 1e-9);
  EXPECT_NEAR(power_loss(estimate, clean, sigma, 2.0, 0.0).item<double>(), 0.30 / 4, 1e-15);
  EXPECT_NEAR(power_loss(estimate, clean, sigma, 0.5, 0.0).item<double>(),
              (std::sqrt(0.1) + std::sqrt(0.2) + std::sqrt(0.3) + std::sqrt(0.4)) / 4, 1e-12);
}

TEST(pixel_losses, gradients_are_those_of_central_differences) {
  const auto [x, y] = test::picture_pair();
  const torch::Tensor sigma = torch::rand_like(y) * 0.2 + 0.01;
  using test::gradient_error;
  EXPECT_LT(gradient_error([&](const auto& v) { return absolute_loss(v, y); }, x), test::gradient_tolerance);
  EXPECT_LT(gradient_error([&](const auto& v) { return squared_loss(v, y); }, x), test::gradient_tolerance);
  EXPECT_LT(gradient_error([&](const auto& v) { return residual_loss(v, y); }, x), test::gradient_tolerance);
  for (const double power : {1.0, 1.5, 2.0})
    EXPECT_LT(gradient_error([&](const auto& v) { return power_loss(v, y, sigma, power, 1.0); }, x),
              test::gradient_tolerance);
}

}  // namespace
}  // namespace rdenoise::training
