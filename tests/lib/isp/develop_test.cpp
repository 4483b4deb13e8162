// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <rdenoise/error.hpp>
#include <rdenoise/isp.hpp>
#include <utility>
#include <vector>

#include "isp/root_domain.hpp"

namespace rdenoise {
namespace {

constexpr std::array all_patterns{CfaPattern::rggb, CfaPattern::grbg, CfaPattern::gbrg, CfaPattern::bggr};

/// Rows sum to 1, as those of every camera matrix after white balance.
constexpr std::array<float, 9> camera_matrix{1.8F, -0.6F, -0.2F, -0.3F, 1.7F, -0.4F, 0.1F, -0.5F, 1.4F};

Image flat_mosaic(std::array<float, 3> color, int width_px, int height_px, CfaPattern cfa) {
  Image rgb(ColorModel::rgb, width_px, height_px);
  for (int c = 0; c < 3; ++c) std::ranges::fill(rgb.plane(c), color[c]);
  return mosaic_from_rgb(rgb, cfa);
}

Image random_mosaic(int width_px, int height_px) {
  std::mt19937 generator(7);
  Image mosaic(ColorModel::bayer, width_px, height_px, CfaPattern::gbrg);
  for (float& sample : mosaic.samples()) sample = static_cast<float>(generator() >> 8) / static_cast<float>(1 << 24);
  return mosaic;
}

Image developed(const Image& mosaic, const DevelopOptions& options) {
  Image rgb(ColorModel::rgb, mosaic.width_px(), mosaic.height_px());
  develop(mosaic.view(), rgb.view(), options);
  return rgb;
}

TEST(Develop, white_balance_and_matrix_keep_gray_neutral) {
  DevelopOptions options;
  options.gains = {2.F, 1.F, 1.6F};
  options.camera_to_srgb = camera_matrix;
  for (const CfaPattern cfa : all_patterns) {
    for (const float gray : {0.01F, 0.2F, 0.9F}) {
      const Image rgb = developed(flat_mosaic({gray / 2.F, gray, gray / 1.6F}, 12, 10, cfa), options);
      // A dozen roundings of 6e-8 and the tone curve's slope of at most 12.92.
      for (const float sample : rgb.samples()) ASSERT_NEAR(sample, encode_tone(ToneCurve::srgb, gray), 1e-5F) << gray;
    }
  }
}

TEST(Develop, blown_highlights_are_white_whatever_the_gains) {
  DevelopOptions options;
  options.camera_to_srgb = camera_matrix;
  for (const std::array<float, 3> gains : {std::array{2.F, 1.F, 1.6F}, std::array{0.5F, 1.F, 2.F}}) {
    options.gains = gains;
    const Image rgb = developed(flat_mosaic({1.F, 1.F, 1.F}, 8, 8, CfaPattern::rggb), options);
    for (const float sample : rgb.samples()) ASSERT_NEAR(sample, 1.F, 1e-5F);
  }
}

TEST(Develop, a_sensor_that_saturates_below_its_white_level_still_gives_white) {
  DevelopOptions options;
  options.gains = {1.9F, 1.F, 1.75F};
  options.camera_to_srgb = camera_matrix;
  const Image rgb = developed(flat_mosaic({0.955F, 0.955F, 0.955F}, 8, 8, CfaPattern::rggb), options);
  for (const float sample : rgb.samples()) ASSERT_NEAR(sample, 1.F, 1e-5F);
}

TEST(Develop, bright_colours_below_white_are_not_faded) {
  DevelopOptions options;
  options.tone_curve = ToneCurve::linear;
  const Image rgb = developed(flat_mosaic({0.94F, 0.9F, 0.87F}, 8, 8, CfaPattern::rggb), options);
  EXPECT_NEAR(rgb.at(0, 4, 4), 0.94F, 1e-6F);
  EXPECT_NEAR(rgb.at(1, 4, 4), 0.9F, 1e-6F);
  EXPECT_NEAR(rgb.at(2, 4, 4), 0.87F, 1e-6F);
}

TEST(Develop, one_stop_doubles_linear_light) {
  DevelopOptions options;
  options.tone_curve = ToneCurve::linear;
  options.exposure_ev = 1.F;
  const Image rgb = developed(flat_mosaic({0.1F, 0.2F, 0.3F}, 6, 6, CfaPattern::grbg), options);
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(rgb.at(c, 3, 3), 0.2F * static_cast<float>(c + 1), 1e-6F);
}

TEST(Develop, without_changes_equals_demosaicing) {
  const Image mosaic = random_mosaic(21, 15);
  DevelopOptions options;
  options.tone_curve = ToneCurve::linear;
  // Signals up to 0.5, so that overshoots stay below 0.95 too: nothing is clipped or faded.
  Image dark = mosaic;
  for (float& sample : dark.samples()) sample *= 0.5F;
  options.demosaic_domain = DemosaicDomain::linear;
  for (const DemosaicMethod method : demosaic_methods) {
    options.demosaic = method;
    const Image expected = demosaic(std::as_const(dark).view(), method);
    const Image rgb = developed(dark, options);
    for (std::size_t i = 0; i < rgb.samples().size(); ++i) {
      ASSERT_FLOAT_EQ(rgb.samples()[i], expected.samples()[i]) << i;
    }
  }
}

TEST(Develop, the_root_domain_is_demosaicing_of_roots) {
  const Image mosaic = random_mosaic(21, 15);
  DevelopOptions options;
  options.tone_curve = ToneCurve::linear;
  Image dark = mosaic;
  for (float& sample : dark.samples()) sample = 0.5F * sample - 0.02F;
  Image roots = dark;
  for (float& sample : roots.samples()) {
    sample = std::copysign(std::sqrt(std::abs(sample) + root_knee) - std::sqrt(root_knee), sample);
  }
  for (const DemosaicMethod method : demosaic_methods) {
    options.demosaic = method;
    const Image root_rgb = demosaic(std::as_const(roots).view(), method);
    const Image rgb = developed(dark, options);
    for (std::size_t i = 0; i < rgb.samples().size(); ++i) {
      const float root = root_rgb.samples()[i];
      const double magnitude = std::abs(root) + std::sqrt(root_knee);
      const double light = std::copysign(magnitude * magnitude - root_knee, root);
      // Beyond 0.85 highlights fade; a dozen roundings of numbers up to 1.
      if (light >= 0.85) continue;
      ASSERT_NEAR(rgb.samples()[i], light, 1e-5) << i;
    }
  }
}

TEST(Develop, the_number_of_threads_does_not_matter) {
  const Image mosaic = random_mosaic(67, 801);
  DevelopOptions options;
  options.gains = {1.7F, 1.F, 1.4F};
  options.camera_to_srgb = camera_matrix;
  for (const DemosaicMethod method : demosaic_methods) {
    options.demosaic = method;
    options.n_threads = 1;
    const Image whole = developed(mosaic, options);
    for (const int n_threads : {0, 2, 3, 5, 64}) {
      options.n_threads = n_threads;
      const Image bands = developed(mosaic, options);
      EXPECT_TRUE(std::ranges::equal(whole.samples(), bands.samples())) << to_string(method) << n_threads;
    }
  }
}

TEST(Develop, integer_pixels_are_the_rounded_float_ones) {
  const Image mosaic = random_mosaic(33, 9);
  DevelopOptions options;
  options.camera_to_srgb = camera_matrix;
  const Image reference = developed(mosaic, options);
  // BGRx, as a window takes it; x must stay as it is.
  std::vector<std::uint8_t> bytes(33 * 9 * 4, 77);
  FrameView view{ColorModel::rgb, 33, 9, CfaPattern::rggb, 3, {}};
  for (int c = 0; c < 3; ++c) {
    view.channels[c] = {reinterpret_cast<std::byte*>(bytes.data()) + 2 - c,
                        33,
                        9,
                        33 * 4,
                        4,
                        SampleFormat{SampleType::u8, 8, 0},
                        Levels{0.F, 255.F}};
  }
  develop(mosaic.view(), view, options);
  for (int y = 0; y < 9; ++y) {
    for (int x = 0; x < 33; ++x) {
      const std::uint8_t* pixel = bytes.data() + (y * 33 + x) * 4;
      for (int c = 0; c < 3; ++c) {
        const float exact = std::clamp(reference.at(c, x, y), 0.F, 1.F) * 255.F;
        ASSERT_NEAR(pixel[2 - c], exact, 0.501F);
      }
      ASSERT_EQ(pixel[3], 77);
    }
  }
}

TEST(Develop, tiny_pictures_are_developed) {
  for (int height_px = 1; height_px <= 3; ++height_px) {
    for (int width_px = 1; width_px <= 3; ++width_px) {
      const Image rgb = developed(flat_mosaic({0.5F, 0.5F, 0.5F}, width_px, height_px, CfaPattern::bggr), {});
      for (const float sample : rgb.samples()) {
        ASSERT_NEAR(sample, encode_tone(ToneCurve::srgb, 0.5F), 1e-5F) << width_px << "x" << height_px;
      }
    }
  }
}

TEST(Develop, refuses_other_colour_models_and_sizes) {
  const Image mosaic(ColorModel::bayer, 8, 6);
  Image rgb(ColorModel::rgb, 8, 6);
  Image smaller(ColorModel::rgb, 8, 5);
  Image gray(ColorModel::gray, 8, 6);
  EXPECT_THROW(develop(std::as_const(rgb).view(), rgb.view(), {}), Error);
  EXPECT_THROW(develop(mosaic.view(), smaller.view(), {}), Error);
  EXPECT_THROW(develop(mosaic.view(), gray.view(), {}), Error);
}

}  // namespace
}  // namespace rdenoise
