// SPDX-License-Identifier: LGPL-2.1-or-later
#include "initialisation.hpp"

#include <gtest/gtest.h>

#include <rdenoise/error.hpp>

#include "initial_weights.hpp"

namespace rdenoise::training {
namespace {

const NetworkParams stack{.network = "dncnn", .image_channels = 1, .depth = 4, .width = 32};

torch::Tensor middle_weight(Initialisation initialisation) {
  torch::manual_seed(1);
  return initial_state(build_network(stack), initialisation).at("model.2.weight");
}

// 32·32·9 Gaussian values: their mean square has a relative standard error of √(2/9216) = 1.5 %; 5 of these.
TEST(initialisation, every_kind_but_linear_has_the_variance_of_he) {
  for (const auto kind : {Initialisation::he, Initialisation::orthogonal, Initialisation::centre_light})
    EXPECT_NEAR(middle_weight(kind).square().mean().item<double>() * (32 * 9) / 2.0, 1.0, 0.075) << to_string(kind);
}

TEST(initialisation, orthogonal_rows_are_orthogonal_and_of_one_length) {
  const torch::Tensor rows = middle_weight(Initialisation::orthogonal).reshape({32, -1});
  const torch::Tensor products = torch::mm(rows, rows.t());
  EXPECT_LT((products - 2.0 * torch::eye(32)).abs().max().item<double>(), 1e-4);
}

TEST(initialisation, of_a_matrix_taller_than_wide_the_columns_are_orthogonal) {
  torch::manual_seed(2);
  const torch::Tensor first =
      initial_state(build_network(stack), Initialisation::orthogonal).at("model.0.weight").reshape({32, 9});
  const torch::Tensor products = torch::mm(first.t(), first);
  // 32 rows of 9 inputs: He's variance 2/9 makes a column 32·2/9 long.
  EXPECT_LT((products - 32.0 * 2.0 / 9.0 * torch::eye(9)).abs().max().item<double>(), 1e-4);
}

// Squared distances 0, 1 and 2 of the largest 2: scales 0.25, 0.625 and 1 to each other. A mean square over 1024
// weights errs by √(2/1024) = 4.4 %, its root by half of that; a ratio by √2 times as much, 5 of these are 16 %.
TEST(initialisation, centre_light_grows_from_the_middle_to_the_corners) {
  const torch::Tensor power =
      middle_weight(Initialisation::centre_light).square().mean(std::vector<std::int64_t>{0, 1}).sqrt();
  const double corner = power[0][0].item<double>();
  EXPECT_NEAR(power[1][1].item<double>() / corner, 0.25, 0.25 * 0.16);
  EXPECT_NEAR(power[0][1].item<double>() / corner, 0.625, 0.625 * 0.16);
  EXPECT_NEAR(power[2][2].item<double>() / corner, 1.0, 0.16);
}

TEST(initialisation, branches_that_are_added_start_at_a_tenth) {
  torch::manual_seed(3);
  const NetworkSpec spec =
      build_network({.network = "drunet", .image_channels = 1, .depth = 1, .width = 32, .bias = false});
  const auto state = initial_state(spec, Initialisation::he);
  const auto deviation = [&](const char* name, int inputs) {
    return state.at(name).square().mean().sqrt().item<double>() / std::sqrt(2.0 / inputs);
  };
  // At least 288 values each: 5 standard errors of a root mean square are 5/√(2·288) = 21 %.
  EXPECT_NEAR(deviation("m_body.0.res.0.weight", 256 * 9), 1.0, 0.21);
  EXPECT_NEAR(deviation("m_body.0.res.2.weight", 256 * 9), 0.1, 0.021);
  EXPECT_NEAR(deviation("m_tail.weight", 32 * 9), 0.1, 0.021);
  // 2×2 with stride 2: one tap of each input meets an output pixel.
  EXPECT_NEAR(deviation("m_up3.0.weight", 256), 1.0, 0.21);
}

TEST(initialisation, linear_takes_plain_chains_only_and_names_what_it_refuses) {
  const auto refusal = [](NetworkParams params) -> std::string {
    try {
      check_initialisation(build_network(params), Initialisation::linear);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  };
  const auto contains = [](const std::string& text, const char* word) { return text.find(word) != std::string::npos; };
  EXPECT_EQ(refusal(stack), "");
  NetworkParams with_norms{.network = "dncnn", .image_channels = 1, .depth = 4, .width = 8, .batch_norm = true};
  EXPECT_EQ(refusal(with_norms), "");
  with_norms.network = "bfcnn";
  with_norms.bias = false;
  EXPECT_EQ(refusal(with_norms), "");
  for (const char* chain : {"ffdnet", "fdncnn", "ircnn"})
    EXPECT_EQ(refusal({.network = chain, .image_channels = 1, .depth = 5, .width = 8, .residual = true}), "") << chain;
  EXPECT_TRUE(contains(refusal({.network = "dncnn", .image_channels = 1, .depth = 4, .width = 7}), "7"));
  EXPECT_TRUE(contains(refusal({.network = "bfunet", .image_channels = 1, .depth = 2, .width = 8}), "stride"));
  EXPECT_TRUE(contains(refusal({.network = "drunet", .image_channels = 1, .depth = 1, .width = 8}), "m_down1.0.res.0"));
  EXPECT_TRUE(contains(refusal({.network = "cbdnet", .image_channels = 1, .depth = 3, .width = 8}), "noise_estimate") ||
              contains(refusal({.network = "cbdnet", .image_channels = 1, .depth = 3, .width = 8}), "noise estimate"));
  EXPECT_TRUE(contains(refusal({.network = "class-aware", .image_channels = 1, .depth = 4, .width = 9}), "features.0"));
}

TEST(initialisation, names_are_found_again) {
  for (const auto kind :
       {Initialisation::he, Initialisation::orthogonal, Initialisation::centre_light, Initialisation::linear}) {
    EXPECT_EQ(find_initialisation(to_string(kind)), kind);
    EXPECT_NE(initialisation_names().find(to_string(kind)), std::string::npos);
  }
  EXPECT_FALSE(find_initialisation("xavier"));
}

}  // namespace
}  // namespace rdenoise::training
