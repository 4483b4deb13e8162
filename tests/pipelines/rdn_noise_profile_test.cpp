// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn noise calibrate, plot, and profiles in and out of estimate and denoise.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <rdenoise/noise_profile_file.hpp>
#include <rdenoise/picture_file.hpp>
#include <string>

#include "run_program.hpp"
#include "support/data_folder.hpp"
#include "support/formula_pictures.hpp"
#include "workplace.hpp"

namespace rdenoise::test {
namespace {

using nlohmann::json;
using Words = std::vector<std::string>;

constexpr double shot = 2e-3;
constexpr double read = 1e-4;

class RdnNoiseProfile : public Workplace {
 protected:
  /// A flat gray picture at a level, two exposures of it; returns their names.
  Words write_exposures(float level) const {
    const std::string name = std::to_string(std::lround(1000 * level));
    Picture flat;
    flat.image = flat_picture(ColorModel::gray, 128, 128, level);
    write_picture(path("flat.png"), flat, {.bit_depth = 16});
    Words names;
    for (const char* seed : {"1", "2"}) {
      names.push_back(path("exposure" + name + "-" + seed + ".tiff"));
      const ProgramResult result =
          run_rdn({"noise", "add", path("flat.png"), names.back(), "--shot", std::to_string(shot), "--read",
                   std::to_string(read), "--seed", seed + name});
      EXPECT_EQ(result.exit_code, 0) << result.messages;
    }
    return names;
  }
  Words exposures_at_three_levels() const {
    Words all;
    for (const float level : {0.1F, 0.4F, 0.7F}) {
      for (const std::string& name : write_exposures(level)) all.push_back(name);
    }
    return all;
  }
  static json object_of(Words arguments) {
    arguments.emplace_back("--json");
    const ProgramResult result = run_rdn(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.messages;
    return json::parse(result.out, nullptr, false);
  }
  std::string text_of(const std::string& name) const {
    std::ifstream stream(path(name));
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  }
  std::string write_profile(const std::string& name, ColorModel model, double sigma_8bit) const {
    NoiseProfileFile file;
    file.color_model = model;
    file.profile = uniform_profile(model, NoiseModel::gaussian(sigma_8bit));
    write_noise_profile(path(name), file);
    return path(name);
  }
};

Words operator+(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST_F(RdnNoiseProfile, calibrate_pairs_frames_of_equal_level_and_finds_their_noise) {
  const Words frames = exposures_at_three_levels();
  const json found = object_of(Words{"noise", "calibrate"} + frames +
                               Words{"--output", path("profile.json"), "--plot", path("plot.svg")});
  EXPECT_EQ(found["pairs"], 3);
  EXPECT_EQ(found["singles"], 0);
  EXPECT_EQ(found["color_model"], "gray");
  const json& channel = found["channels"][0];
  EXPECT_NEAR(found["a"][0].get<double>(), shot, 4 * channel["a_error"].get<double>());
  EXPECT_NEAR(found["b"][0].get<double>(), read, 4 * channel["b_error"].get<double>());
  EXPECT_EQ(read_noise_profile(path("profile.json")).profile.channels[0].a, found["a"][0].get<double>());
  EXPECT_NE(text_of("plot.svg").find("</svg>"), std::string::npos);

  EXPECT_EQ(object_of(Words{"noise", "calibrate", "--singles"} + frames)["singles"], 6);
  const json odd_one = object_of(Words{"noise", "calibrate", frames[0], frames[2], frames[3]});
  EXPECT_EQ(odd_one["pairs"], 1);
  EXPECT_EQ(odd_one["singles"], 1);
  EXPECT_EQ(object_of(Words{"noise", "calibrate", "--pairs", frames[0], frames[2]})["pairs"], 1);
}

TEST_F(RdnNoiseProfile, read_noise_of_a_real_photo_is_that_of_its_covered_border) {
  const auto folder = data_folder("raw/canon-kissx4-dng-14bit");
  if (!folder) GTEST_SKIP() << no_data_message("raw/canon-kissx4-dng-14bit");
  const std::string photo = (*folder / "Canon_EOS_KissX4_MagicLantern_colorchart.dng").string();
  const json found = object_of({"noise", "calibrate", photo});
  const RawMetadata metadata = read_raw_file(photo).metadata;
  ASSERT_TRUE(metadata.optical_black.has_value());
  const double range_dn = metadata.white_level_dn - metadata.black_level_dn[0];
  // rggb: red is site 0, blue site 3. The rows of the border differ from each other by a quarter.
  for (const auto& [color, site] : {std::pair{0, 0}, {2, 3}}) {
    const double border = metadata.optical_black->variance_dn2[static_cast<std::size_t>(site)] / (range_dn * range_dn);
    EXPECT_NEAR(found["b"][static_cast<std::size_t>(color)].get<double>() / border, 1.0, 0.25) << color;
  }
}

TEST_F(RdnNoiseProfile, calibrate_says_what_is_wrong_with_frames) {
  const Words frames = write_exposures(0.5F);
  Picture flat;
  flat.image = flat_picture(ColorModel::gray, 64, 64, 0.5F);
  write_picture(path("other.png"), flat, {.bit_depth = 8});
  const std::vector<std::pair<Words, std::string>> calls = {
      {{frames[0], path("other.png")}, "other.png"},
      {{path("other.png")}, "constant"},
      {{frames[0], frames[0]}, "the same frame twice"},
      {{frames[0], write_formula_dng("raw.dng")}, "expected a frame of a developed picture"},
      {{frames[0], path("absent.tiff")}, "absent.tiff"}};
  for (const auto& [words, part] : calls) {
    const ProgramResult result =
        run_rdn(Words{"noise", "calibrate"} + words + Words{"--output", path("out.json"), "--json"});
    EXPECT_EQ(result.exit_code, 1) << result.messages;
    EXPECT_EQ(result.out, "");
    EXPECT_NE(result.messages.find(part), std::string::npos) << result.messages;
    EXPECT_NE(result.messages.find(path("")), std::string::npos) << "names no file: " << result.messages;
  }
  EXPECT_EQ(count_files_beginning_with("out"), 0);
}

TEST_F(RdnNoiseProfile, estimate_writes_a_profile_that_denoise_takes) {
  const std::string input = write_formula_dng("in.dng");
  const json estimate = object_of({"noise", "estimate", input, "--output", path("profile.json")});
  const NoiseProfileFile file = read_noise_profile(path("profile.json"));
  EXPECT_EQ(file.color_model, ColorModel::bayer);
  EXPECT_EQ(file.make, "Maker");
  EXPECT_EQ(file.model, "Model 1");
  EXPECT_EQ(file.profile.channels[1].b, estimate["b"][1].get<double>());

  const json by_profile = object_of({"denoise", input, path("a.dng"), "--noise-profile", path("profile.json")});
  const json by_itself = object_of({"denoise", input, path("b.dng")});
  EXPECT_EQ(by_profile["noise_source"], "profile");
  EXPECT_EQ(by_profile["noise"], by_itself["noise"]);
  EXPECT_EQ(read_raw_file(path("a.dng")).mosaic, read_raw_file(path("b.dng")).mosaic);
}

TEST_F(RdnNoiseProfile, a_profile_of_white_noise_denoises_as_its_sigma_does) {
  const std::string input = write_formula_picture("in.png", ColorModel::rgb);
  const std::string profile = write_profile("p.json", ColorModel::rgb, 25);
  ASSERT_EQ(run_rdn({"denoise", input, path("a.png"), "--noise-profile", profile}).exit_code, 0);
  ASSERT_EQ(run_rdn({"denoise", input, path("b.png"), "--sigma", "25"}).exit_code, 0);
  EXPECT_EQ(text_of("a.png"), text_of("b.png"));
}

TEST_F(RdnNoiseProfile, a_profile_for_another_color_model_or_a_damaged_one_fails) {
  const std::string input = write_formula_picture("in.png", ColorModel::rgb);
  const std::string bayer = write_profile("bayer.json", ColorModel::bayer, 25);
  const std::string damaged = write_text("damaged.json", "{\"rdenoise\": \"noise-profile\"");
  for (const std::string& profile : {bayer, damaged, path("absent.json")}) {
    const ProgramResult result = run_rdn({"denoise", input, path("out.png"), "--noise-profile", profile});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.messages.find(profile), std::string::npos) << result.messages;
  }
  EXPECT_EQ(count_files_beginning_with("out"), 0);
}

TEST_F(RdnNoiseProfile, estimate_prints_the_camera_profile_beside_its_own) {
  RawFrame frame = formula_raw(48, 40);
  frame.metadata.iso = 400.F;
  write_dng(path("iso400.dng"), frame);
  const std::string profiles = write_text("profiles.json", R"({"noiseprofiles": [{"maker": "Maker", "models": [
    {"model": "Model 1", "profiles": [{"iso": 400, "a": [1e-4, 1e-4, 1e-4], "b": [0, 0, 0]}]}]}]})");
  const json found = object_of({"noise", "estimate", path("iso400.dng"), "--camera-profiles", profiles});
  EXPECT_NEAR(found["camera_profile"]["a"][1].get<double>(), 16e-4, 1e-12);
  EXPECT_EQ(found["camera_profile"]["confidence"], 0.5);

  // No ISO, and no RAW photo: no profile, no failure.
  for (const std::string& input :
       {write_formula_dng("no-iso.dng"), write_formula_picture("picture.png", ColorModel::rgb)}) {
    const ProgramResult result = run_rdn({"noise", "estimate", input, "--camera-profiles", profiles, "--json"});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_TRUE(json::parse(result.out)["camera_profile"].is_null());
    EXPECT_NE(result.messages.find(input), std::string::npos) << result.messages;
  }
  EXPECT_FALSE(object_of({"noise", "estimate", path("iso400.dng")}).contains("camera_profile"));
  const ProgramResult absent =
      run_rdn({"noise", "estimate", path("iso400.dng"), "--camera-profiles", path("absent.json")});
  EXPECT_EQ(absent.exit_code, 1);
}

