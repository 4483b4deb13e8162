// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <rdenoise/denoise.hpp>
#include <rdenoise/error.hpp>

#include "lib/denoise/frames.hpp"
#include "lib/network/class_aware_model.hpp"
#include "support/formula_pictures.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

class ClassAwareDenoise : public testing::Test {
 protected:
  void SetUp() override { test::write_class_aware_model(folder_.path()); }

  [[nodiscard]] Model model() const { return load_model(folder_.path().string()); }
  [[nodiscard]] Denoiser denoiser(const std::string& picture_class = "auto") const {
    return {model(), {.picture_class = picture_class}};
  }
  /// By a model that has these weights alone; `none` the class-agnostic ones.
  [[nodiscard]] std::vector<float> by_weights_of(const std::string& name, const Image& picture) const {
    Model alone = model();
    if (name != "none") alone.weights = alone.by_class.at(name);
    alone.by_class.clear();
    alone.classifier.reset();
    Denoiser single(std::move(alone), {});
    return denoised(single, picture);
  }
  static std::vector<float> denoised(Denoiser& denoiser, const Image& picture) {
    Image result(picture.color_model(), picture.width_px(), picture.height_px(), picture.cfa());
    denoiser.denoise(picture.view(), result.view(), test::different_noise(picture.color_model()));
    return test::values(result);
  }
  /// A scene whose mean is about `level`.
  static Image scene(float level, ColorModel model = ColorModel::gray) {
    Image picture = model == ColorModel::bayer ? test::formula_bayer(45, 38, CfaPattern::rggb)
                    : model == ColorModel::rgb ? test::formula_rgb(45, 38)
                                               : test::formula_gray(45, 38);
    for (float& sample : picture.samples()) sample = level + 0.2F * (sample - 0.5F);
    return picture;
  }

  test::TemporaryFolder folder_;
};

TEST_F(ClassAwareDenoise, a_named_class_gives_the_bits_of_its_weights_run_alone) {
  const Image picture = scene(0.5F);
  std::vector<std::vector<float>> results;
  for (const char* name : {"none", "bright", "dark"}) {
    Denoiser named = denoiser(name);
    results.push_back(denoised(named, picture));
    EXPECT_EQ(results.back(), by_weights_of(name, picture)) << name;
    EXPECT_EQ(named.picture_class(), (PictureClass{name, std::nullopt}));
  }
  EXPECT_NE(results[0], results[1]);
  EXPECT_NE(results[1], results[2]);
}

TEST_F(ClassAwareDenoise, the_choice_is_known_before_denoising_and_its_weights_can_be_taken_out) {
  const Image picture = scene(0.85F);
  Denoiser automatic = denoiser();
  const std::optional<PictureClass> chosen = automatic.choose_picture_class(picture.view());
  ASSERT_TRUE(chosen);
  Denoiser alone(with_weights_of(automatic.model(), chosen->name), {});
  EXPECT_EQ(alone.choose_picture_class(picture.view()), std::nullopt);
  EXPECT_EQ(denoised(automatic, picture), denoised(alone, picture));
  EXPECT_EQ(automatic.picture_class(), chosen);
  try {
    (void)with_weights_of(automatic.model(), "rabbit");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("none or one of bright, dark; found \"rabbit\""), std::string::npos)
        << error.what();
  }
}

TEST_F(ClassAwareDenoise, auto_chooses_picture_by_picture) {
  Denoiser automatic = denoiser();
  EXPECT_EQ(automatic.picture_class(), std::nullopt) << "no picture yet";
  for (const auto& [level, name] : {std::pair{0.85F, "bright"}, {0.15F, "dark"}, {0.8F, "bright"}}) {
    for (const ColorModel color : {ColorModel::gray, ColorModel::rgb}) {
      const Image picture = scene(level, color);
      EXPECT_EQ(denoised(automatic, picture), by_weights_of(name, picture)) << level;
      ASSERT_TRUE(automatic.picture_class());
      EXPECT_EQ(automatic.picture_class()->name, name);
      EXPECT_GT(automatic.picture_class()->confidence.value(), 0.9);
    }
  }
}

