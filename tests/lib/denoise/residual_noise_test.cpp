// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <rdenoise/residual_noise.hpp>
#include <utility>
#include <vector>

#include "support/formula_pictures.hpp"

namespace rdenoise {
namespace {

/// Gray steps of 128 pixels.
Image steps(ColorModel model) {
  Image scene(model, 768, 512);
  for (int plane = 0; plane < scene.plane_count(); ++plane)
    for (int y = 0; y < scene.height_px(); ++y)
      for (int x = 0; x < scene.width_px(); ++x) scene.at(plane, x, y) = 0.1F + 0.15F * static_cast<float>(x / 128);
  return scene;
}

void copy(const ConstFrameView& src, const FrameView& dst) {
  std::vector<float> row;
  for (int c = 0; c < src.channel_count; ++c) {
    row.resize(static_cast<std::size_t>(src.channels[c].width_px));
    for (int y = 0; y < src.channels[c].height_px; ++y) {
      read_row(src.channels[c], y, 0, row);
      write_row(dst.channels[c], y, 0, row);
    }
  }
}

TEST(ResidualNoise, of_a_denoiser_that_does_nothing_is_the_noise_itself) {
  for (const ColorModel model : {ColorModel::bayer, ColorModel::rgb, ColorModel::gray}) {
    const Image scene = steps(model);
    const NoiseProfile noise = uniform_profile(model, {4e-4, 1e-5, {}});
    const NoiseProfile left = residual_noise(scene.view(), noise, copy);
    ASSERT_EQ(left.channel_count, noise.channel_count);
    for (int c = 0; c < left.channel_count; ++c)
      for (const double level : {0.1, 0.5, 0.8}) {
        // 6 windows of 96×96 sites and more, a fourth of them of a colour, twice: a spread of 1.2 %, and that of the
        // fit.
        EXPECT_NEAR(left.channels[static_cast<std::size_t>(c)].variance(level), noise.channels[0].variance(level),
                    0.06 * noise.channels[0].variance(level))
            << to_string(model) << " " << c;
      }
  }
}

TEST(ResidualNoise, is_nothing_but_rounding_for_a_denoiser_that_takes_all) {
  const Image scene = steps(ColorModel::bayer);
  const auto paint = [](const ConstFrameView&, const FrameView& dst) {
    const Image flat = test::flat_picture(ColorModel::bayer, dst.width_px, dst.height_px, 0.5F);
    copy(flat.view(), dst);
  };
  const NoiseProfile noise = uniform_profile(ColorModel::bayer, {4e-4, 1e-5, {}});
  const NoiseProfile left = residual_noise(scene.view(), noise, paint, {.rounding_step = 0.01});
  for (const NoiseModel& model : left.channels) {
    EXPECT_EQ(model.a, 0.0);
    EXPECT_DOUBLE_EQ(model.b, 0.01 * 0.01 / 12.0);
  }
}

/// Leaves shot noise of a tenth and no read noise: each window goes so far towards its mean.
struct ShrinkToWindowMean {
  NoiseModel noise;
  double shot_share = 0.1;

  void operator()(const ConstFrameView& src, const FrameView& dst) const {
    constexpr int window_px = 128;
    Image image(src.color_model, src.width_px, src.height_px);
    copy(src, image.view());
    for (int top = 0; top < image.height_px(); top += window_px) {
      double mean = 0.0;
      for (int y = top; y < top + window_px; ++y)
        for (int x = 0; x < image.width_px(); ++x) mean += image.at(0, x, y) / (window_px * image.width_px());
      const double gain = std::sqrt(shot_share * noise.a * mean / noise.variance(mean));
      for (int y = top; y < top + window_px; ++y)
        for (int x = 0; x < image.width_px(); ++x)
          image.at(0, x, y) = static_cast<float>(mean + gain * (image.at(0, x, y) - mean));
    }
    copy(image.view(), dst);
  }
};

TEST(ResidualNoise, tells_the_dark_levels_of_a_photo_apart) {
  // All below 1/16 of white, as most of a photo with a bright light in it.
  Image scene(ColorModel::gray, 768, 128);
  for (int y = 0; y < scene.height_px(); ++y)
    for (int x = 0; x < scene.width_px(); ++x) scene.at(0, x, y) = 0.06F * std::pow(0.5F, static_cast<float>(x / 128));
  const NoiseModel noise{4e-4, 1e-5, {}};
  const NoiseProfile left =
      residual_noise(scene.view(), uniform_profile(ColorModel::gray, noise), ShrinkToWindowMean{noise});
  for (const double level : {0.06, 0.03, 0.015, 0.0075}) {
    const double expected = 0.1 * noise.a * level;
    // 96×96 pixels of each window, twice: a spread of √(2/18432) = 1.0 %; the mean of 8×8 pixels moves a block's level
    // by 2 % at the darkest, and the mean of 128×128, which keeps its noise, adds 1 % there.
    EXPECT_NEAR(left.channels[0].variance(level), expected, 0.08 * expected) << level;
  }
}

TEST(ResidualNoise, that_is_no_line_is_told_right_on_the_average) {
  const Image scene = steps(ColorModel::gray);
  const NoiseModel noise{4e-4, 0.0, {}};
  // Leaves 0.1·x/(x + 1) of noise.a·x, which rises faster than any line from 0 or above.
  const ShrinkToWindowMean denoise{.noise = {1.0, 1.0, {}}};
  const NoiseProfile left = residual_noise(scene.view(), uniform_profile(ColorModel::gray, noise), denoise);
  EXPECT_EQ(left.channels[0].b, 0.0);
  double log_ratio = 0.0;
  for (int step = 0; step < 6; ++step) {
    const double level = 0.1 + 0.15 * step;
    log_ratio += std::log(left.channels[0].variance(level) / (noise.a * level * 0.1 * level / (level + 1.0))) / 6.0;
  }
  // Six windows, each with a spread of 1.0 % as above; their means add 0.3 %.
  EXPECT_NEAR(log_ratio, 0.0, 0.02);
}

TEST(ResidualNoise, is_told_in_the_signal_of_the_output) {
  const Image scene = steps(ColorModel::rgb);
  const NoiseProfile noise = uniform_profile(ColorModel::rgb, {0.0, 1e-4, {}});
  const auto halved = [](Image image) {
    for (float& sample : image.samples()) sample *= 0.5F;
    return image;
  };
  const NoiseProfile left = residual_noise(scene.view(), noise, copy, {.to_output = halved});
  for (const NoiseModel& model : left.channels) EXPECT_NEAR(model.variance(0.2), 0.25e-4, 0.06 * 0.25e-4);
}

TEST(ResidualNoise, of_small_and_odd_pictures_is_finite) {
  for (const auto& [width_px, height_px] : {std::pair{7, 5}, std::pair{33, 150}, std::pair{129, 131}}) {
    const Image scene = test::formula_bayer(width_px, height_px, CfaPattern::gbrg);
    const NoiseProfile left = residual_noise(scene.view(), uniform_profile(ColorModel::bayer, {4e-4, 1e-5, {}}), copy);
    for (const NoiseModel& model : left.channels) {
      EXPECT_GE(model.a, 0.0) << width_px;
      EXPECT_GE(model.b, 0.0) << width_px;
      EXPECT_LT(model.variance(0.5), 1e-3) << width_px;
    }
  }
}

}  // namespace
}  // namespace rdenoise
