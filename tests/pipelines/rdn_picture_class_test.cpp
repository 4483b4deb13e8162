// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn denoise and rdn eval with a class-aware model.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <rdenoise/denoise.hpp>
#include <rdenoise/picture_file.hpp>
#include <string>

#include "lib/network/class_aware_model.hpp"
#include "run_program.hpp"
#include "support/formula_pictures.hpp"
#include "workplace.hpp"

namespace rdenoise::test {
namespace {

using nlohmann::json;

class RdnPictureClass : public Workplace {
 protected:
  void SetUp() override {
    Workplace::SetUp();
    write_class_aware_model(path("models/town"));
  }

  static json object_of(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    const ProgramResult result = run_rdn(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.messages;
    return json::parse(result.out, nullptr, false);
  }

  [[nodiscard]] json denoise(const std::string& input, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"denoise", input, path("out.tiff"), "--sigma", "20", "--model", "town"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return object_of(arguments);
  }

  /// A scene whose mean is about `level`.
  [[nodiscard]] std::string write_scene(const std::string& name, float level) const {
    Picture picture;
    picture.image = formula_gray(48, 40);
    for (float& sample : picture.image.samples()) sample = level + 0.2F * (sample - 0.5F);
    write_picture(path(name), picture, {.bit_depth = 32});
    return path(name);
  }
};

TEST_F(RdnPictureClass, auto_takes_the_class_that_the_classifier_names) {
  for (const auto& [level, name] : {std::pair{0.85F, "bright"}, {0.15F, "dark"}, {0.52F, "none"}}) {
    const json result = denoise(write_scene("in.tiff", level));
    EXPECT_EQ(result["picture_class"], name);
    EXPECT_EQ(result["picture_class_confidence"].get<double>() > 0.8, std::string(name) != "none");
  }
}

TEST_F(RdnPictureClass, a_named_class_gives_what_the_library_gives) {
  const std::string input = write_scene("in.tiff", 0.85F);
  for (const char* name : {"none", "dark"}) {
    const json result = denoise(input, {"--picture-class", name});
    EXPECT_EQ(result["picture_class"], name);
    EXPECT_TRUE(result["picture_class_confidence"].is_null());
    const Image src = read_picture(input).image;
    Image expected(ColorModel::gray, src.width_px(), src.height_px());
    Denoiser denoiser(load_model("town"), {.picture_class = name});
    denoiser.denoise(src.view(), expected.view(), uniform_profile(ColorModel::gray, NoiseModel::gaussian(20.0)));
    EXPECT_TRUE(std::ranges::equal(read_picture(path("out.tiff")).image.samples(), expected.samples())) << name;
  }
}

TEST_F(RdnPictureClass, is_null_for_other_models) {
  const json result = object_of({"denoise", write_scene("in.tiff", 0.85F), path("out.tiff"), "--model", "ffdnet-gray"});
  EXPECT_TRUE(result["picture_class"].is_null());
  EXPECT_TRUE(result["picture_class_confidence"].is_null());
}

TEST_F(RdnPictureClass, eval_tells_the_class_of_each_picture) {
  std::filesystem::create_directories(path("data"));
  (void)write_scene("data/a.tiff", 0.15F);
  (void)write_scene("data/b.tiff", 0.85F);
  const json result = object_of({"eval", "--model", "town", "--data", path("data"), "--sigma", "15"});
  EXPECT_EQ(result["picture_class"], "auto");
  EXPECT_EQ(result["per_image"][0]["picture_class"], "dark");
  EXPECT_EQ(result["per_image"][1]["picture_class"], "bright");
  EXPECT_GT(result["per_image"][1]["picture_class_confidence"], 0.8);
  const json named =
      object_of({"eval", "--model", "town", "--data", path("data"), "--sigma", "15", "--picture-class", "bright"});
  EXPECT_EQ(named["per_image"][0]["picture_class"], "bright");
  EXPECT_NE(named["per_image"][0]["psnr"], result["per_image"][0]["psnr"]);
  EXPECT_EQ(named["per_image"][1]["psnr"], result["per_image"][1]["psnr"]);
}

TEST_F(RdnPictureClass, an_unknown_class_exits_with_1_and_the_known_ones_are_named) {
  const std::string input = write_scene("in.tiff", 0.85F);
  for (const char* model : {"town", "ffdnet-gray"}) {
    const ProgramResult result =
        run_rdn({"denoise", input, path("out.tiff"), "--model", model, "--picture-class", "pet", "--json"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "");
    EXPECT_NE(result.messages.find("pet"), std::string::npos) << result.messages;
    EXPECT_EQ(result.messages.find("bright, dark") != std::string::npos, model == std::string("town"));
    EXPECT_EQ(count_files_beginning_with("out"), 0);
  }
}

TEST_F(RdnPictureClass, a_method_without_a_network_has_no_classes) {
  const std::string input = write_scene("in.tiff", 0.85F);
  EXPECT_EQ(run_rdn({"denoise", input, path("out.tiff"), "--method", "bm3d", "--picture-class", "none"}).exit_code, 2);
}

TEST_F(RdnPictureClass, model_info_lists_the_classes) {
  EXPECT_EQ(object_of({"model", "info", "town"})["picture_classes"], json::array({"bright", "dark"}));
  EXPECT_EQ(object_of({"model", "info", "ffdnet-gray"})["picture_classes"], json::array());
}

}  // namespace
}  // namespace rdenoise::test
