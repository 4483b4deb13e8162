// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn denoise against direct calls of the library, and what each kind of output keeps.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <rdenoise/denoise.hpp>
#include <rdenoise/isp.hpp>
#include <rdenoise/picture_file.hpp>
#include <string>
#include <utility>

#include "run_program.hpp"
#include "support/formula_pictures.hpp"
#include "support/statistics.hpp"
#include "workplace.hpp"

namespace rdenoise::test {
namespace {

class RdnDenoise : public Workplace {
 protected:
  static void run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "denoise");
    const ProgramResult result = run_rdn(arguments);
    ASSERT_EQ(result.exit_code, 0) << result.messages;
    EXPECT_EQ(result.out, "");
  }

  /// A float TIFF with samples on both sides of 0 … 1.
  std::string write_wide_tiff(const std::string& name) const {
    Picture picture;
    picture.image = formula_rgb(48, 40);
    for (float& sample : picture.image.samples()) sample = 2.F * sample - 0.5F;
    write_picture(path(name), picture, {.bit_depth = 32});
    return path(name);
  }
};

TEST_F(RdnDenoise, float_tiff_holds_exactly_what_the_library_gives) {
  const std::string input = write_wide_tiff("in.tiff");
  run({input, path("out.tiff"), "--sigma", "25", "--strength", "0.5", "--precision", "f32"});
  const Picture written = read_picture(path("out.tiff"));
  EXPECT_EQ(written.source_bit_depth, 32);

  const Image src = read_picture(input).image;
  Image expected(ColorModel::rgb, src.width_px(), src.height_px());
  Denoiser denoiser(load_model("ffdnet-color"), {.strength = 0.5, .precision = Precision::f32});
  denoiser.denoise(src.view(), expected.view(), uniform_profile(ColorModel::rgb, NoiseModel::gaussian(25.0)));
  EXPECT_TRUE(std::ranges::equal(written.image.samples(), std::as_const(expected).samples()));
  EXPECT_LT(std::ranges::min(written.image.samples()), 0.F);
  EXPECT_GT(std::ranges::max(written.image.samples()), 1.F);
}

