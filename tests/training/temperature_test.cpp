// SPDX-License-Identifier: LGPL-2.1-or-later
#include "temperature.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "losses/cross_entropy.hpp"

namespace rdenoise::training {
namespace {

// Two classes whose scores differ by g, of which a share p is right: p = 1 / (1 + exp(−g/T)) has T = g / log(p/(1−p)).
// The minimum is found to 1e-6 of its logarithm; where the loss is as flat as rounding, within the root of 2^-52.
TEST(temperature, makes_probabilities_the_share_that_is_right) {
  const torch::Tensor labels = torch::tensor({0, 1, 0, 1}, torch::kLong);
  const torch::Tensor scores = torch::tensor({{4.0, 0.0}, {0.0, 4.0}, {5.0, 1.0}, {4.0, 0.0}}, torch::kFloat);
  EXPECT_NEAR(fit_temperature(scores, labels), 4.0 / std::log(3.0), 1e-5);
  EXPECT_NEAR(fit_temperature(scores / 10, labels), 0.4 / std::log(3.0), 1e-6);
}

TEST(temperature, has_the_least_loss_of_a_fine_grid) {
  torch::manual_seed(1);
  const torch::Tensor labels = torch::randint(5, {200}, torch::kLong);
  const torch::Tensor scores =
      6.0 * torch::one_hot(labels, 5).to(torch::kDouble) + 5.0 * torch::randn({200, 5}, torch::kDouble);
  const auto loss = [&](double temperature) { return cross_entropy(scores / temperature, labels).item<double>(); };
  const double fitted = loss(fit_temperature(scores, labels));
  for (double temperature = 0.05; temperature < 20.0; temperature *= 1.05)
    EXPECT_LE(fitted, loss(temperature) + 1e-12) << temperature;
}

TEST(temperature, stays_in_its_range_where_there_is_no_minimum) {
  const torch::Tensor labels = torch::tensor({0, 1}, torch::kLong);
  const torch::Tensor right = torch::tensor({{1.0, 0.0}, {0.0, 1.0}}, torch::kFloat);
  EXPECT_NEAR(fit_temperature(right, labels), 0.05, 1e-6);
  EXPECT_NEAR(fit_temperature(-right, labels), 20.0, 1e-4);
  EXPECT_EQ(fit_temperature(right * std::nanf(""), labels), 1.0);
}

}  // namespace
}  // namespace rdenoise::training
