// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/bayer_study.hpp"

#include <fstream>
#include <rdenoise/error.hpp>

#include "small_model.hpp"
#include "small_study.hpp"

namespace rdenoise::training {
namespace {

NetworkParams ffdnet(InputDomain input, int channels) {
  return {.network = "ffdnet", .input = input, .image_channels = channels, .depth = 3, .width = 8, .residual = true};
}

// Green's figures count 16 times in a mosaic, see CameraProfiles.
constexpr std::string_view profiles_text = R"({"version": 0, "noiseprofiles": [
 {"maker": "Nikon", "models": [{"model": "Quiet", "profiles": [
   {"name": "i", "iso": 100, "a": [1e-13, 1e-13, 1e-13], "b": [0, 0, 0]}]}]},
 {"maker": "Canon", "models": [{"model": "Loud", "profiles": [
   {"name": "i", "iso": 400, "a": [1e-5, 1e-5, 1e-5], "b": [1e-7, 1e-7, 1e-7]},
   {"name": "i", "iso": 800, "a": [2e-5, 2e-5, 2e-5], "b": [4e-7, 4e-7, 4e-7]}]}]}]})";

enum Column : std::size_t { camera, iso, from_iso, a_green, b_green, pictures, gain, gain_over_best, noisy_psnr };
constexpr std::size_t way_count = 7;  // of one strength beside 1 and one blind model

class BayerStudyTest : public SmallStudy {
 protected:
  void SetUp() override {
    write_test_pictures("test/kodak24");
    std::filesystem::create_directories(folder_ / "profiles");
    std::ofstream(folder_ / "profiles/noiseprofiles.json") << profiles_text;
    bayer_ = write_zero_model(folder_ / "mosaics", ffdnet(InputDomain::bayer, 1));
    color_ = write_zero_model(folder_ / "colors", ffdnet(InputDomain::rgb, 3));
    NetworkParams blind = ffdnet(InputDomain::rgb, 3);
    blind.network = "dncnn";
    blind_ = write_zero_model(folder_ / "blind", blind);
  }

  BayerStudy study() const {
    return {.bayer_model = bayer_,
            .color_model = color_,
            .blind_models = {blind_},
            .cameras = {"Canon Loud", "Nikon Quiet"},
            .isos = {800, 3200},
            .strengths = {2},
            .profiles = {}};
  }
  CsvFields measure(const BayerStudy& study) const {
    StudyRun run(options());
    run_bayer_study(study, run);
    return read_fields(folder_ / "out/bayer.csv");
  }

  std::string bayer_;
  std::string color_;
  std::string blind_;
};

TEST_F(BayerStudyTest, networks_that_take_nothing_away_make_all_ways_equal) {
  const CsvFields fields = measure(study());
  ASSERT_EQ(fields.size(), 1 + 2 * 2 + 2U) << "cameras by ISOs, and the mean camera";
  ASSERT_EQ(fields[0].size(), noisy_psnr + 2 * way_count);
  EXPECT_EQ(fields[0][fields[0].size() - 3], "developed_profile_x2_ssim");
  EXPECT_EQ(fields[0].back(), "developed_blind_ssim");
  EXPECT_EQ(fields[5][camera], "mean");
  for (std::size_t row = 1; row < fields.size(); ++row) {
    EXPECT_EQ(fields[row][pictures], "2");
    EXPECT_EQ(fields[row][gain], "0");
    EXPECT_EQ(fields[row][gain_over_best], "0");
    for (std::size_t column = noisy_psnr; column < fields[row].size(); ++column)
      EXPECT_EQ(fields[row][column], fields[row][column % 2 == 0 ? noisy_psnr : noisy_psnr + 1]);
  }
  EXPECT_TRUE(has("out/bayer.svg"));
}

TEST_F(BayerStudyTest, more_iso_is_more_noise) {
  const CsvFields fields = measure(study());
  // Both channel variances at least double with each stop, so two stops cost 6 dB, less what clipping hides.
  EXPECT_LT(std::stod(fields[2][noisy_psnr]), std::stod(fields[1][noisy_psnr]) - 4.0);
}

// Rounded to steps of 1/15359 the mosaic's error is 1.9e-5. At black, exposure, gains and the matrix make at most some
// 5 of it and the tone curve 12.9 times that: 1.2e-3, which is 58 dB, were all the picture black.
TEST_F(BayerStudyTest, next_to_no_noise_leaves_the_rounding_to_14_bit) {
  EXPECT_GT(std::stod(measure(study())[3][noisy_psnr]), 58.0);
}

TEST_F(BayerStudyTest, beyond_the_measured_isos_noise_grows_with_gain_and_the_table_says_so) {
  const CsvFields fields = measure(study());
  EXPECT_EQ(fields[1][from_iso], "");
  EXPECT_NEAR(std::stod(fields[1][a_green]), 16 * 2e-5, 1e-12);
  EXPECT_EQ(fields[2][from_iso], "800");
  EXPECT_NEAR(std::stod(fields[2][a_green]), 4 * 16 * 2e-5, 1e-12);
  EXPECT_NEAR(std::stod(fields[2][b_green]), 16 * 16 * 4e-7, 1e-12);
}

TEST_F(BayerStudyTest, every_second_picture_of_two_is_the_first) {
  BayerStudy half = study();
  half.every = 2;
  EXPECT_EQ(measure(half)[1][pictures], "1");
}

TEST_F(BayerStudyTest, what_cannot_be_compared_is_refused) {
  const auto refused = [this](auto change) {
    BayerStudy wrong = study();
    change(wrong);
    EXPECT_THROW(measure(wrong), Error);
  };
  refused([&](BayerStudy& wrong) { std::swap(wrong.bayer_model, wrong.color_model); });
  refused([&](BayerStudy& wrong) { wrong.blind_models = {color_}; });
  refused([&](BayerStudy& wrong) { wrong.cameras.push_back("Canon Silent"); });
  refused([&](BayerStudy& wrong) { wrong.cameras.clear(); });
  refused([&](BayerStudy& wrong) { wrong.isos.clear(); });
  refused([&](BayerStudy& wrong) { wrong.every = 0; });
  refused([&](BayerStudy& wrong) { wrong.profiles = folder_ / "none.json"; });
}

}  // namespace
}  // namespace rdenoise::training