TEST_F(RdnDenoise, a_picture_is_no_video_for_a_yuv420_model) {
  write_safetensors(path("yuv420.safetensors"), random_ffdnet(InputDomain::yuv420));
  const ProgramResult result =
      run_rdn({"denoise", write_wide_tiff("in.tiff"), path("out.tiff"), "--model", path("yuv420.safetensors")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.messages.find("in.tiff"), std::string::npos) << result.messages;
  EXPECT_NE(result.messages.find("4:2:0"), std::string::npos) << result.messages;
  EXPECT_EQ(count_files_beginning_with("out"), 0);
}

TEST_F(RdnDenoise, stabilises_the_variance_on_request) {
  const std::string input = write_wide_tiff("in.tiff");
  run({input, path("out.tiff"), "--sigma", "25", "--precision", "f32", "--stabilise-variance"});
  const Image src = read_picture(input).image;
  Image expected(ColorModel::rgb, src.width_px(), src.height_px());
  Denoiser denoiser(load_model("ffdnet-color"), {.precision = Precision::f32, .stabilise_variance = true});
  denoiser.denoise(src.view(), expected.view(), uniform_profile(ColorModel::rgb, NoiseModel::gaussian(25.0)));
  EXPECT_TRUE(std::ranges::equal(read_picture(path("out.tiff")).image.samples(), std::as_const(expected).samples()));
}

TEST_F(RdnDenoise, strength_0_keeps_every_sample) {
  const std::string input = write_wide_tiff("in.tiff");
  run({input, path("out.tiff"), "--strength", "0"});
  EXPECT_TRUE(std::ranges::equal(read_picture(input).image.samples(), read_picture(path("out.tiff")).image.samples()));
}

TEST_F(RdnDenoise, depth_follows_source_and_ending) {
  const std::string png8 = write_formula_picture("in8.png", ColorModel::gray);
  Picture deep;
  deep.image = formula_gray(20, 12);
  const std::string png16 = path("in16.png");
  write_picture(png16, deep, {.bit_depth = 16});
  const struct {
    std::string input;
    std::string output;
    int bit_depth;
  } cases[] = {
      {png8, "a.png", 8}, {png8, "b.tiff", 16}, {png16, "c.png", 16}, {png16, "d.tiff", 16}, {png16, "e.jpg", 8}};
  for (const auto& [input, output, bit_depth] : cases) {
    run({input, path(output), "--sigma", "5"});
    EXPECT_EQ(read_picture(path(output)).source_bit_depth, bit_depth) << output;
  }
  run({png16, path("f.png"), "--sigma", "5", "--bit-depth", "8"});
  EXPECT_EQ(read_picture(path("f.png")).source_bit_depth, 8);
}

TEST_F(RdnDenoise, a_raw_photo_becomes_a_16_bit_picture_of_its_size) {
  const std::string input = write_formula_dng("in.dng");
  run({input, path("out.png")});
  const Picture picture = read_picture(path("out.png"));
  EXPECT_EQ(picture.source_bit_depth, 16);
  EXPECT_EQ(picture.image.color_model(), ColorModel::rgb);
  EXPECT_EQ(picture.image.width_px(), 48);
  EXPECT_EQ(picture.image.height_px(), 40);
}

TEST_F(RdnDenoise, the_method_of_demosaicing_is_the_users) {
  const std::string input = write_formula_dng("in.dng");
  const RawFrame frame = read_raw_file(input);
  for (const DemosaicMethod method : demosaic_methods) {
    run({input, path("out.tiff"), "--strength", "0", "--bit-depth", "32", "--demosaic",
         std::string(to_string(method))});
    Image expected(ColorModel::rgb, 48, 40);
    develop(
        frame.view(), expected.view(),
        {.gains = frame.metadata.as_shot_gains, .camera_to_srgb = frame.metadata.camera_to_srgb, .demosaic = method});
    const Picture picture = read_picture(path("out.tiff"));
    EXPECT_EQ(max_abs_difference(picture.image.samples(), expected.samples()), 0.F) << to_string(method);
  }
  EXPECT_EQ(run_rdn({"denoise", input, path("out.tiff"), "--demosaic", "nearest"}).exit_code, 2);
}

TEST_F(RdnDenoise, an_upright_shot_is_turned) {
  RawFrame frame = formula_raw(48, 40);
  frame.metadata.orientation = 6;
  write_dng(path("in.dng"), frame);
  run({path("in.dng"), path("out.png"), "--strength", "0"});
  EXPECT_EQ(read_picture(path("out.png")).image.width_px(), 40);
  EXPECT_EQ(read_picture(path("out.png")).image.height_px(), 48);
}

TEST_F(RdnDenoise, a_raw_photo_stays_a_mosaic_in_a_dng) {
  const std::string input = write_formula_dng("in.dng");
  run({input, path("same.dng"), "--strength", "0"});
  const RawFrame before = read_raw_file(input);
  const RawFrame same = read_raw_file(path("same.dng"));
  EXPECT_EQ(same.mosaic, before.mosaic);
  EXPECT_EQ(same.cfa, before.cfa);

  run({input, path("out.dng"), "--sigma", "25"});
  const RawFrame after = read_raw_file(path("out.dng"));
  EXPECT_EQ(after.width_px, before.width_px);
  EXPECT_EQ(after.metadata.black_level_dn, before.metadata.black_level_dn);
  EXPECT_NE(after.mosaic, before.mosaic);
}

TEST_F(RdnDenoise, a_denoised_dng_tells_the_noise_that_is_left) {
  RawFrame frame = formula_raw(48, 40);
  frame.metadata.noise_profile = uniform_profile(ColorModel::bayer, {1e-2, 1e-3, {}});
  write_dng(path("in.dng"), frame);
  run({path("in.dng"), path("same.dng"), "--strength", "0"});
  EXPECT_EQ(read_raw_file(path("same.dng")).metadata.noise_profile->channels[0].a, 1e-2);
  EXPECT_FALSE(read_raw_file(path("same.dng")).metadata.denoised);

  run({path("in.dng"), path("out.dng"), "--strength", "0.5", "--dng-compression", "none"});
  const RawFrame out = read_raw_file(path("out.dng"));
  ASSERT_TRUE(out.metadata.noise_profile);
  // Not what the photo said; rdn_residual_noise_test.cpp holds it against the pixels of a model that denoises.
  for (const NoiseModel& tag : out.metadata.noise_profile->channels) {
    EXPECT_NE(tag.a, 1e-2);
    EXPECT_GT(tag.sigma(0.5), 0.0);
    EXPECT_TRUE(std::isfinite(tag.sigma(0.5)));
  }
  ASSERT_TRUE(out.metadata.denoised);
  EXPECT_EQ(out.metadata.denoised->model, "ffdnet-bayer");
  EXPECT_EQ(out.metadata.denoised->strength, 0.5);
}

TEST_F(RdnDenoise, nothing_is_denoised_twice_without_force) {
  run({write_formula_dng("in.dng"), path("once.dng")});
  for (const char* output : {"twice.dng", "twice.png"}) {
    const ProgramResult result = run_rdn({"denoise", path("once.dng"), path(output)});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.messages.find("once.dng"), std::string::npos) << result.messages;
    EXPECT_NE(result.messages.find("--force"), std::string::npos) << result.messages;
  }
  EXPECT_EQ(count_files_beginning_with("twice"), 0);
  run({path("once.dng"), path("twice.dng"), "--force"});
  run({path("once.dng"), path("developed.png"), "--strength", "0"});
}

TEST_F(RdnDenoise, a_dng_is_refused_for_a_developed_picture) {
  const std::string input = write_formula_picture("in.png", ColorModel::rgb);
  const ProgramResult result = run_rdn({"denoise", input, path("out.dng")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.messages.find(input), std::string::npos);
  EXPECT_EQ(count_files_beginning_with("out"), 0);
}

TEST_F(RdnDenoise, a_model_of_another_kind_is_refused_by_name) {
  const std::string input = write_formula_picture("in.png", ColorModel::gray);
  const ProgramResult result = run_rdn({"denoise", input, path("out.png"), "--model", "ffdnet-bayer"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.messages.find(input), std::string::npos) << result.messages;
  EXPECT_EQ(count_files_beginning_with("out"), 0);
}

TEST_F(RdnDenoise, json_tells_the_noise_and_where_it_came_from) {
  const std::string input = write_formula_picture("in.png", ColorModel::rgb);
  const ProgramResult given = run_rdn({"denoise", input, path("out.png"), "--sigma", "25", "--json"});
  const auto object = nlohmann::json::parse(given.out);
  EXPECT_EQ(object["noise_source"], "given");
  EXPECT_EQ(object["model"], "ffdnet-color");
  EXPECT_NEAR(object["noise"]["sigma_8bit"].get<double>(), 25.0, 1e-9);
  const ProgramResult estimated = run_rdn({"denoise", input, path("out.png"), "--json"});
  EXPECT_EQ(nlohmann::json::parse(estimated.out)["noise_source"], "estimated");
}

}  // namespace
}  // namespace rdenoise::test
