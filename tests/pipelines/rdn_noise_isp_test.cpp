// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn noise add through a whole camera, and with JPEG.
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <rdenoise/camera_simulation.hpp>
#include <rdenoise/picture_file.hpp>
#include <string>

#include "run_program.hpp"
#include "support/formula_pictures.hpp"
#include "support/statistics.hpp"
#include "workplace.hpp"

namespace rdenoise::test {
namespace {

class RdnNoiseIsp : public Workplace {
 protected:
  /// Runs `noise add input output options --json` and returns what was printed.
  nlohmann::json add(const std::string& input, const std::string& output, std::vector<std::string> options) const {
    std::vector<std::string> arguments = {"noise", "add", input, path(output), "--json"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const ProgramResult result = run_rdn(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.messages;
    return nlohmann::json::parse(result.out, nullptr, false);
  }

  Image picture(const std::string& name) const { return read_picture(path(name)).image; }

  int exit_code(const std::string& input, const std::string& output, std::vector<std::string> options) const {
    std::vector<std::string> arguments = {"noise", "add", input, path(output)};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_rdn(arguments).exit_code;
  }
};

TEST_F(RdnNoiseIsp, equals_the_library_with_the_camera_of_the_seed) {
  const std::string input = write_formula_picture("in.png", ColorModel::rgb);
  for (const CameraKind kind : {CameraKind::cbdnet, CameraKind::unprocessing}) {
    const nlohmann::json drawn =
        add(input, "out.tiff", {"--isp", "--camera", std::string(to_string(kind)), "--seed", "6"});
    const CameraParameters camera = CameraSimulator(kind).draw(6);
    const Image expected = simulate_photo(read_picture(input).image, camera, {6}).noisy;
    EXPECT_TRUE(std::ranges::equal(picture("out.tiff").samples(), expected.samples()));
    EXPECT_EQ(drawn["a"].get<double>(), camera.noise.channels[0].a);
    EXPECT_EQ(drawn["b"].get<double>(), camera.noise.channels[0].b);
    EXPECT_EQ(drawn["camera"]["response_curve"], camera.response.name());
    EXPECT_EQ(drawn["camera"]["gains"][0].get<float>(), camera.gains[0]);
    EXPECT_EQ(drawn["jpeg_quality"].is_null(), kind == CameraKind::unprocessing);
  }
}

TEST_F(RdnNoiseIsp, depends_on_the_seed_alone) {
  const std::string input = write_formula_picture("in.png", ColorModel::rgb);
  add(input, "a.png", {"--isp", "--seed", "1"});
  add(input, "b.png", {"--isp", "--seed", "1"});
  add(input, "c.png", {"--isp", "--seed", "2"});
  EXPECT_TRUE(std::ranges::equal(picture("a.png").samples(), picture("b.png").samples()));
  EXPECT_FALSE(std::ranges::equal(picture("a.png").samples(), picture("c.png").samples()));
}

TEST_F(RdnNoiseIsp, takes_the_sensors_noise_from_shot_and_read) {
  const std::string input = write_formula_picture("in.png", ColorModel::gray);
  const nlohmann::json drawn = add(input, "out.png", {"--isp", "--shot", "0.002", "--read", "0.0001"});
  EXPECT_EQ(drawn["a"].get<double>(), 0.002);
  EXPECT_EQ(drawn["b"].get<double>(), 0.0001);
  EXPECT_EQ(picture("out.png").color_model(), ColorModel::rgb) << "a camera's noise is coloured";
}

TEST_F(RdnNoiseIsp, writes_the_noisy_mosaic_as_a_raw_photo) {
  const std::string input = write_formula_picture("in.png", ColorModel::rgb);
  add(input, "out.dng", {"--isp", "--seed", "4"});
  const RawFrame frame = read_raw_file(path("out.dng"));
  CameraParameters camera = CameraSimulator(CameraKind::unprocessing).draw(4);
  camera.levels = Levels{512.F, 16383.F};
  const Image expected = expose(unprocess(read_picture(input).image, camera), camera, {4});
  ASSERT_EQ(frame.mosaic.size(), expected.samples().size());
  EXPECT_EQ(frame.cfa, camera.cfa);
  EXPECT_EQ(frame.metadata.black_level_dn[0], 512.F);
  EXPECT_EQ(frame.metadata.white_level_dn, 16383.F);
  for (std::size_t i = 0; i < frame.mosaic.size(); ++i) {
    ASSERT_NEAR(frame.mosaic[i], 512.F + expected.samples()[i] * (16383.F - 512.F), 0.01F) << i;
  }
  ASSERT_TRUE(frame.metadata.noise_profile.has_value());
  EXPECT_NEAR(frame.metadata.noise_profile->channels[1].a, camera.noise.channels[1].a, 1e-9);
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(frame.metadata.as_shot_gains[c], camera.gains[c], 1e-3F);
  // LibRaw rounds the DNG's matrix to 1/10000 and inverts it.
  for (int i = 0; i < 9; ++i) EXPECT_NEAR(frame.metadata.camera_to_srgb[i], camera.camera_to_srgb[i], 5e-3F) << i;
}

TEST_F(RdnNoiseIsp, a_raw_photo_gets_drawn_noise_on_its_mosaic) {
  const std::string input = write_formula_dng("in.dng");
  const nlohmann::json drawn = add(input, "out.dng", {"--isp", "--camera", "cbdnet", "--seed", "3"});
  EXPECT_EQ(drawn["a"].get<double>(), CameraSimulator(CameraKind::cbdnet).draw(3).noise.channels[0].a);
  EXPECT_FALSE(drawn.contains("camera")) << "it has one of its own";
  EXPECT_NE(read_raw_file(path("out.dng")).mosaic, read_raw_file(input).mosaic);
}

TEST_F(RdnNoiseIsp, jpeg_quality_compresses_after_white_noise_too) {
  const std::string input = write_formula_picture("in.png", ColorModel::rgb);
  add(input, "noisy.png", {"--sigma", "10"});
  const nlohmann::json drawn = add(input, "compressed.png", {"--sigma", "10", "--jpeg-quality", "40"});
  EXPECT_EQ(drawn["jpeg_quality"].get<int>(), 40);
  const Image expected = jpeg_round_trip(picture("noisy.png"), {.quality = 40});
  EXPECT_TRUE(std::ranges::equal(picture("compressed.png").samples(), expected.samples()));
}

TEST_F(RdnNoiseIsp, a_jpeg_file_is_compressed_once) {
  const std::string input = write_formula_picture("in.png", ColorModel::rgb);
  for (const std::vector<std::string>& options : std::vector<std::vector<std::string>>{
           {"--sigma", "10", "--jpeg-quality", "35"}, {"--isp", "--camera", "cbdnet"}}) {
    add(input, "out.jpg", options);
    add(input, "out.png", options);
    EXPECT_TRUE(std::ranges::equal(picture("out.jpg").samples(), picture("out.png").samples()));
  }
}

TEST_F(RdnNoiseIsp, reads_measured_curves_and_draws_cbdnet_cameras_for_them) {
  const std::string input = write_formula_picture("in.png", ColorModel::rgb);
  const std::string curves = write_text("curves.txt", "my curve\ngraph\nI =\n0 0.5 1\nB =\n0 0.8 1\n");
  const nlohmann::json drawn = add(input, "out.png", {"--isp", "--response-curves", curves, "--jpeg-quality", "0"});
  EXPECT_EQ(drawn["camera"]["response_curve"], "my curve");
  EXPECT_TRUE(drawn["jpeg_quality"].is_null());
}

TEST_F(RdnNoiseIsp, damaged_curves_exit_with_1_are_named_and_leave_no_output) {
  const std::string input = write_formula_picture("in.png", ColorModel::rgb);
  for (const std::string& curves : {write_text("curves.mat", "MATLAB 5.0 MAT-file"), path("absent.mat")}) {
    const ProgramResult result =
        run_rdn({"noise", "add", input, path("out.png"), "--isp", "--response-curves", curves, "--json"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "");
    EXPECT_NE(result.messages.find(curves), std::string::npos) << result.messages;
  }
  EXPECT_EQ(count_files_beginning_with("out"), 0);
}

TEST_F(RdnNoiseIsp, options_that_contradict_each_other_exit_with_2) {
  const std::string input = write_formula_picture("in.png", ColorModel::rgb);
  const std::string curves = write_text("curves.txt", "c\ng\nI =\n0 1\nB =\n0 1\n");
  for (const std::vector<std::string>& options :
       std::vector<std::vector<std::string>>{{"--jpeg-quality", "50"},
                                             {"--isp", "--sigma", "5"},
                                             {"--isp", "--shot", "0.1"},
                                             {"--isp", "--camera", "film"},
                                             {"--isp", "--jpeg-quality", "101"},
                                             {"--sigma", "5", "--camera", "cbdnet"},
                                             {"--sigma", "5", "--response-curves", curves},
                                             {"--isp", "--camera", "unprocessing", "--response-curves", curves}}) {
    EXPECT_EQ(exit_code(input, "out.png", options), 2) << ::testing::PrintToString(options);
  }
  EXPECT_EQ(exit_code(input, "out.dng", {"--isp", "--jpeg-quality", "50"}), 2);
  EXPECT_EQ(exit_code(input, "out.dng", {"--sigma", "5"}), 1) << "only a camera makes a mosaic";
  EXPECT_EQ(count_files_beginning_with("out"), 0);
}

}  // namespace
}  // namespace rdenoise::test
