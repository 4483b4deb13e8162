// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn eval: what it measures, and over what.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <rdenoise/model.hpp>
#include <string>

#include "run_program.hpp"
#include "workplace.hpp"

namespace rdenoise::test {
namespace {

using nlohmann::json;

class RdnEval : public Workplace {
 protected:
  void SetUp() override {
    Workplace::SetUp();
    std::filesystem::create_directories(path("data"));
  }

  static json eval(std::vector<std::string> arguments, int expected_exit_code = 0) {
    arguments.insert(arguments.begin(), "eval");
    arguments.emplace_back("--json");
    const ProgramResult result = run_rdn(arguments);
    EXPECT_EQ(result.exit_code, expected_exit_code) << result.messages;
    return json::parse(result.out, nullptr, false);
  }

  /// A network that subtracts nothing.
  void write_identity_model(const std::string& name, InputDomain input) const {
    Weights weights = random_ffdnet(input);
    // A network of zeros that predicts the noise.
    weights.metadata["residual"] = "true";
    for (auto& [tensor_name, tensor] : weights.tensors) tensor.values.assign(tensor.values.size(), 0.F);
    write_safetensors(path(name), weights);
  }
};

TEST_F(RdnEval, keys_and_means_over_the_sorted_folder) {
  write_formula_picture("data/b.png", ColorModel::gray, 96, 64);
  write_formula_picture("data/a.png", ColorModel::gray, 64, 96);
  write_text("data/notes.md", "no picture");
  const json result = eval({"--model", "ffdnet-gray", "--data", path("data"), "--sigma", "25"});
  EXPECT_EQ(result["images"], 2);
  ASSERT_EQ(result["per_image"].size(), 2U);
  EXPECT_EQ(result["per_image"][0]["name"], "a.png");
  // 20·log10(255/25) = 20.17 dB; 6144 samples scatter it by 0.08 dB.
  EXPECT_NEAR(result["psnr_noisy"].get<double>(), 20.17, 0.3);
  for (const char* key : {"psnr", "ssim", "psnr_noisy"}) {
    const double mean = (result["per_image"][0][key].get<double>() + result["per_image"][1][key].get<double>()) / 2;
    EXPECT_NEAR(result[key].get<double>(), mean, 1e-9) << key;
  }
}

TEST_F(RdnEval, an_identity_network_gains_what_clipping_gains_and_no_more) {
  write_formula_picture("data/a.png", ColorModel::gray, 96, 96);
  write_identity_model("identity.safetensors", InputDomain::gray);
  // The scene keeps 0.05 from both limits, 4 σ of this noise: next to nothing is clipped.
  const json faint = eval({"--model", path("identity.safetensors"), "--data", path("data"), "--sigma", "3"});
  EXPECT_NEAR(faint["psnr"].get<double>(), faint["psnr_noisy"].get<double>(), 1e-3);
  const json strong = eval({"--model", path("identity.safetensors"), "--data", path("data"), "--sigma", "75"});
  EXPECT_GT(strong["psnr"].get<double>(), strong["psnr_noisy"].get<double>() + 0.5);
}

TEST_F(RdnEval, the_seed_decides_the_noise_and_pictures_differ_in_it) {
  write_formula_picture("data/a.png", ColorModel::gray);
  write_formula_picture("data/b.png", ColorModel::gray);
  const auto figures = [&](const std::string& seed) {
    return eval({"--model", "ffdnet-gray", "--data", path("data"), "--sigma", "25", "--seed", seed})["per_image"];
  };
  const json first = figures("1");
  EXPECT_EQ(first, figures("1"));
  EXPECT_NE(first[0]["psnr_noisy"], figures("2")[0]["psnr_noisy"]);
  EXPECT_NE(first[0]["psnr_noisy"], first[1]["psnr_noisy"]);
}

TEST_F(RdnEval, a_gray_model_measures_the_luma_of_colour_pictures) {
  write_formula_picture("data/a.png", ColorModel::rgb);
  EXPECT_EQ(eval({"--model", "ffdnet-gray", "--data", path("data"), "--sigma", "25"})["images"], 1);
}

TEST_F(RdnEval, a_bayer_model_measures_the_mosaic_of_colour_pictures) {
  write_formula_picture("data/a.png", ColorModel::rgb, 96, 96);
  const json result = eval({"--model", "ffdnet-bayer", "--data", path("data"), "--sigma", "25"});
  EXPECT_NEAR(result["psnr_noisy"].get<double>(), 20.17, 0.4);
}

TEST_F(RdnEval, a_yuv420_model_measures_luma_and_all_samples_of_colour_pictures) {
  write_formula_picture("data/a.png", ColorModel::rgb, 97, 95);
  write_identity_model("identity.safetensors", InputDomain::yuv420);
  const json result = eval({"--model", path("identity.safetensors"), "--data", path("data"), "--sigma", "3"});
  // 20·log10(255/3) = 38.59 dB in each plane; 9215 samples of luma scatter it by 0.06 dB. Next to nothing is clipped.
  EXPECT_NEAR(result["psnr_noisy"].get<double>(), 38.59, 0.2);
  EXPECT_NEAR(result["psnr"].get<double>(), result["psnr_noisy"].get<double>(), 0.01);
  EXPECT_NEAR(result["psnr_yuv"].get<double>(), 38.59, 0.2);
  EXPECT_NE(result["psnr_yuv"], result["psnr"]);
  EXPECT_EQ(result["per_image"][0]["psnr_yuv"], result["psnr_yuv"]);
}

TEST_F(RdnEval, psnr_yuv_of_other_models_is_null) {
  write_formula_picture("data/a.png", ColorModel::gray);
  EXPECT_TRUE(eval({"--model", "ffdnet-gray", "--data", path("data"), "--sigma", "25"})["psnr_yuv"].is_null());
}

TEST_F(RdnEval, one_failing_picture_is_named_and_the_rest_is_measured) {
  write_formula_picture("data/a.png", ColorModel::gray);
  write_formula_picture("data/b.png", ColorModel::rgb);
  const json result = eval({"--model", "ffdnet-color", "--data", path("data"), "--sigma", "25"}, 1);
  EXPECT_EQ(result["images"], 1);
  EXPECT_EQ(result["failed"], json::array({"a.png"}));
}

TEST_F(RdnEval, blind_tells_the_network_the_estimate) {
  write_formula_picture("data/a.png", ColorModel::gray, 128, 128);
  const json told = eval({"--model", "ffdnet-gray", "--data", path("data"), "--sigma", "25"});
  EXPECT_NEAR(told["per_image"][0]["sigma_8bit"].get<double>(), 25.0, 1e-9);
  const json blind = eval({"--model", "ffdnet-gray", "--data", path("data"), "--sigma", "25", "--blind"});
  EXPECT_NE(blind["per_image"][0]["sigma_8bit"].get<double>(), told["per_image"][0]["sigma_8bit"].get<double>());
  EXPECT_EQ(blind["psnr_noisy"], told["psnr_noisy"]);
}

TEST_F(RdnEval, a_wrong_sigma_is_told_for_the_same_noise) {
  write_formula_picture("data/a.png", ColorModel::gray, 96, 64);
  write_formula_picture("data/b.png", ColorModel::gray, 64, 80);
  const auto eval_with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"--model", "ffdnet-gray", "--data", path("data"), "--sigma", "25"});
    return eval(more);
  };
  const json plain = eval_with({});
  EXPECT_EQ(plain["assumed_sigma"], json::array());
  const json curve = eval_with({"--assume-sigma", "50,25,5", "--csv", path("curve.csv"), "--plot", path("curve.svg")});
  EXPECT_EQ(curve["per_image"], plain["per_image"]);
  ASSERT_EQ(curve["assumed_sigma"].size(), 3U);
  const std::vector<double> sigmas = {5.0, 25.0, 50.0};
  for (std::size_t i = 0; i < sigmas.size(); ++i) EXPECT_EQ(curve["assumed_sigma"][i]["sigma_8bit"], sigmas[i]);
  // The true sigma among the assumed ones gives the plain figure; the sum is taken in another order.
  EXPECT_NEAR(curve["assumed_sigma"][1]["psnr"].get<double>(), plain["psnr"].get<double>(), 1e-9);
  EXPECT_NEAR(curve["assumed_sigma"][1]["psnr_change"].get<double>(), 0.0, 1e-9);
  EXPECT_NE(curve["assumed_sigma"][0]["psnr"], curve["assumed_sigma"][1]["psnr"]);

  std::ifstream csv(path("curve.csv"));
  std::string line;
  std::getline(csv, line);
  EXPECT_EQ(line, "sigma_8bit,assumed_sigma_8bit,psnr_db,psnr_change_db,psnr_noisy_db");
  int rows = 0;
  for (; std::getline(csv, line); ++rows) EXPECT_EQ(line.substr(0, 3), "25,");
  EXPECT_EQ(rows, 3);
  EXPECT_EQ(count_files_beginning_with("curve.svg"), 1);
}

