// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn batch --format dng-linear, read back as any reader of DNG would.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <rdenoise/error.hpp>
#include <rdenoise/isp.hpp>
#include <rdenoise/picture_file.hpp>
#include <span>
#include <utility>

#include "batch_workplace.hpp"
#include "support/formula_pictures.hpp"

namespace rdenoise::test {
namespace {

namespace fs = std::filesystem;

LinearRgb read_linear_file(const std::string& path, LinearColors colors) {
  std::ifstream stream(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  return read_linear_rgb(std::as_bytes(std::span(bytes)), path, colors);
}

class RdnLinearDng : public BatchWorkplace {
 protected:
  /// A photo of this orientation, whose three colours are flat at these signals.
  void write_flat_photo(const std::array<float, 3>& signals, int orientation) const {
    RawFrame frame = formula_raw(64, 48);
    frame.metadata.orientation = orientation;
    for (int y = 0; y < frame.height_px; ++y) {
      for (int x = 0; x < frame.width_px; ++x) {
        const auto color = static_cast<std::size_t>(cfa_color_at(frame.cfa, x, y));
        frame.mosaic[static_cast<std::size_t>(y * frame.width_px + x)] =
            static_cast<std::uint16_t>(std::lround(256.F + signals[color] * (4095.F - 256.F)));
      }
    }
    write_dng(path("in/flat.dng"), frame);
  }

  void convert(const Words& more = {}) const {
    Words arguments{path("in"), "-o", path("out"), "--format", "dng-linear"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_EQ(batch(arguments).exit_code, 0);
  }
};

TEST_F(RdnLinearDng, levels_matrices_size_and_orientation_are_those_of_the_photo) {
  const std::array<float, 3> signals{0.2F, 0.5F, 0.35F};
  write_flat_photo(signals, 6);
  const RawMetadata before = read_raw_file(path("in/flat.dng")).metadata;
  convert({"--strength", "0"});
  EXPECT_THROW((void)read_raw_file(path("out/flat.dng")), Error) << "there is no mosaic left";
  const LinearRgb linear = read_linear_file(path("out/flat.dng"), LinearColors::camera);
  EXPECT_EQ(linear.image.width_px(), 64);
  EXPECT_EQ(linear.image.height_px(), 48);
  EXPECT_EQ(linear.metadata.orientation, 6);
  for (std::size_t i = 0; i < 9; ++i)
    EXPECT_NEAR(linear.metadata.xyz_to_camera[i], before.xyz_to_camera[i], 1e-5F) << i;
  for (std::size_t c = 0; c < 3; ++c)
    EXPECT_NEAR(linear.metadata.as_shot_gains[c], before.as_shot_gains[c], 1e-4F * before.as_shot_gains[c]);
  for (int c = 0; c < 3; ++c) {
    for (const float sample : linear.image.plane(c)) {
      // Half a step of the 12-bit mosaic, and a few of LibRaw's 16 bit, which white balance spreads by a factor of 2.
      EXPECT_NEAR(sample, signals[static_cast<std::size_t>(c)], 0.5F / 3839.F + 4.F / 65535.F) << c;
    }
  }
}

TEST_F(RdnLinearDng, picture_developed_of_it_is_the_one_developed_of_the_denoised_mosaic) {
  RawFrame photo = formula_raw(96, 80);
  // A third of the exposure: nothing is blown after white balance, where development clips and a linear DNG does not.
  for (std::uint16_t& dn : photo.mosaic) dn = static_cast<std::uint16_t>(256 + (dn - 256) / 3);
  write_dng(path("in/photo-0.dng"), photo);
  // One that denoises: random weights would leave samples below black, which a linear DNG cannot hold.
  const std::string model = SOURCE_ROOT "/models/ffdnet-live-bayer";
  convert({"--model", model});
  ASSERT_EQ(batch({path("in"), "-o", path("tiff"), "--format", "tiff", "--model", model}).exit_code, 0);
  const Image expected = read_picture(path("tiff/photo-0.tiff")).image;
  const LinearRgb linear = read_linear_file(path("out/photo-0.dng"), LinearColors::camera);
  const RawMetadata before = read_raw_file(path("in/photo-0.dng")).metadata;
  const float least_gain = std::ranges::min(before.as_shot_gains);
  double sum = 0.0;
  std::size_t count = 0;
  for (int y = 0; y < 80; ++y) {
    for (int x = 0; x < 96; ++x) {
      std::array<float, 3> balanced;
      for (int c = 0; c < 3; ++c) {
        const auto channel = static_cast<std::size_t>(c);
        balanced[channel] = linear.image.at(c, x, y) * before.as_shot_gains[channel] / least_gain;
      }
      for (int c = 0; c < 3; ++c) {
        float srgb = 0.F;
        for (int k = 0; k < 3; ++k)
          srgb += before.camera_to_srgb[static_cast<std::size_t>(3 * c + k)] * balanced[static_cast<std::size_t>(k)];
        const float developed = std::clamp(encode_tone(ToneCurve::srgb, srgb), 0.F, 1.F);
        sum += std::abs(developed - expected.at(c, x, y));
        ++count;
      }
    }
  }
  // The linear DNG is clipped at black, and rounded to 16 bit, by LibRaw once more.
  EXPECT_LT(sum / static_cast<double>(count), 0.25 / 255);
}

TEST_F(RdnLinearDng, carries_record_and_noise_and_is_not_denoised_again) {
  write_photos(1);
  convert();
  const LinearRgb linear = read_linear_file(path("out/photo-0.dng"), LinearColors::srgb);
  ASSERT_TRUE(linear.metadata.denoised);
  EXPECT_EQ(linear.metadata.denoised->model, "ffdnet-bayer");
  ASSERT_TRUE(linear.metadata.noise_profile);
  EXPECT_EQ(linear.metadata.noise_profile->channel_count, 3);
  for (const std::string format : {"png", "dng-linear"}) {
    const ProgramResult again = batch({path("out"), "-o", path("again-" + format), "--format", format});
    EXPECT_EQ(again.exit_code, 1) << format;
    EXPECT_NE(again.messages.find("--force"), std::string::npos) << again.messages;
  }
  EXPECT_EQ(batch({path("out"), "-o", path("forced"), "--format", "dng-linear", "--force"}).exit_code, 0);
}

TEST_F(RdnLinearDng, photo_without_a_mosaic_keeps_the_cameras_colours) {
  RawMetadata metadata = formula_raw(64, 48).metadata;
  Image rgb = formula_rgb(64, 48);
  // As dark as leaves room for white balance: the brightest sample, 0.95, times 2 is beyond white.
  for (float& sample : rgb.samples()) sample *= 0.9F;
  write_linear_dng(path("in/linear.dng"), rgb, metadata);
  convert({"--strength", "0"});
  const LinearRgb after = read_linear_file(path("out/linear.dng"), LinearColors::camera);
  for (int c = 0; c < 3; ++c) {
    const std::span<const float> expected = std::as_const(rgb).plane(c);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      // Twice LibRaw's 16 bit, spread by white balance.
      ASSERT_NEAR(after.image.plane(c)[i], expected[i], 8.F / 65535.F) << c << " " << i;
    }
  }
  EXPECT_EQ(after.metadata.xyz_to_camera,
            read_linear_file(path("in/linear.dng"), LinearColors::camera).metadata.xyz_to_camera);
}

TEST_F(RdnLinearDng, developed_picture_cannot_become_one) {
  write_formula_picture("in/picture.png", ColorModel::rgb);
  const ProgramResult result = batch({path("in"), "-o", path("out"), "--format", "dng-linear"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.messages.find("picture.png"), std::string::npos);
  EXPECT_FALSE(fs::exists(path("out/picture.dng")));
}

}  // namespace
}  // namespace rdenoise::test
