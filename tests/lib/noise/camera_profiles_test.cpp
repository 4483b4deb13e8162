// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <rdenoise/camera_profiles.hpp>
#include <rdenoise/error.hpp>

#include "noise/camera_name.hpp"
#include "support/data_folder.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

// Made for this test; the shape is that of darktable's file.
constexpr std::string_view sample = R"({"version": 0, "noiseprofiles": [
 {"maker": "Canon", "models": [{"comment": "", "model": "EOS 550D", "profiles": [
   {"name": "i", "iso": 400, "a": [4e-5, 2e-5, 3e-5], "b": [4e-7, 2e-7, 3e-7]},
   {"name": "i", "iso": 100, "a": [1e-5, 5e-6, 8e-6], "b": [1e-7, 5e-8, 8e-8]},
   {"name": "i", "iso": 1600, "a": [16e-5, 8e-5, 12e-5], "b": [-4e-7, 2e-6, 3e-6]},
   {"name": "i", "iso": 6400, "a": [64e-5, 32e-5, -1e-5], "b": [4e-6, 2e-6, 3e-6]},
   {"skip": true, "name": "i", "iso": 800, "a": [1, 1, 1], "b": [1, 1, 1]}]}]},
 {"maker": "Nikon", "models": [{"model": "D600", "profiles": [
   {"name": "i", "iso": 100, "a": [1e-5, 5e-6, 8e-6], "b": [1e-7, 5e-8, 8e-8]}]}]},
 {"maker": "Pentax", "models": [{"model": "K-3", "profiles": [
   {"name": "i", "iso": 100, "a": [0, -1, 0], "b": [1e-7, 5e-8, 8e-8]}]}]}]})";

class CameraProfilesTest : public testing::Test {
 protected:
  std::filesystem::path write(std::string_view text) const {
    std::ofstream(folder_ / "profiles.json") << text;
    return folder_ / "profiles.json";
  }
  CameraProfiles load(ProfileBias bias = ProfileBias::as_stored) const {
    return CameraProfiles::load(write(sample), bias);
  }
  test::TemporaryFolder folder_;
};

TEST_F(CameraProfilesTest, a_measured_iso_gives_what_the_file_says) {
  const auto profile = load().find("Canon", "EOS 550D", 400);
  ASSERT_TRUE(profile.has_value());
  EXPECT_EQ(profile->channel_count, 3);
  EXPECT_EQ(profile->channels[1], (NoiseModel{2e-5, 2e-7, {}}));
  EXPECT_EQ(profile->confidence, 0.5);
}

TEST_F(CameraProfilesTest, correction_raises_sigma_by_twice_the_loss_of_demosaicing) {
  const auto stored = load().find("Canon", "EOS 550D", 400);
  const auto corrected = load(ProfileBias::corrected).find("Canon", "EOS 550D", 400);
  ASSERT_TRUE(stored && corrected);
  const double sigma_factor[] = {2 * 1.6, 2 * 2.0, 2 * 1.4};
  for (int c = 0; c < 3; ++c) {
    EXPECT_NEAR(corrected->channels[c].sigma(0.3) / stored->channels[c].sigma(0.3), sigma_factor[c], 1e-12);
  }
}

TEST_F(CameraProfilesTest, between_two_isos_runs_a_power_law) {
  // a = 1e-7·ISO at both ends, so everywhere between.
  const auto profile = load().find("Canon", "EOS 550D", 200);
  ASSERT_TRUE(profile.has_value());
  EXPECT_NEAR(profile->channels[0].a, 2e-5, 1e-15);
  EXPECT_NEAR(profile->channels[0].b, 2e-7, 1e-17);
}

TEST_F(CameraProfilesTest, skipped_entries_do_not_count) {
  const auto profile = load().find("Canon", "EOS 550D", 800);
  ASSERT_TRUE(profile.has_value());
  EXPECT_NEAR(profile->channels[1].a, 4e-5, 1e-15);
}

TEST_F(CameraProfilesTest, negative_read_noise_becomes_none_and_costs_confidence) {
  const auto profile = load().find("Canon", "EOS 550D", 1600);
  ASSERT_TRUE(profile.has_value());
  EXPECT_EQ(profile->channels[0].b, 0.0);
  EXPECT_EQ(profile->channels[1].b, 2e-6);
  EXPECT_EQ(profile->confidence, 0.25);
  // Between a positive and no read noise: a straight line, here a third of the way.
  EXPECT_NEAR(load().find("Canon", "EOS 550D", 800)->channels[0].b, 4e-7 * 2 / 3, 1e-17);
}

