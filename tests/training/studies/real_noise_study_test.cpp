// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/real_noise_study.hpp"

#include <map>
#include <rdenoise/error.hpp>
#include <rdenoise/noise.hpp>
#include <rdenoise/nonlocal.hpp>
#include <rdenoise/quality.hpp>

#include "small_model.hpp"
#include "small_study.hpp"

namespace rdenoise::training {
namespace {

const NetworkParams told_params{
    .network = "ffdnet", .input = InputDomain::rgb, .image_channels = 3, .depth = 3, .width = 8, .residual = true};
const NetworkParams blind_params{
    .network = "dncnn", .input = InputDomain::rgb, .image_channels = 3, .depth = 3, .width = 8, .residual = true};

class RealNoiseStudyTest : public SmallStudy {
 protected:
  /// Two pairs in folders, and one by suffix.
  void SetUp() override {
    for (const char* name : {"plug_1.png", "chair_2.png"})
      write_pair(folder_ / "cc60/noisy" / name, folder_ / "cc60/mean" / name);
    write_pair(folder_ / "polyu/toy_plug_3_real.png", folder_ / "polyu/toy_plug_3_mean.png");
    told_ = write_zero_model(folder_ / "told", told_params);
    blind_ = write_zero_model(folder_ / "blind", blind_params);
  }

  RealNoiseStudy study() const {
    return {.models = {blind_}, .non_blind = {told_}, .pairs = {folder_ / "cc60", folder_ / "polyu/"}, .only = {}};
  }
  CsvFields measure(const RealNoiseStudy& study, const std::string& file = "real-noise") const {
    StudyRun run(options());
    run_real_noise_study(study, run);
    return read_fields(folder_ / ("out/" + file + ".csv"));
  }

  std::string told_;
  std::string blind_;

 private:
  void write_pair(const std::filesystem::path& noisy, const std::filesystem::path& mean) {
    for (const auto& path : {noisy, mean}) std::filesystem::create_directories(path.parent_path());
    Picture picture;
    picture.image = test::formula_rgb(48, 52);
    write_picture(mean, picture, {});
    const double sigma_8bit = 4.0 * ++pairs_;
    add_noise(std::as_const(picture.image).view(), picture.image.view(),
              uniform_profile(ColorModel::rgb, NoiseModel::gaussian(sigma_8bit)), {.seed = 1});
    write_picture(noisy, picture, {});
  }

