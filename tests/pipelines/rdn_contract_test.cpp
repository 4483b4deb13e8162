// SPDX-License-Identifier: LGPL-2.1-or-later
// What scripts rely on: exit codes, streams, and the keys of --json.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "run_program.hpp"
#include "workplace.hpp"

namespace rdenoise::test {
namespace {

using Words = std::vector<std::string>;
using nlohmann::json;

const std::vector<Words> subcommands = {{"denoise"},
                                        {"batch"},
                                        {"batch", "merge-reports"},
                                        {"noise", "add"},
                                        {"noise", "estimate"},
                                        {"noise", "calibrate"},
                                        {"noise", "plot"},
                                        {"metrics"},
                                        {"eval"},
                                        {"model", "list"},
                                        {"model", "info"},
                                        {"model", "import"},
                                        {"model", "calibrate"},
                                        {"bench"}};

class RdnContract : public Workplace {
 protected:
  /// Runs with --json, expects success and a stdout that is one JSON object.
  static json object_of(Words arguments) {
    arguments.emplace_back("--json");
    const ProgramResult result = run_rdn(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.messages;
    json object = json::parse(result.out, nullptr, false);
    EXPECT_TRUE(object.is_object()) << result.out;
    return object;
  }

  static void expect_keys(const json& object, const Words& keys) {
    for (const std::string& key : keys) EXPECT_TRUE(object.contains(key)) << key;
  }
};

TEST_F(RdnContract, every_subcommand_explains_itself_on_stdout) {
  for (Words words : subcommands) {
    words.emplace_back("--help");
    const ProgramResult result = run_rdn(words);
    EXPECT_EQ(result.exit_code, 0) << words.front();
    EXPECT_NE(result.out.find("--json"), std::string::npos) << words.front();
  }
}

TEST_F(RdnContract, a_wrong_call_exits_with_2_and_says_nothing_on_stdout) {
  const std::string picture = write_formula_picture("in.png", ColorModel::rgb);
  const std::vector<Words> calls = {
      {},
      {"sharpen"},
      {"noise"},
      {"denoise"},
      {"denoise", picture},
      {"denoise", picture, path("out.png"), "--precision", "f64"},
      {"denoise", picture, path("out.png"), "--strength", "-1"},
      {"denoise", picture, path("out.xyz")},
      {"noise", "add", picture, path("out.png")},
      {"noise", "add", picture, path("out.png"), "--shot", "0.1"},
      {"noise", "add", picture, path("out.png"), "--sigma", "5", "--shot", "0.1", "--read", "0.1"},
      {"noise", "add", picture, path("out.png"), "--sigma", "-5"},
      {"noise", "calibrate"},
      {"noise", "calibrate", picture, "--pairs"},
      {"noise", "calibrate", picture, "--plot", path("out.png")},
      {"noise", "calibrate", picture, "--patch-size", "2"},
      {"noise", "plot", path("out.svg")},
      {"noise", "plot", picture, path("out.png")},
      {"denoise", picture, path("out.png"), "--sigma", "5", "--noise-profile", path("profile.json")},
      {"denoise", picture, path("out.png"), "--method", "median"},
      {"denoise", picture, path("out.png"), "--method", "bm3d", "--model", "ffdnet-color"},
      {"denoise", picture, path("out.png"), "--method", "nn3d", "--stabilise-variance"},
      {"metrics", picture},
      {"eval", "--model", "ffdnet-gray", "--data", path("")},
      {"eval", "--data", path(""), "--sigma", "25"},
      {"eval", "--method", "nn3d", "--data", path(""), "--sigma", "25"},
      {"eval", "--model", "ffdnet-gray", "--data", path(""), "--sigma", "25", "--pairs"},
      {"eval", "--model", "ffdnet-gray", "--data", path(""), "--pairs", "--assume-sigma", "5"},
      {"eval", "--model", "ffdnet-gray", "--data", path(""), "--sigma", "25", "--blind", "--assume-sigma", "5"},
      {"eval", "--model", "ffdnet-gray", "--data", path(""), "--sigma", "25", "--assume-sigma", "5,-1"},
      {"eval", "--model", "ffdnet-gray", "--data", path(""), "--sigma", "25", "--csv", path("out.csv")},
      {"eval", "--model", "ffdnet-gray", "--data", path(""), "--sigma", "25", "--assume-sigma", "5", "--plot",
       path("out.png")},
      {"model", "import", picture, path("out"), "--network", "vgg"},
      {"bench", "--model", "ffdnet-gray", "--size", "big"},
      {"bench", "--model", "ffdnet-gray", "--size", "0x8"},
      {"bench", "--model", "ffdnet-gray", "--size", "8x8", "--picture", path("roofline.png")},
  };
  for (const Words& call : calls) {
    const ProgramResult result = run_rdn(call);
    EXPECT_EQ(result.exit_code, 2) << ::testing::PrintToString(call) << result.messages;
    EXPECT_EQ(result.out, "") << ::testing::PrintToString(call);
    EXPECT_NE(result.messages, "") << ::testing::PrintToString(call);
  }
  EXPECT_EQ(count_files_beginning_with("out"), 0);
}

TEST_F(RdnContract, an_output_that_would_replace_its_input_is_refused) {
  const std::string photo = write_formula_dng("photo.dng");
  const auto size = std::filesystem::file_size(photo);
  const auto written = std::filesystem::last_write_time(photo);
  for (const Words& call : std::vector<Words>{{"denoise", photo, photo},
                                              {"denoise", photo, path("models/../photo.dng")},
                                              {"noise", "add", photo, photo, "--sigma", "5"}}) {
    const ProgramResult result = run_rdn(call);
    EXPECT_EQ(result.exit_code, 2) << ::testing::PrintToString(call);
    EXPECT_NE(result.messages.find("photo.dng: expected an output that is not the input"), std::string::npos)
        << result.messages;
  }
  EXPECT_EQ(std::filesystem::file_size(photo), size);
  EXPECT_EQ(std::filesystem::last_write_time(photo), written);
}

TEST_F(RdnContract, a_mistyped_word_is_named_with_those_that_there_are) {
  for (const auto& [call, known] :
       std::vector<std::pair<Words, std::string>>{{{"denoice"}, "denoise, batch"},
                                                  {{"noise", "estmate"}, "add, estimate"},
                                                  {{"model", "info", "ffdnet-gary"}, "ffdnet-gray"}}) {
    const ProgramResult result = run_rdn(call);
    EXPECT_NE(result.messages.find(known), std::string::npos) << result.messages;
    EXPECT_NE(result.messages.find(call.back()), std::string::npos) << result.messages;
  }
}

TEST_F(RdnContract, an_unknown_model_exits_with_1_and_is_named) {
  const std::string picture = write_formula_picture("in.png", ColorModel::rgb);
  for (const Words& call : std::vector<Words>{{"denoise", picture, path("out.png"), "--model", "no-such-net"},
                                              {"model", "info", "no-such-net"},
                                              {"bench", "--model", "no-such-net"}}) {
    const ProgramResult result = run_rdn(call);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "");
    EXPECT_NE(result.messages.find("no-such-net"), std::string::npos) << result.messages;
  }
}

TEST_F(RdnContract, a_failing_input_exits_with_1_is_named_and_leaves_no_output) {
  const std::string truncated = write_text("truncated.png", "\x89PNG\r\n\x1a\n");
  const std::string empty = write_text("empty.dng", "");
  for (const std::string& input : {truncated, empty, path("absent.png")}) {
    for (const Words& call : std::vector<Words>{{"denoise", input, path("out.png")},
                                                {"noise", "add", input, path("out.png"), "--sigma", "5"},
                                                {"noise", "estimate", input, "--json"},
                                                {"noise", "calibrate", input, "--output", path("out.json"), "--json"},
                                                {"noise", "plot", input, path("out.svg"), "--json"},
                                                {"metrics", input, input, "--json"},
                                                {"model", "import", input, path("out")}}) {
      const ProgramResult result = run_rdn(call);
      EXPECT_EQ(result.exit_code, 1) << ::testing::PrintToString(call);
      EXPECT_EQ(result.out, "") << ::testing::PrintToString(call);
      EXPECT_NE(result.messages.find(input), std::string::npos) << result.messages;
    }
  }
  EXPECT_EQ(count_files_beginning_with("out"), 0);
}

TEST_F(RdnContract, a_preview_under_the_name_of_a_raw_photo_is_no_raw_photo) {
  const std::string preview = write_formula_picture("preview.tiff", ColorModel::rgb);
  std::filesystem::rename(preview, path("preview.NEF"));
  const ProgramResult result = run_rdn({"denoise", path("preview.NEF"), path("out.png")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.messages.find("preview.NEF"), std::string::npos) << result.messages;
  EXPECT_EQ(count_files_beginning_with("out"), 0);
}

TEST_F(RdnContract, a_folder_that_cannot_be_written_exits_with_1) {
  const std::string picture = write_formula_picture("in.png", ColorModel::rgb);
  const std::string output = path("absent/out.png");
  const ProgramResult result = run_rdn({"denoise", picture, output, "--sigma", "10"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.messages.find(output), std::string::npos) << result.messages;
}

TEST_F(RdnContract, noise_estimate_has_its_keys) {
  const json gray = object_of({"noise", "estimate", write_formula_picture("gray.png", ColorModel::gray)});
  expect_keys(gray, {"model", "a", "b", "sigma_8bit", "confidence"});
  EXPECT_EQ(gray["a"].size(), 1U);
  const json rgb = object_of({"noise", "estimate", write_formula_picture("rgb.png", ColorModel::rgb)});
  EXPECT_EQ(rgb["a"].size(), 3U);
  EXPECT_EQ(rgb["b"].size(), 3U);
  const json raw = object_of({"noise", "estimate", write_formula_dng("raw.dng")});
  EXPECT_EQ(raw["b"].size(), 3U);
}

TEST_F(RdnContract, noise_estimate_of_a_level_function_has_33_variances_for_each_channel) {
  const std::string input = write_formula_picture("rgb.png", ColorModel::rgb);
  const json object = object_of({"noise", "estimate", input, "--method", "level-function"});
  expect_keys(object, {"model", "a", "b", "sigma_8bit", "confidence", "level_function"});
  EXPECT_EQ(object["model"], "level-function");
  ASSERT_EQ(object["level_function"].size(), 3U);
  for (const json& function : object["level_function"]) EXPECT_EQ(function.size(), 33U);
  EXPECT_FALSE(object_of({"noise", "estimate", input, "--method", "gaussian"}).contains("level_function"));
  const json plot = object_of({"noise", "plot", input, path("plot.svg"), "--method", "level-function"});
  EXPECT_EQ(plot["curves"][0]["level_function"], object["level_function"]);
}

TEST_F(RdnContract, metrics_has_its_keys_and_marks_equal_pictures) {
  const std::string reference = write_formula_picture("reference.png", ColorModel::rgb);
  const std::string noisy = path("noisy.tiff");
  ASSERT_EQ(run_rdn({"noise", "add", reference, noisy, "--sigma", "25"}).exit_code, 0);
  const json different = object_of({"metrics", reference, noisy});
  expect_keys(different, {"psnr", "ssim", "ms_ssim", "iw_ssim", "gmsd", "fsim", "fsimc", "l1", "l2"});
  // σ = 25 unclipped is 20.17 dB in the mean; 5760 samples scatter the estimate of σ² by √(2/5760) = 1.9 %, 0.08 dB.
  EXPECT_NEAR(different["psnr"].get<double>(), 20.17, 0.4);
  EXPECT_FALSE(different["identical"].get<bool>());
  const json same = object_of({"metrics", reference, reference});
  EXPECT_TRUE(same["psnr"].is_null());
  EXPECT_TRUE(same["identical"].get<bool>());
  EXPECT_EQ(same["l1"].get<double>(), 0.0);
  for (const char* key : {"ssim", "fsim", "fsimc"}) EXPECT_NEAR(same[key].get<double>(), 1.0, 1e-6) << key;
}

TEST_F(RdnContract, metrics_are_null_where_the_picture_is_too_small_and_fsimc_of_gray_is_fsim) {
  const std::string small = write_formula_picture("small.png", ColorModel::gray, 40, 30);
  const json of_small = object_of({"metrics", small, small});
  for (const char* key : {"ms_ssim", "iw_ssim"}) EXPECT_TRUE(of_small[key].is_null()) << key;
  const std::string reference = write_formula_picture("reference.png", ColorModel::gray, 180, 176);
  const std::string noisy = path("noisy.tiff");
  ASSERT_EQ(run_rdn({"noise", "add", reference, noisy, "--sigma", "25"}).exit_code, 0);
  const json figures = object_of({"metrics", reference, noisy});
  for (const char* key : {"ssim", "ms_ssim", "iw_ssim", "gmsd", "fsim", "fsimc"}) {
    EXPECT_GT(figures[key].get<double>(), 0.0) << key;
    EXPECT_LT(figures[key].get<double>(), 1.0) << key;
  }
  EXPECT_EQ(figures["fsim"], figures["fsimc"]);
}

TEST_F(RdnContract, metrics_refuses_pictures_of_other_sizes) {
  const std::string reference = write_formula_picture("reference.png", ColorModel::rgb, 48, 40);
  const std::string other = write_formula_picture("other.png", ColorModel::rgb, 40, 48);
  const ProgramResult result = run_rdn({"metrics", reference, other, "--json"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_NE(result.messages.find("other.png"), std::string::npos);
}

TEST_F(RdnContract, bench_has_its_keys_with_figures_that_fit_together) {
  const json bench = object_of({"bench", "--model", "ffdnet-gray", "--size", "96x64", "--repeats", "2"});
  expect_keys(bench, {"ms_median", "mpix_per_s", "gflop", "gflops", "gflops_peak", "peak_fraction", "halo_overhead",
                      "peak_rss_mib", "isa"});
  const double ms = bench["ms_median"].get<double>();
  EXPECT_GT(ms, 0.0);
  // Printed numbers keep at least 15 digits.
  EXPECT_NEAR(bench["mpix_per_s"].get<double>() * ms * 1e3, 96.0 * 64.0, 1e-6);
  EXPECT_NEAR(bench["gflops"].get<double>() * ms / 1e3, bench["gflop"].get<double>(), 1e-9);
  EXPECT_GT(bench["gflops_peak"].get<double>(), 0.0);
  EXPECT_GE(bench["halo_overhead"].get<double>(), 0.0);
  const json info = object_of({"model", "info", "ffdnet-gray"});
  EXPECT_NEAR(bench["gflop"].get<double>(), 2e-9 * info["macs_per_px"].get<double>() * 96 * 64, 1e-12);
}

TEST_F(RdnContract, bench_tells_where_the_time_goes_and_draws_it) {
  const std::string picture = path("roofline.svg");
  const json bench = object_of(
      {"bench", "--model", "ffdnet-gray", "--size", "96x64", "--repeats", "1", "--threads", "1", "--picture", picture});
  EXPECT_TRUE(std::filesystem::exists(picture));
  expect_keys(bench["split_ms"], {"gather", "noise_map", "network", "scatter", "idle"});
  double shares = 0.0;
  double gflop = 0.0;
  for (const json& stage : bench["stages"]) {
    shares += stage["share"].get<double>();
    gflop += stage.value("gflop", 0.0);
  }
  EXPECT_NEAR(shares, 1.0, 1e-9);
  // The picture is one tile without halo, so what the steps do is what the description asks for.
  EXPECT_NEAR(gflop, bench["gflop"].get<double>(), 1e-9);
  EXPECT_EQ(bench["peaks"][0]["precision"], "f32");
  EXPECT_GT(bench["memory_gb_per_s"].get<double>(), 0.0);
}

}  // namespace
}  // namespace rdenoise::test