TEST_F(CameraProfilesTest, a_channel_whose_fit_failed_takes_the_others_mean) {
  const auto profile = load().find("Canon", "EOS 550D", 6400);
  ASSERT_TRUE(profile.has_value());
  EXPECT_NEAR(profile->channels[2].a, 48e-5, 1e-15);
  EXPECT_NEAR(profile->channels[2].b, 3e-6, 1e-17);
  EXPECT_EQ(profile->confidence, 0.25);
}

TEST_F(CameraProfilesTest, up_to_a_stop_outside_is_extrapolated_and_costs_confidence) {
  const auto profile = load().find("Canon", "EOS 550D", 50);
  ASSERT_TRUE(profile.has_value());
  EXPECT_NEAR(profile->channels[0].a, 5e-6, 1e-16);
  EXPECT_NEAR(profile->channels[0].b, 2.5e-8, 1e-18);
  EXPECT_EQ(profile->confidence, 0.25);
  EXPECT_TRUE(load().find("Canon", "EOS 550D", 12800).has_value());
  EXPECT_FALSE(load().find("Canon", "EOS 550D", 49).has_value());
  EXPECT_FALSE(load().find("Canon", "EOS 550D", 12900).has_value());
}

TEST_F(CameraProfilesTest, tells_the_least_and_the_greatest_iso_that_has_figures) {
  EXPECT_EQ(load().measured_isos("Canon", "EOS 550D"), (IsoRange{100, 6400}));
  EXPECT_EQ(load().measured_isos("", "Nikon D600"), (IsoRange{100, 100}));
  EXPECT_FALSE(load().measured_isos("Canon", "EOS 5"));
  EXPECT_FALSE(load().measured_isos("Pentax", "K-3")) << "its only fit failed";
}

TEST_F(CameraProfilesTest, unknown_cameras_and_isos_find_nothing) {
  const CameraProfiles profiles = load();
  EXPECT_EQ(profiles.camera_count(), 3U);
  EXPECT_FALSE(profiles.find("Canon", "EOS 550", 100));
  EXPECT_FALSE(profiles.find("Canon", "EOS 5", 100));
  EXPECT_FALSE(profiles.find("Nikon", "EOS 550D", 100));
  EXPECT_FALSE(profiles.find("", "", 100));
  EXPECT_FALSE(profiles.find("Canon", "EOS 550D", 0));
  EXPECT_FALSE(profiles.find("Canon", "EOS 550D", std::nan("")));
  EXPECT_FALSE(profiles.find("Pentax", "K-3", 100)) << "no channel has a slope";
}

TEST_F(CameraProfilesTest, a_camera_is_found_under_its_names) {
  const CameraProfiles profiles = load();
  for (const auto& [make, model] : {std::pair{"Canon", "Canon EOS 550D"},
                                    {"CANON", "eos 550d"},
                                    {"Canon Inc.", "EOS-550D"},
                                    {"Canon", "EOS Kiss X4"},
                                    {"Canon", "Canon EOS REBEL T2i"},
                                    {"Canon", "Canon EOS DIGITAL REBEL T2i"}}) {
    EXPECT_TRUE(profiles.find(make, model, 100)) << make << " " << model;
  }
  EXPECT_TRUE(profiles.find("NIKON CORPORATION", "NIKON D600", 100));
  EXPECT_TRUE(profiles.find("Somebody else", "NIKON D600", 100));
}

TEST(CameraName, keeps_what_tells_cameras_apart) {
  EXPECT_EQ(plain_model("EOS 5D Mark II", "canon"), "eos5dmarkii");
  EXPECT_NE(plain_model("EOS 5D Mark II", "canon"), plain_model("EOS 5D Mark III", "canon"));
  EXPECT_NE(plain_model("E-M5", "olympus"), plain_model("E-M5 Mark II", "olympus"));
  EXPECT_EQ(plain_model("Leica", "leica"), "leica") << "a name that is nothing but the maker's stays";
}