  int pairs_ = 0;
};

// Networks of zeros take nothing away.
TEST_F(RealNoiseStudyTest, has_a_row_for_each_folder_and_method_and_of_all_folders) {
  const CsvFields fields = measure(study());
  EXPECT_EQ(fields[0], (std::vector<std::string>{"folder", "pairs", "method", "told", "told_sigma_8bit", "psnr_db",
                                                 "ssim", "psnr_gain_db", "ssim_gain"}));
  constexpr std::size_t methods = 8;
  ASSERT_EQ(fields.size(), 1 + 3 * methods);
  const std::array<std::array<std::string, 2>, methods> expected{{{"noisy", ""},
                                                                  {"blind", ""},
                                                                  {"told", "sigma of a x + b"},
                                                                  {"told", "a x + b"},
                                                                  {"told", "sigma of level function"},
                                                                  {"told", "level function"},
                                                                  {"bm3d", "sigma of a x + b"},
                                                                  {"bm3d", "sigma of level function"}}};
  const std::array<std::array<std::string, 2>, 3> folders{{{"cc60", "2"}, {"polyu", "1"}, {"all", "3"}}};
  for (std::size_t row = 1; row < fields.size(); ++row) {
    const auto& [folder, pairs] = folders[(row - 1) / methods];
    const std::size_t method = (row - 1) % methods;
    EXPECT_EQ(fields[row][0], folder);
    EXPECT_EQ(fields[row][1], pairs);
    EXPECT_EQ(fields[row][2], expected[method][0]);
    EXPECT_EQ(fields[row][3], expected[method][1]);
    EXPECT_EQ(fields[row][4].empty(), method < 2) << "σ that is told";
    if (method >= 6) continue;
    EXPECT_EQ(fields[row][7], "0");
    EXPECT_EQ(fields[row][8], "0");
  }
  EXPECT_TRUE(has("out/real-noise.svg"));
}

TEST_F(RealNoiseStudyTest, every_pair_counts_once_in_the_mean_of_all) {
  std::map<std::string, double> psnr_db;
  for (const auto& row : measure(study()))
    if (row[2] == "noisy") psnr_db[row[0]] = std::stod(row[5]);
  // Doubles of about 30, summed in another order: some units of 4e-15.
  EXPECT_NEAR(psnr_db.at("all"), (2.0 * psnr_db.at("cc60") + psnr_db.at("polyu")) / 3.0, 1e-12);
}

TEST_F(RealNoiseStudyTest, bm3d_is_told_the_sigma_that_rdn_eval_estimates) {
  const CsvFields fields = measure({.models = {blind_}, .non_blind = {}, .pairs = {folder_ / "polyu"}, .only = {}});
  const Image noisy = read_picture(folder_ / "polyu/toy_plug_3_real.png").image;
  const double sigma = sigma_8bit(estimate_noise(noisy.view()));
  Image denoised = bm3d(noisy, sigma);
  for (float& sample : denoised.samples()) sample = std::clamp(sample, 0.F, 1.F);
  ASSERT_EQ(fields.size(), 5U);
  ASSERT_EQ(fields[3][2], "bm3d");
  EXPECT_EQ(std::stod(fields[3][4]), sigma);
  EXPECT_EQ(std::stod(fields[3][5]), psnr_db(read_picture(folder_ / "polyu/toy_plug_3_mean.png").image, denoised));
}

TEST_F(RealNoiseStudyTest, a_network_that_estimates_the_noise_itself_is_blind) {
  const std::string cbdnet =
      write_zero_model(folder_ / "cbdnet",
                       {.network = "cbdnet", .input = InputDomain::rgb, .image_channels = 3, .depth = 5, .width = 12});
  EXPECT_EQ(measure({.models = {cbdnet}, .non_blind = {}, .pairs = {folder_ / "polyu"}, .only = {}})[2][2], "cbdnet");
}

TEST_F(RealNoiseStudyTest, only_takes_the_pairs_whose_folder_and_name_it_finds) {
  RealNoiseStudy some = study();
  some.only = "plug_[13]";
  const CsvFields fields = measure(some, "real-noise-pairs");
  ASSERT_EQ(fields.size(), 1 + 2 * 8U);
  EXPECT_EQ(fields[1][1], "plug_1.png");
  EXPECT_EQ(fields[9][1], "toy_plug_3");
  some.only = "^cc60/.*chair";
  some.pairs = {folder_ / "cc60"};
  EXPECT_EQ(measure(some, "real-noise-pairs")[1][1], "chair_2.png");
}

TEST_F(RealNoiseStudyTest, without_folders_it_is_cc60_below_data) {
  RealNoiseStudy usual = study();
  usual.pairs.clear();
  EXPECT_EQ(measure(usual)[1][0], "cc60");
}

TEST_F(RealNoiseStudyTest, what_cannot_be_compared_is_refused) {
  const auto refused = [this](auto change) {
    RealNoiseStudy wrong = study();
    change(wrong);
    EXPECT_THROW(measure(wrong), Error);
  };
  refused([&](RealNoiseStudy& wrong) { wrong.models = {told_}; });
  refused([&](RealNoiseStudy& wrong) { wrong.non_blind = {blind_}; });
  refused([&](RealNoiseStudy& wrong) { wrong.models = {blind_, blind_}; });
  refused([&](RealNoiseStudy& wrong) { wrong.only = "("; });
  refused([&](RealNoiseStudy& wrong) { wrong.only = "no such scene"; });
  NetworkParams gray = blind_params;
  gray.input = InputDomain::gray;
  gray.image_channels = 1;
  refused([&](RealNoiseStudy& wrong) { wrong.models = {write_zero_model(folder_ / "gray", gray)}; });
}

}  // namespace
}  // namespace rdenoise::training
