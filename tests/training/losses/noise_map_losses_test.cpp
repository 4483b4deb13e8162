// SPDX-License-Identifier: LGPL-2.1-or-later
#include "losses/noise_map_losses.hpp"

#include <gtest/gtest.h>

#include "training/losses/gradient_check.hpp"

namespace rdenoise::training {
namespace {

TEST(noise_map_losses, too_little_costs_more_than_too_much) {
  const torch::Tensor sigma = torch::full({1, 1, 2, 2}, 0.2, torch::kDouble);
  EXPECT_NEAR(asymmetric_loss(sigma + 0.1, sigma).item<double>(), 0.3 * 0.01, 1e-15);
  EXPECT_NEAR(asymmetric_loss(sigma - 0.1, sigma).item<double>(), 0.7 * 0.01, 1e-15);
}

TEST(noise_map_losses, total_variation_is_the_mean_squared_step_down_and_across) {
  // Steps of 1 across (6 of them), of 10 down (8 of them).
  const torch::Tensor map =
      torch::arange(3, torch::kDouble).view({1, 1, 1, 3}) + 10.0 * torch::arange(3, torch::kDouble).view({1, 1, 3, 1});
  EXPECT_NEAR(total_variation(map).item<double>(), 1.0 + 100.0, 1e-12);
  EXPECT_EQ(total_variation(torch::full({2, 3, 4, 5}, 0.3)).item<double>(), 0.0);
}

TEST(noise_map_losses, the_whole_is_the_weighted_sum_and_without_sigma_the_rest) {
  const auto [picture, clean] = test::picture_pair();
  const torch::Tensor estimated = torch::rand_like(clean);
  const torch::Tensor sigma = torch::rand_like(clean);
  const double reconstruction = (picture - clean).square().mean().item<double>();
  const double asymmetric = asymmetric_loss(estimated, sigma).item<double>();
  const double variation = total_variation(estimated).item<double>();
  EXPECT_NEAR(cbdnet_loss(picture, clean, estimated, sigma).item<double>(),
              reconstruction + 0.5 * asymmetric + 0.05 * variation, 1e-12);
  EXPECT_NEAR(cbdnet_loss(picture, clean, estimated, {}).item<double>(), reconstruction + 0.05 * variation, 1e-12);
}

TEST(noise_map_losses, gradients_are_those_of_central_differences) {
  const auto [x, y] = test::picture_pair();
  EXPECT_LT(test::gradient_error([&](const auto& v) { return asymmetric_loss(v, y); }, x), test::gradient_tolerance);
  EXPECT_LT(test::gradient_error([&](const auto& v) { return total_variation(v); }, x), test::gradient_tolerance);
  EXPECT_LT(test::gradient_error([&](const auto& v) { return cbdnet_loss(x, y, v, y); }, x), test::gradient_tolerance);
  EXPECT_LT(test::gradient_error([&](const auto& v) { return cbdnet_loss(v, y, x, y); }, x), test::gradient_tolerance);
}

}  // namespace
}  // namespace rdenoise::training
