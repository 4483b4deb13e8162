// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/optical_black.hpp"

#include <gtest/gtest.h>

#include <random>

#include "raw/dng_writer.hpp"
#include "sample_frame.hpp"
#include "support/data_folder.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

constexpr ActiveArea picture{40, 20, 120, 100};
constexpr int sensor_width_px = 164;
constexpr int sensor_height_px = 124;
/// Black and read noise of the covered border, per site.
constexpr std::array<double, 4> border_mean_dn{256.0, 258.0, 255.0, 257.0};
constexpr std::array<double, 4> border_sigma_dn{3.0, 4.0, 5.0, 6.0};

/// A sensor whose border is dark, with noise; the picture is bright.
RawFrame bordered_frame() {
  RawFrame frame = sample_frame(sensor_width_px, sensor_height_px, CfaPattern::grbg, 12);
  frame.metadata.black_level_dn = {256.F, 256.F, 256.F, 256.F};
  std::mt19937 generator(1);
  for (int y = 0; y < sensor_height_px; ++y) {
    for (int x = 0; x < sensor_width_px; ++x) {
      const bool is_picture = x >= picture.left_px && x < picture.left_px + picture.width_px && y >= picture.top_px &&
                              y < picture.top_px + picture.height_px;
      const std::size_t site = 2 * ((y - picture.top_px) & 1) + ((x - picture.left_px) & 1);
      std::normal_distribution<double> dark(border_mean_dn[site], border_sigma_dn[site]);
      const double value = is_picture ? 2000.0 + generator() % 100 : std::round(dark(generator));
      frame.mosaic[static_cast<std::size_t>(y) * sensor_width_px + x] = static_cast<std::uint16_t>(value);
    }
  }
  return frame;
}

SensorArea area_of(const RawFrame& frame) {
  return {frame.mosaic,    sensor_width_px, sensor_width_px,  sensor_height_px,
          picture.left_px, picture.top_px,  picture.width_px, picture.height_px};
}

std::optional<OpticalBlack> measured(const RawFrame& frame) {
  return measure_optical_black(area_of(frame), frame.metadata.black_level_dn, frame.metadata.white_level_dn);
}

void expect_border(const std::optional<OpticalBlack>& black) {
  ASSERT_TRUE(black.has_value());
  for (std::size_t site = 0; site < 4; ++site) {
    const double variance = border_sigma_dn[site] * border_sigma_dn[site] + 1.0 / 12;  // and rounding
    const double count = static_cast<double>(black->pixel_count) / 4;
    EXPECT_NEAR(black->mean_dn[site], border_mean_dn[site], 4 * std::sqrt(variance / count)) << site;
    EXPECT_NEAR(black->variance_dn2[site] / variance, 1.0, 4 * std::sqrt(2 / count)) << site;
  }
}

TEST(OpticalBlack, mean_and_variance_of_each_site_are_those_of_the_border) {
  expect_border(measured(bordered_frame()));
}

TEST(OpticalBlack, hot_pixels_and_calibration_lines_do_not_count) {
  RawFrame frame = bordered_frame();
  std::mt19937 generator(2);
  for (int i = 0; i < 40; ++i) {
    const std::size_t y = generator() % sensor_height_px;
    frame.mosaic[y * sensor_width_px + generator() % picture.left_px] = 4095;
  }
  for (int x = 0; x < sensor_width_px; ++x) {
    frame.mosaic[2 * sensor_width_px + x] = 200;
    frame.mosaic[5 * sensor_width_px + x] = static_cast<std::uint16_t>(100 + generator() % 400);
  }
  for (int y = 0; y < sensor_height_px; ++y) frame.mosaic[static_cast<std::size_t>(y) * sensor_width_px + 7] = 300;
  expect_border(measured(frame));
}

TEST(OpticalBlack, the_quietest_of_several_borders_is_taken) {
  RawFrame frame = bordered_frame();
  std::mt19937 generator(3);
  for (int y = 0; y < sensor_height_px; ++y) {
    for (int x = 0; x < picture.left_px; ++x) {
      frame.mosaic[static_cast<std::size_t>(y) * sensor_width_px + x] += generator() % 20;
    }
  }
  const auto black = measured(frame);
  expect_border(black);
  // Rows 0 to 17 above the picture, and few others.
  EXPECT_LE(black->pixel_count, picture.width_px * 18);
}

TEST(OpticalBlack, a_border_in_the_light_is_none) {
  RawFrame frame = bordered_frame();
  for (auto& sample : frame.mosaic) sample = static_cast<std::uint16_t>(sample + 60);
  EXPECT_FALSE(measured(frame));
  std::mt19937 generator(4);
  frame = bordered_frame();
  for (auto& sample : frame.mosaic) sample = static_cast<std::uint16_t>(100 + generator() % 313);
  EXPECT_FALSE(measured(frame)) << "as dark in the mean, but far too restless";
}

TEST(OpticalBlack, a_border_without_any_noise_tells_nothing) {
  RawFrame frame = bordered_frame();
  std::ranges::fill(frame.mosaic, std::uint16_t{256});
  EXPECT_FALSE(measured(frame));
}

TEST(OpticalBlack, sensors_without_or_with_a_thin_border_have_none) {
  const RawFrame frame = bordered_frame();
  const auto black = frame.metadata.black_level_dn;
  EXPECT_FALSE(measure_optical_black(
      {frame.mosaic, sensor_width_px, sensor_width_px, sensor_height_px, 0, 0, sensor_width_px, sensor_height_px},
      black, 4095));
  EXPECT_FALSE(measure_optical_black({frame.mosaic, sensor_width_px, sensor_width_px, sensor_height_px, 1, 2,
                                      sensor_width_px - 3, sensor_height_px - 3},
                                     black, 4095));
}

TEST(OpticalBlack, is_read_from_a_dng_and_the_picture_stays_the_active_area) {
  const test::TemporaryFolder folder;
  const RawFrame sensor = bordered_frame();
  write_dng(folder / "bordered.dng", sensor, picture);
  const RawFrame read = read_raw_file(folder / "bordered.dng");
  EXPECT_EQ(read.width_px, picture.width_px);
  EXPECT_EQ(read.height_px, picture.height_px);
  EXPECT_EQ(read.cfa, sensor.cfa);
  EXPECT_EQ(read.mosaic[0],
            sensor.mosaic[static_cast<std::size_t>(picture.top_px) * sensor_width_px + picture.left_px]);
  expect_border(read.metadata.optical_black);
  EXPECT_EQ(read.metadata.optical_black, measured(sensor));
  write_dng(folder / "plain.dng", read);
  EXPECT_FALSE(read_raw_file(folder / "plain.dng").metadata.optical_black);
}

TEST(OpticalBlack, the_real_border_shows_the_noise_of_the_pictures_darkest_parts) {
  const auto folder = test::data_folder("raw/canon-kissx4-dng-14bit");
  if (!folder) GTEST_SKIP() << test::no_data_message("raw/canon-kissx4-dng-14bit");
  const auto black = read_raw_file(*folder / "Canon_EOS_KissX4_MagicLantern_colorchart.dng").metadata.optical_black;
  ASSERT_TRUE(black.has_value());
  for (std::size_t site = 0; site < 4; ++site) {
    // The file says 2056; the border is somewhat darker. Variance behind a high-pass filter is 113 to 123 DN² there.
    EXPECT_NEAR(black->mean_dn[site], 2048.0, 8.0);
    EXPECT_NEAR(black->variance_dn2[site], 118.0, 20.0);
  }
}

}  // namespace
}  // namespace rdenoise
