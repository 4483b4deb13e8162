// SPDX-License-Identifier: LGPL-2.1-or-later
#include "losses/loss.hpp"

#include <gtest/gtest.h>

#include <rdenoise/error.hpp>

#include "losses/noise_map_losses.hpp"
#include "losses/pixel_losses.hpp"
#include "losses/structural_similarity.hpp"
#include "recipe.hpp"

namespace rdenoise::training {
namespace {

Recipe recipe_with(const std::string& loss, const std::string& network = "cbdnet") {
  return parse_recipe("name = \"n\"\n[network]\nnetwork = \"" + network +
                          "\"\ndepth = 3\nwidth = 8\n[data]\nfolders = [\"a\"]\n[optimiser]\nsteps = 100\n[loss]\n" +
                          loss,
                      "test.toml");
}

std::string refusal(const std::string& loss, const std::string& network = "cbdnet") {
  try {
    (void)recipe_with(loss, network);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

Loss loss_of(const std::string& text) {
  const Recipe recipe = recipe_with(text);
  return {recipe.loss, recipe.optimiser.steps};
}

struct Example {
  NetworkOutput output;
  LossTarget target;
};
Example example() {
  torch::manual_seed(9);
  const auto picture = [] { return torch::rand({2, 1, 12, 14}); };
  return {{picture(), picture()}, {picture(), picture() + 0.1}};
}

TEST(loss, each_kind_is_the_function_of_that_name) {
  const auto [output, target] = example();
  const torch::Tensor& x = output.picture;
  const torch::Tensor& y = target.clean;
  const std::map<std::string, torch::Tensor> expected{
      {"", power_loss(x, y, target.sigma, 2.0, 1.0)},
      {"kind = \"power\"\npower = 1.0\nsigma_power = 0.5", power_loss(x, y, target.sigma, 1.0, 0.5)},
      {"kind = \"l2\"", squared_loss(x, y)},
      {"kind = \"l1\"", absolute_loss(x, y)},
      {"kind = \"ssim\"", ssim_loss(x, y)},
      {"kind = \"ssim\"\nssim_sigma_px = 3.0", ssim_loss(x, y, {3.0, 10})},
      {"kind = \"ms-ssim\"\ncentre_only = true", ms_ssim_loss(x, y, {}, LossPixels::centre)},
      {"kind = \"mix\"", mix_loss(x, y)},
      {"kind = \"mix\"\nmix_alpha = 0.5\nscales_px = [1.0, 2.0]", mix_loss(x, y, 0.5, {{1.0, 2.0}})},
      {"kind = \"residual\"", residual_loss(x, y)},
      {"kind = \"cbdnet\"", cbdnet_loss(x, y, output.noise_estimate, target.sigma)},
      {"kind = \"cbdnet\"\nasymmetry = 0.2\nasymmetric_weight = 1.0\nvariation_weight = 0.0",
       cbdnet_loss(x, y, output.noise_estimate, target.sigma, {0.2, 1.0, 0.0})}};
  for (const auto& [text, value] : expected)
    EXPECT_EQ(loss_of(text)(output, target, 0).item<float>(), value.item<float>()) << text;
}

TEST(loss, real_pairs_teach_no_noise_level) {
  auto [output, target] = example();
  target.true_sigma = false;
  EXPECT_EQ(loss_of("kind = \"cbdnet\"")(output, target, 0).item<float>(),
            cbdnet_loss(output.picture, target.clean, output.noise_estimate, {}).item<float>());
}

TEST(loss, switches_there_and_back_at_shares_of_the_run) {
  const Loss loss = loss_of("kind = \"l2\"\nswitch_to = [\"l1\", \"l2\"]\nswitch_at = [0.25, 0.75]");
  EXPECT_EQ(loss.kind_at(0), LossKind::l2);
  EXPECT_EQ(loss.kind_at(24), LossKind::l2);
  EXPECT_EQ(loss.kind_at(25), LossKind::l1);
  EXPECT_EQ(loss.kind_at(74), LossKind::l1);
  EXPECT_EQ(loss.kind_at(75), LossKind::l2);
  const auto [output, target] = example();
  EXPECT_EQ(loss(output, target, 25).item<float>(), absolute_loss(output.picture, target.clean).item<float>());
}

TEST(loss, switches_at_a_step) {
  const Loss loss = loss_of("kind = \"l1\"\nswitch_to = \"mix\"\nswitch_at_step = 7");
  EXPECT_EQ(loss.kind_at(6), LossKind::l1);
  EXPECT_EQ(loss.kind_at(7), LossKind::mix);
}

TEST(loss, slips_in_the_recipe_are_refused_by_name) {
  const auto says = [](const std::string& loss, const std::string& word) {
    const std::string text = refusal(loss);
    EXPECT_NE(text.find("test.toml [loss]"), std::string::npos) << loss << ": " << text;
    EXPECT_NE(text.find(word), std::string::npos) << loss << ": " << text;
  };
  says("kind = \"l3\"", "ms-ssim");
  says("kidn = \"l1\"", "kidn");
  says("kind = 2", "kind");
  says("kind = \"l1\"\nmix_alpha = 0.5", "mix_alpha");
  says("kind = \"mix\"\nmix_alpha = 1.5", "mix_alpha");
  says("kind = \"ms-ssim\"\nscales_px = [2.0, 1.0]", "scales_px");
  says("kind = \"ssim\"\nssim_sigma_px = 0.0", "ssim_sigma_px");
  says("switch_to = \"l1\"", "switch_at");
  says("switch_to = \"l1\"\nswitch_at = 0.5\nswitch_at_step = 3", "switch_at");
  says("switch_to = \"l1\"\nswitch_at = [0.5, 0.6]", "switch_at");
  says("switch_to = [\"l1\", \"l2\"]\nswitch_at = [0.6, 0.5]", "switch_at");
  says("switch_to = \"l1\"\nswitch_at = 1.5", "switch_at");
  says("kind = \"power\"\npower = 0.0", "power");
  EXPECT_NE(refusal("kind = \"cbdnet\"", "dncnn").find("estimates its noise"), std::string::npos);
  EXPECT_NE(refusal("kind = \"l2\"\nswitch_to = \"cbdnet\"\nswitch_at = 0.5", "dncnn").find("estimates its noise"),
            std::string::npos);
}

}  // namespace
}  // namespace rdenoise::training
