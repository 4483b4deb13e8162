// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn denoise and rdn eval with --method, against direct calls of the library.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <rdenoise/nn3d.hpp>
#include <rdenoise/nonlocal.hpp>
#include <rdenoise/picture_file.hpp>
#include <string>

#include "run_program.hpp"
#include "support/formula_pictures.hpp"
#include "workplace.hpp"

namespace rdenoise::test {
namespace {

using nlohmann::json;

class RdnMethod : public Workplace {
 protected:
  static json object_of(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    const ProgramResult result = run_rdn(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.messages;
    return json::parse(result.out, nullptr, false);
  }

  std::string write_tiff(const std::string& name, const Image& image) const {
    Picture picture;
    picture.image = image;
    write_picture(path(name), picture, {.bit_depth = 32});
    return path(name);
  }
};

TEST_F(RdnMethod, bm3d_gives_what_the_library_gives_and_names_no_model) {
  for (const Image& image : {formula_gray(40, 30), formula_rgb(30, 40)}) {
    const std::string input = write_tiff("in.tiff", image);
    const json result =
        object_of({"denoise", input, path("out.tiff"), "--method", "bm3d", "--sigma", "20", "--strength", "0.5"});
    EXPECT_EQ(result["method"], "bm3d");
    EXPECT_TRUE(result["model"].is_null());
    EXPECT_TRUE(std::ranges::equal(read_picture(path("out.tiff")).image.samples(), bm3d(image, 10.0).samples()));
  }
}

TEST_F(RdnMethod, nn3d_gives_what_the_library_gives_with_the_model_as_its_network) {
  const Image image = formula_gray(40, 30);
  const std::string input = write_tiff("in.tiff", image);
  const json result = object_of({"denoise", input, path("out.tiff"), "--method", "nn3d", "--model", "ffdnet-gray",
                                 "--sigma", "20", "--precision", "f32"});
  EXPECT_EQ(result["method"], "nn3d");
  EXPECT_EQ(result["model"], "ffdnet-gray");
  Denoiser denoiser(load_model("ffdnet-gray"), {.precision = Precision::f32});
  EXPECT_TRUE(
      std::ranges::equal(read_picture(path("out.tiff")).image.samples(), nn3d(image, 20.0, denoiser).samples()));
}

TEST_F(RdnMethod, a_preset_of_a_picture_is_the_default_model_but_for_live_and_gives_way_to_a_named_one) {
  const std::string input = write_tiff("in.tiff", formula_rgb(40, 30));
  // The workplace has no network for live.
  EXPECT_NE(run_rdn({"denoise", input, path("out.tiff"), "--preset", "live"}).messages.find("ffdnet-live-color"),
            std::string::npos);
  for (const char* preset : {"none", "balanced", "best"})
    EXPECT_EQ(object_of({"denoise", input, path("out.tiff"), "--sigma", "20", "--preset", preset})["model"],
              "ffdnet-color");
  const ProgramResult both = run_rdn(
      {"denoise", input, path("out.tiff"), "--sigma", "20", "--preset", "live", "--model", "ffdnet-gray", "--json"});
  EXPECT_EQ(json::parse(both.out, nullptr, false)["model"], "ffdnet-gray");
  EXPECT_NE(both.messages.find("warning"), std::string::npos) << both.messages;
  EXPECT_EQ(run_rdn({"denoise", input, path("out.tiff"), "--method", "bm3d", "--preset", "live"}).exit_code, 2);
  EXPECT_EQ(run_rdn({"denoise", input, path("out.tiff"), "--preset", "fast"}).exit_code, 2);
}

TEST_F(RdnMethod, without_the_option_it_is_the_network) {
  const std::string input = write_tiff("in.tiff", formula_gray(20, 20));
  EXPECT_EQ(object_of({"denoise", input, path("out.tiff"), "--sigma", "20"})["method"], "network");
}

TEST_F(RdnMethod, strength_0_leaves_every_pixel_as_it_is) {
  const Image image = formula_rgb(20, 20);
  const std::string input = write_tiff("in.tiff", image);
  for (const std::string method : {"bm3d", "nn3d"}) {
    (void)object_of({"denoise", input, path("out.tiff"), "--method", method, "--sigma", "20", "--strength", "0"});
    EXPECT_TRUE(std::ranges::equal(read_picture(path("out.tiff")).image.samples(), image.samples())) << method;
  }
}

TEST_F(RdnMethod, a_mosaic_is_refused_and_named) {
  const std::string input = write_formula_dng("in.dng");
  for (const std::string method : {"bm3d", "nn3d"}) {
    const ProgramResult result = run_rdn({"denoise", input, path("out.png"), "--method", method});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.messages.find(input), std::string::npos) << result.messages;
    EXPECT_NE(result.messages.find("bayer"), std::string::npos) << result.messages;
  }
  EXPECT_EQ(count_files_beginning_with("out"), 0);
}

TEST_F(RdnMethod, eval_measures_pictures_as_they_are_by_bm3d) {
  std::filesystem::create_directories(path("data"));
  write_formula_picture("data/a.png", ColorModel::gray, 64, 48);
  write_formula_picture("data/b.png", ColorModel::rgb, 64, 48);
  const json result = object_of({"eval", "--method", "bm3d", "--data", path("data"), "--sigma", "25"});
  EXPECT_EQ(result["method"], "bm3d");
  EXPECT_TRUE(result["model"].is_null());
  EXPECT_EQ(result["images"], 2);
  EXPECT_GT(result["psnr"].get<double>(), result["psnr_noisy"].get<double>() + 3.0);
}

TEST_F(RdnMethod, eval_measures_nn3d_with_a_model) {
  std::filesystem::create_directories(path("data"));
  write_formula_picture("data/a.png", ColorModel::gray, 64, 48);
  const json result =
      object_of({"eval", "--method", "nn3d", "--model", "ffdnet-gray", "--data", path("data"), "--sigma", "25"});
  EXPECT_EQ(result["method"], "nn3d");
  EXPECT_EQ(result["model"], "ffdnet-gray");
  EXPECT_EQ(result["images"], 1);
}

}  // namespace
}  // namespace rdenoise::test