TEST_F(ClassAwareDenoise, what_the_classifier_is_not_sure_of_is_class_agnostic) {
  // Log-odds of 20·0.52·(1 − 1/64)² − 10 = 0.08 or so: half and half.
  const Image picture = scene(0.52F);
  Denoiser automatic = denoiser();
  EXPECT_EQ(denoised(automatic, picture), by_weights_of("none", picture));
  EXPECT_EQ(automatic.picture_class()->name, "none");
  EXPECT_LT(automatic.picture_class()->confidence.value(), 0.8);
}

TEST_F(ClassAwareDenoise, a_mosaic_is_class_agnostic_unless_the_class_is_named) {
  const Image mosaic = scene(0.9F, ColorModel::bayer);
  Denoiser automatic = denoiser();
  EXPECT_EQ(denoised(automatic, mosaic), by_weights_of("none", mosaic));
  EXPECT_EQ(automatic.picture_class(), PictureClass{});
  Denoiser named = denoiser("bright");
  EXPECT_EQ(denoised(named, mosaic), by_weights_of("bright", mosaic));
}

TEST_F(ClassAwareDenoise, the_class_may_change_between_frames) {
  const Image picture = scene(0.9F);
  Denoiser changing = denoiser("dark");
  const std::vector<float> dark = denoised(changing, picture);
  changing.set_picture_class("none");
  EXPECT_EQ(denoised(changing, picture), by_weights_of("none", picture));
  changing.set_picture_class("auto");
  EXPECT_EQ(denoised(changing, picture), by_weights_of("bright", picture));
  changing.set_picture_class("dark");
  EXPECT_EQ(denoised(changing, picture), dark);
  EXPECT_THROW(changing.set_picture_class("pet"), Error);
  EXPECT_EQ(denoised(changing, picture), dark) << "a refused class changes nothing";
}

TEST_F(ClassAwareDenoise, what_the_classifier_says_can_be_asked_for) {
  Denoiser named = denoiser("dark");
  const auto probabilities = named.classify(scene(0.9F).view());
  ASSERT_TRUE(probabilities);
  EXPECT_EQ(choose_class(*probabilities, 0.8), 0) << "bright, whatever is in use";
  EXPECT_FALSE(named.classify(scene(0.9F, ColorModel::bayer).view()));
}

TEST_F(ClassAwareDenoise, strength_0_copies_and_looks_at_nothing) {
  Denoiser copying(model(), {.strength = 0.0});
  const Image picture = scene(0.9F);
  EXPECT_EQ(denoised(copying, picture), test::values(picture));
  EXPECT_EQ(copying.picture_class(), PictureClass{});
}

TEST_F(ClassAwareDenoise, an_unknown_class_is_refused_naming_the_known_ones) {
  try {
    (void)denoiser("pet");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_NE(std::string(error.what()).find("auto, none, bright, dark"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("\"pet\""), std::string::npos) << error.what();
  }
}

TEST_F(ClassAwareDenoise, models_without_classes_know_auto_and_none_only) {
  std::filesystem::remove_all(folder_ / "classes");
  std::filesystem::remove(folder_ / "classifier.safetensors");
  const Image picture = scene(0.9F);
  for (const char* word : {"auto", "none"}) {
    Denoiser plain = denoiser(word);
    EXPECT_EQ(denoised(plain, picture), by_weights_of("none", picture));
    EXPECT_EQ(plain.picture_class(), std::nullopt);
    EXPECT_FALSE(plain.classify(picture.view()));
  }
  EXPECT_THROW((void)denoiser("bright"), Error);
}

TEST_F(ClassAwareDenoise, a_classifier_is_no_denoiser) {
  try {
    (void)Denoiser(load_model((folder_ / "classifier.safetensors").string()), {});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_NE(std::string(error.what()).find("classifier.safetensors"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace rdenoise
