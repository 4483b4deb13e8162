// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model_card.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <rdenoise/denoise.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/evaluation.hpp>
#include <rdenoise/picture_file.hpp>

#include "lib/network/random_weights.hpp"
#include "published_figures.hpp"
#include "quality_table.hpp"
#include "support/formula_pictures.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise::training {
namespace {

/// A network of one layer that estimates no noise at all: what it is given comes out.
Model identity_model(InputDomain input = InputDomain::gray) {
  Model model;
  model.name = "identity";
  model.spec = build_network({.network = "ffdnet",
                              .input = input,
                              .image_channels = image_channels_of(input),
                              .depth = 2,
                              .width = 2,
                              .residual = true});
  model.weights = test::random_weights(model.spec, 1);
  for (auto& [name, tensor] : model.weights.tensors) std::ranges::fill(tensor.values, 0.F);
  model.noise_range_8bit[0] = 0.0;
  model.noise_range_8bit[1] = 55.0;
  return model;
}

TEST(published_figures, are_the_papers) {
  EXPECT_EQ(published_psnr_db("Set12", "FFDNet", 25.0), 30.43);
  EXPECT_EQ(published_psnr_db("CBSD68", "CBM3D", 50.0), 27.38);
  EXPECT_EQ(published_psnr_db("Set12", "FFDNet", 35.0), std::nullopt);
  EXPECT_EQ(published_psnr_db("Set12", "FFDNet", 20.0), std::nullopt);
  EXPECT_EQ(published_psnr_db("Set14", "FFDNet", 25.0), std::nullopt);
  EXPECT_EQ(published_methods("Kodak24").size(), 3U);
}

TEST(quality_table, has_the_figures_of_rdn_eval_for_the_sigmas_in_range) {
  const test::TemporaryFolder folder;
  std::filesystem::create_directories(folder / "gray/SET12");
  for (const int width_px : {48, 64})
    write_picture(folder / ("gray/SET12/" + std::to_string(width_px) + ".png"),
                  {.image = test::formula_gray(width_px, 32)}, {});
  const QualityTable table =
      measure_quality(identity_model(), folder.path(), {15.0, 50.0, 75.0}, 3, [](const auto&) {});
  ASSERT_EQ(table.sets.size(), 1U);
  EXPECT_EQ(table.sets[0].set, "Set12");
  EXPECT_EQ(table.sets[0].pictures, 2U);
  EXPECT_EQ(table.sigmas_8bit, (std::vector<double>{15.0, 50.0}));
  // What rdn eval does, for the identity: the noisy picture clipped.
  double sum = 0.0;
  const std::vector<EvalItem> items = list_clean_pictures(folder / "gray/SET12");
  for (std::size_t place = 0; place < 2; ++place) {
    const ModelPicture clean = read_in_domain(items[place].clean, InputDomain::gray);
    const ModelPicture noisy = with_white_noise(clean, 50.0, 3, place);
    ModelPicture result = noisy;
    sum += score_picture(clean, noisy, result).psnr_db;
  }
  EXPECT_NEAR(table.sets[0].psnr_db[1], sum / 2, 1e-4);
  const std::string text = to_markdown(table);
  EXPECT_NE(text.find("| set | σ 15 | σ 50 |\n"), std::string::npos) << text;
  EXPECT_NE(text.find("| Set12 (2) |"), std::string::npos) << text;
  EXPECT_NE(text.find("| *FFDNet* | 32.75 | 27.32 |\n"), std::string::npos) << text;
}

TEST(quality_table, of_4_2_0_has_luma_and_all_planes_and_no_published_figures) {
  const test::TemporaryFolder folder;
  std::filesystem::create_directories(folder / "kodak24");
  write_picture(folder / "kodak24/1.png", {.image = test::formula_rgb(48, 32)}, {});
  Model model = identity_model(InputDomain::yuv420);
  const QualityTable table = measure_quality(std::move(model), folder.path(), {25.0}, 3, [](const auto&) {});
  ASSERT_EQ(table.sets.size(), 1U);
  const ModelPicture clean = read_in_domain(folder / "kodak24/1.png", InputDomain::yuv420);
  const ModelPicture noisy = with_white_noise(clean, 25.0, 3, 0);
  ModelPicture result = noisy;
  const PictureScore score = score_picture(clean, noisy, result);
  // The identity goes through float convolutions with zeros; a tenth of a thousandth of a dB is left.
  EXPECT_NEAR(table.sets[0].psnr_db.at(0), score.psnr_db, 1e-4);
  EXPECT_NEAR(table.sets[0].psnr_yuv_db.at(0), score.psnr_yuv_db.value(), 1e-4);
  const std::string text = to_markdown(table);
  EXPECT_NE(text.find("| Kodak24 (1), luma |"), std::string::npos) << text;
  EXPECT_NE(text.find("| Kodak24, Y, U and V |"), std::string::npos) << text;
  EXPECT_EQ(text.find("FFDNet"), std::string::npos) << text;
}

TEST(quality_table, without_test_sets_is_an_error) {
  const test::TemporaryFolder folder;
  EXPECT_THROW((void)measure_quality(identity_model(), folder.path(), {25.0}, 0, [](const auto&) {}), Error);
}

TEST(model_card, of_4_2_0_gives_sizes_in_the_videos_pixels) {
  const Recipe recipe = parse_recipe(
      "name = \"tiny\"\n[network]\nnetwork = \"ffdnet\"\ninput = \"yuv420\"\ndepth = 3\nwidth = 8\n"
      "[data]\nfolders = [\"a\"]\npatch_px = 32\n",
      "test");
  const std::string card = model_card(recipe, build_network(recipe.network),
                                      {.steps = 70, .seconds = 10.0, .weights_step = 60, .validation_psnr_db = {}});
  // Three layers of 3×3 see 3 cells of 2 pixels.
  for (const char* fact : {"6 px to each side", "patches of 64² px"})
    EXPECT_NE(card.find(fact), std::string::npos) << fact << " in " << card;
}

TEST(model_card, gets_its_quality_table_and_keeps_what_people_wrote) {
  const Recipe recipe = parse_recipe(
      "name = \"tiny\"\n[network]\nnetwork = \"ffdnet\"\ndepth = 3\nwidth = 8\n[data]\nfolders = [\"a\"]\n", "test");
  const std::string fresh =
      model_card(recipe, build_network(recipe.network),
                 {.steps = 70, .seconds = 3661.0, .weights_step = 60, .validation_psnr_db = 30.5});
  for (const char* fact : {"70 steps", "1:01:01 h", "of step 60", "30.50 dB", "folders = [\"a\"]", "Not measured yet."})
    EXPECT_NE(fresh.find(fact), std::string::npos) << fact << " in " << fresh;
  const std::string first = with_quality(fresh, "| one |\n");
  EXPECT_EQ(first.find("Not measured yet."), std::string::npos);
  const std::string second = with_quality(first, "| two |\n");
  EXPECT_EQ(second.find("| one |"), std::string::npos);
  EXPECT_NE(second.find("| two |"), std::string::npos);
  EXPECT_EQ(second.size(), first.size());

  const std::string by_hand = with_quality("# m\n\n## Quality\n\nNice.\n\n## Speed\n", "| t |\n");
  EXPECT_LT(by_hand.find("## Quality"), by_hand.find("| t |"));
  EXPECT_LT(by_hand.find("| t |"), by_hand.find("Nice."));
  EXPECT_NE(with_quality("# m\n", "| t |\n").find("## Quality\n"), std::string::npos);
}

}  // namespace
}  // namespace rdenoise::training