TEST_F(CameraProfilesTest, damaged_files_are_refused_by_the_place_of_the_damage) {
  const std::pair<std::string, std::string> damages[] = {
      {"{}", "noiseprofiles"},
      {R"({"noiseprofiles": 3})", "noiseprofiles"},
      {R"({"noiseprofiles": [{"maker": 3, "models": []}]})", "noiseprofiles[0].maker"},
      {R"({"noiseprofiles": [{"maker": "X"}]})", "noiseprofiles[0].models"},
      {R"({"noiseprofiles": [{"maker": "X", "models": [{"model": "Y", "profiles": [{"iso": 0}]}]}]})", "iso"},
      {R"({"noiseprofiles": [{"maker": "X", "models": [{"model": "Y", "profiles": [{"iso": 1, "a": [1], "b": []}]}]}]})",
       "profiles[0].a"},
      {std::string(sample.substr(0, 300)), "at byte"}};
  for (const auto& [text, place] : damages) {
    try {
      (void)CameraProfiles::load(write(text));
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::corrupt) << error.what();
      EXPECT_NE(std::string(error.what()).find(place), std::string::npos) << error.what();
      EXPECT_NE(std::string(error.what()).find("profiles.json"), std::string::npos) << error.what();
    }
  }
  EXPECT_THROW((void)CameraProfiles::load(folder_ / "absent.json"), Error);
}

TEST(CameraProfiles, an_installed_darktable_is_looked_for_in_the_data_folders) {
  setenv("XDG_DATA_DIRS", "/first::/second", 1);
  const auto paths = default_camera_profile_paths();
  unsetenv("XDG_DATA_DIRS");
  ASSERT_EQ(paths.size(), 3U);
  EXPECT_EQ(paths[0], "/first/darktable/noiseprofiles.json");
  EXPECT_EQ(paths[2], "/opt/darktable/share/darktable/noiseprofiles.json");
  EXPECT_EQ(default_camera_profile_paths()[1], "/usr/share/darktable/noiseprofiles.json");
}

TEST(CameraProfiles, all_of_darktables_file_is_read) {
  const auto folder = test::data_folder("profiles");
  if (!folder) GTEST_SKIP() << test::no_data_message("profiles");
  const CameraProfiles profiles = CameraProfiles::load(*folder / "noiseprofiles.json");
  EXPECT_GT(profiles.camera_count(), 400U);
  const auto found = profiles.find("NIKON CORPORATION", "NIKON D600", 3200);
  ASSERT_TRUE(found.has_value());
  EXPECT_NEAR(found->channels[1].a, 16.0 * 3.34761765893987e-05, 1e-12);
  EXPECT_TRUE(profiles.find("Canon", "Canon EOS 5D Mark III", 3200));
  EXPECT_TRUE(profiles.find("Canon", "EOS Kiss X4", 800));
}

class RaspberryPiNoise : public CameraProfilesTest {};

TEST_F(RaspberryPiNoise, slope_in_16_bit_steps_becomes_a_normalised_variance) {
  const auto path = write(R"({"algorithms": [{"rpi.black_level": {"black_level": 5535}},
    {"rpi.noise": {"reference_constant": 0, "reference_slope": 3.0}}]})");
  const NoiseProfile profile = read_raspberry_pi_noise(path, 2.0);
  // σ = 3·√(2·x) in 16-bit steps at gain 2, x of 60000 above black.
  EXPECT_NEAR(profile.channels[0].sigma(0.5) * 60000.0, 3.0 * std::sqrt(2.0 * 30000.0), 1e-9);
  EXPECT_EQ(profile.channels[2], profile.channels[0]);
  EXPECT_EQ(profile.confidence, 0.5);
  EXPECT_THROW((void)read_raspberry_pi_noise(path, 0.0), Error);
}

TEST_F(RaspberryPiNoise, a_file_without_it_or_with_a_constant_is_refused) {
  EXPECT_THROW((void)read_raspberry_pi_noise(write(R"({"algorithms": [{"rpi.geq": {}}]})"), 1.0), Error);
  EXPECT_THROW((void)read_raspberry_pi_noise(
                   write(R"({"algorithms": [{"rpi.noise": {"reference_constant": 1, "reference_slope": 3}}]})"), 1.0),
               Error);
}

TEST_F(RaspberryPiNoise, the_figure_of_a_small_pixel_fits_its_full_well) {
  const auto folder = test::data_folder("profiles/rpi-tuning-vc4");
  if (!folder) GTEST_SKIP() << test::no_data_message("profiles/rpi-tuning-vc4");
  const NoiseProfile profile = read_raspberry_pi_noise(*folder / "imx477.json", 1.0);
  // 1/a is the number of electrons at white; a pixel of 1.55 µm holds a few thousand. Other units would miss by far.
  EXPECT_GT(1.0 / profile.channels[0].a, 4000.0);
  EXPECT_LT(1.0 / profile.channels[0].a, 16000.0);
}

}  // namespace
}  // namespace rdenoise
