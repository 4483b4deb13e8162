// SPDX-License-Identifier: LGPL-2.1-or-later
#include "losses/cross_entropy.hpp"

#include <gtest/gtest.h>

#include <rdenoise/error.hpp>

#include "training/losses/gradient_check.hpp"

namespace rdenoise::training {
namespace {

const torch::Tensor labels = torch::tensor({0, 2}, torch::kInt64);

TEST(cross_entropy, of_equal_scores_is_the_logarithm_of_the_number_of_classes) {
  EXPECT_NEAR(cross_entropy(torch::full({2, 5}, 3.0, torch::kDouble), labels).item<double>(), std::log(5.0), 1e-12);
}

// softmax(log 1, log 2, log 5) = (1, 2, 5) / 8
TEST(cross_entropy, is_the_negative_log_probability_of_the_label) {
  const torch::Tensor scores = torch::tensor({1.0, 2.0, 5.0}, torch::kDouble).log().repeat({2, 1});
  EXPECT_NEAR(cross_entropy(scores, labels).item<double>(), -0.5 * (std::log(1.0 / 8) + std::log(5.0 / 8)), 1e-12);
  EXPECT_EQ(correct_count(scores, labels).item<int>(), 1);
}

TEST(cross_entropy, of_planes_is_that_of_their_means) {
  const torch::Tensor planes = torch::rand({2, 3, 4, 5}, torch::kDouble);
  EXPECT_NEAR(cross_entropy(planes, labels).item<double>(), cross_entropy(planes.mean({2, 3}), labels).item<double>(),
              1e-12);
}

TEST(cross_entropy, gradient_is_that_of_central_differences) {
  torch::manual_seed(2);
  const auto loss = [](const torch::Tensor& v) { return cross_entropy(v, labels); };
  EXPECT_LT(test::gradient_error(loss, torch::randn({2, 4}, torch::kDouble)), test::gradient_tolerance);
  EXPECT_LT(test::gradient_error(loss, torch::randn({2, 4, 2, 3}, torch::kDouble)), test::gradient_tolerance);
}

TEST(cross_entropy, other_shapes_are_refused) {
  EXPECT_THROW((void)cross_entropy(torch::rand({3, 4}), labels), Error);
  EXPECT_THROW((void)cross_entropy(torch::rand({2, 4, 3}), labels), Error);
  EXPECT_THROW((void)cross_entropy(torch::rand({2, 4}), labels.unsqueeze(1)), Error);
}

}  // namespace
}  // namespace rdenoise::training