TEST_F(RdnEval, a_curve_that_cannot_be_written_exits_with_1_and_an_empty_stdout) {
  write_formula_picture("data/a.png", ColorModel::gray);
  const ProgramResult result = run_rdn({"eval", "--model", "ffdnet-gray", "--data", path("data"), "--sigma", "25",
                                        "--assume-sigma", "5", "--csv", path("absent/curve.csv"), "--json"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_NE(result.messages.find("curve.csv"), std::string::npos) << result.messages;
}

TEST_F(RdnEval, pairs_are_found_in_both_layouts) {
  for (const char* name : {"data/noisy", "data/mean", "flat"}) std::filesystem::create_directories(path(name));
  write_formula_picture("data/mean/a.png", ColorModel::rgb);
  write_formula_picture("flat/b_mean.png", ColorModel::rgb);
  ASSERT_EQ(run_rdn({"noise", "add", path("data/mean/a.png"), path("data/noisy/a.png"), "--sigma", "9"}).exit_code, 0);
  std::filesystem::copy(path("data/noisy/a.png"), path("flat/b_real.png"));
  for (const char* folder : {"data", "flat"}) {
    const json result = eval({"--model", "ffdnet-color", "--data", path(folder), "--pairs"});
    EXPECT_EQ(result["images"], 1) << folder;
    // 20·log10(255/9) = 29.05 dB, rounding to 8 bit included.
    EXPECT_NEAR(result["psnr_noisy"].get<double>(), 29.05, 0.4) << folder;
  }
}

TEST_F(RdnEval, an_empty_folder_exits_with_1) {
  const ProgramResult result = run_rdn({"eval", "--model", "ffdnet-gray", "--data", path("data"), "--sigma", "25"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.messages.find(path("data")), std::string::npos);
}

}  // namespace
}  // namespace rdenoise::test
