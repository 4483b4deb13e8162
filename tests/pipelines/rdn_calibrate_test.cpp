// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn model calibrate, and what --precision does afterwards.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <rdenoise/model.hpp>
#include <string>

#include "run_program.hpp"
#include "workplace.hpp"

namespace rdenoise::test {
namespace {

using nlohmann::json;

class RdnCalibrate : public Workplace {
 protected:
  void SetUp() override {
    Workplace::SetUp();
    std::filesystem::create_directory(path("train"));
    (void)write_formula_picture("train/a.png", ColorModel::rgb);
    (void)write_formula_picture("train/b.png", ColorModel::gray);
  }
  [[nodiscard]] std::string weights_path() const { return path("models/ffdnet-gray/weights.safetensors"); }
};

TEST_F(RdnCalibrate, writes_scales_and_losses_and_leaves_the_weights) {
  const Weights before = read_safetensors(weights_path());
  const ProgramResult result =
      run_rdn({"model", "calibrate", "ffdnet-gray", "--data", path("train"), "--sigma", "10,20", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.messages;
  const json object = json::parse(result.out);
  EXPECT_EQ(object["written"], true);
  const std::string on =
      "2 pictures of " + std::filesystem::path(path("")).parent_path().filename().string() + "/train, sigma 10, 20";
  EXPECT_EQ(object["measured_on"], on);
  const Weights after = read_safetensors(weights_path());
  for (const auto& [name, tensor] : before.tensors) EXPECT_EQ(after.tensors.at(name).values, tensor.values) << name;
  EXPECT_TRUE(after.metadata.contains("activation_scales.model.0"));
  EXPECT_EQ(after.metadata.at("psnr_loss_db.measured_on"), on);
  for (const auto& [key, value] : before.metadata) EXPECT_EQ(after.metadata.at(key), value) << key;
  EXPECT_EQ(count_files_beginning_with("models/ffdnet-gray/"), 0);
}

TEST_F(RdnCalibrate, dry_run_writes_nothing) {
  const ProgramResult result =
      run_rdn({"model", "calibrate", "ffdnet-gray", "--data", path("train"), "--dry-run", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.messages;
  EXPECT_EQ(json::parse(result.out)["written"], false);
  EXPECT_FALSE(read_safetensors(weights_path()).metadata.contains("activation_scales.model.0"));
}

TEST_F(RdnCalibrate, int8_works_afterwards_and_says_before_what_is_missing) {
  const std::string picture = path("train/b.png");
  const std::vector<std::string> denoise{"denoise", picture, path("out.png"), "--model", "ffdnet-gray",
                                         "--sigma", "25",    "--precision",   "int8",    "--json"};
  const ProgramResult before = run_rdn(denoise);
  EXPECT_EQ(before.exit_code, 1);
  EXPECT_NE(before.messages.find("rdn model calibrate"), std::string::npos) << before.messages;
  ASSERT_EQ(run_rdn({"model", "calibrate", "ffdnet-gray", "--data", path("train")}).exit_code, 0);
  const ProgramResult after = run_rdn(denoise);
  ASSERT_EQ(after.exit_code, 0) << after.messages;
  const std::string precision = json::parse(after.out)["precision"];
  // A CPU without eight bits falls back, and says so.
  EXPECT_TRUE(precision == "int8" || after.messages.find("f32 is used") != std::string::npos) << after.messages;
}

TEST_F(RdnCalibrate, a_folder_without_pictures_is_named) {
  std::filesystem::create_directory(path("empty"));
  const ProgramResult result = run_rdn({"model", "calibrate", "ffdnet-gray", "--data", path("empty")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.messages.find("empty"), std::string::npos);
}

}  // namespace
}  // namespace rdenoise::test