TEST_F(RdnNoiseProfile, plot_draws_profiles_estimates_and_tags_beside_each_other) {
  RawFrame frame = formula_raw(48, 40);
  frame.metadata.noise_profile = uniform_profile(ColorModel::bayer, {1e-3, 1e-5, {}});
  write_dng(path("tagged.dng"), frame);
  const json drawn = object_of({"noise", "plot", write_profile("p.json", ColorModel::rgb, 25), path("tagged.dng"),
                                write_formula_picture("in.png", ColorModel::gray), path("plot.svg")});
  ASSERT_EQ(drawn["curves"].size(), 4U);
  EXPECT_EQ(drawn["curves"][0]["name"], "p");
  EXPECT_EQ(drawn["curves"][1]["name"], "tagged estimate");
  EXPECT_EQ(drawn["curves"][2]["name"], "tagged DNG tag");
  EXPECT_NEAR(drawn["curves"][2]["a"][0].get<double>(), 1e-3, 1e-12);
  EXPECT_EQ(drawn["curves"][3]["color_model"], "gray");
  EXPECT_NE(text_of("plot.svg").find(">tagged DNG tag<"), std::string::npos);
  ASSERT_EQ(run_rdn({"noise", "plot", path("p.json"), path("one.svg"), "--variance"}).exit_code, 0);
  EXPECT_NE(text_of("one.svg").find(">p G<"), std::string::npos);
}

}  // namespace
}  // namespace rdenoise::test
