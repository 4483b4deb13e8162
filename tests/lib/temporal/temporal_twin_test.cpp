// SPDX-License-Identifier: LGPL-2.1-or-later
// The average over time against plain loops.
#include <gtest/gtest.h>

#include <rdenoise/temporal_average.hpp>

#include "lib/temporal/plain_temporal_average.hpp"
#include "lib/temporal/video.hpp"

namespace rdenoise {
namespace {

NoiseProfile camera_noise(ColorModel model) {
  NoiseProfile noise;
  noise.channel_count = profile_channel_count(model);
  for (int c = 0; c < noise.channel_count; ++c) noise.channels[c] = {0.004 + 0.001 * c, 0.0006 + 0.0002 * c, {}};
  return noise;
}

NoiseProfile level_function_noise(ColorModel model) {
  NoiseProfile noise = camera_noise(model);
  for (int c = 0; c < noise.channel_count; ++c) {
    auto& function = noise.channels[c].level_function.emplace();
    for (int i = 0; i < NoiseLevelFunction::level_count; ++i)
      function.variance[i] = 0.001F + 0.0001F * static_cast<float>(i * (32 - i)) / 10.F;
  }
  return noise;
}

struct Tolerance {
  double share;
  double sample;
};
/// A share is a root of float arithmetic behind 40- and 64-fold excesses: 1e-6 of an energy of up to 100 samples' worth
/// comes to 1e-4 there. Samples may be rounded to the other of two neighbours, some 1/32640 apart, and feel the
/// weight's error by a difference below 1.
constexpr Tolerance rounding{5e-4, 2e-4};
/// A level function is looked up in 256 steps, and float and double may fall on two sides of one: 0.8 % of
/// a cell's 6 samples' worth, 40-fold, of 150 in the window, comes to 2e-3, and twice that in the weight.
constexpr Tolerance rounding_of_levels{4e-3, 1e-3};

void expect_equal(std::string_view format, int width_px, int height_px, const NoiseProfile& noise, int n_threads,
                  const Tolerance& tolerance, bool limited_range = false) {
  SCOPED_TRACE(std::string(format) + " " + std::to_string(width_px) + "x" + std::to_string(height_px));
  TemporalAverage average(n_threads);
  test::PlainTemporalAverage plain;
  test::VideoFrame frame(format, width_px, height_px, limited_range);
  for (int t = 0; t < 5; ++t) {
    const auto signal = [&](double x, double y, int channel) {
      return test::disc_on_waves(x, y, channel, 0.2 + 0.12 * t, 0.5);
    };
    frame.draw(signal, noise, static_cast<unsigned>(t));
    const AveragedFrame result = average.add(frame.view(), noise);
    plain.add(frame.view(), noise);
    for (std::size_t i = 0; i < plain.sigma_shares().size(); ++i)
      ASSERT_NEAR(result.noise->sigma_share[i], plain.sigma_shares()[i], tolerance.share)
          << "cell " << i << ", frame " << t;
    for (int c = 0; c < result.frame.channel_count; ++c) {
      const ConstChannelView& channel = result.frame.channels[c];
      std::vector<float> row(static_cast<std::size_t>(channel.width_px));
      for (int y = 0; y < channel.height_px; ++y) {
        read_row(channel, y, 0, row);
        for (int x = 0; x < channel.width_px; ++x)
          ASSERT_NEAR(row[x], plain.samples()[c][static_cast<std::size_t>(y) * channel.width_px + x], tolerance.sample)
              << "channel " << c << " at " << x << "," << y << ", frame " << t;
      }
    }
  }
}

TEST(TemporalTwin, gives_the_same_for_every_way_of_sampling) {
  for (const char* format : {"GRAY8", "I420", "NV12", "I420_10LE", "P010_10LE", "Y42B", "Y444", "BGRx", "RGBA64_LE",
                             "rggb", "gbrg12le", "bggr16le"}) {
    const ColorModel model = find_pixel_format(format)->color_model;
    expect_equal(format, 66, 50, camera_noise(model), 2, rounding);
    expect_equal(format, 37, 29, camera_noise(model), 1, rounding);
  }
}

TEST(TemporalTwin, gives_the_same_where_black_is_not_0) {
  for (const char* format : {"I420", "P010_10LE", "BGRx"})
    expect_equal(format, 66, 50, camera_noise(find_pixel_format(format)->color_model), 2, rounding, true);
}

TEST(TemporalTwin, gives_the_same_for_every_kind_of_noise) {
  for (const char* format : {"GRAY16_LE", "I420", "RGB", "grbg10le"}) {
    const ColorModel model = find_pixel_format(format)->color_model;
    expect_equal(format, 66, 50, uniform_profile(model, NoiseModel::gaussian(12)), 1, rounding);
  }
  expect_equal("I420", 66, 50, level_function_noise(ColorModel::yuv), 1, rounding_of_levels);
}

TEST(TemporalTwin, gives_the_same_at_any_size_and_on_any_number_of_threads) {
  const NoiseProfile noise = uniform_profile(ColorModel::yuv, NoiseModel::gaussian(12));
  for (const auto& [width_px, height_px] : {std::pair{1, 1}, {2, 3}, {1, 40}, {1100, 3}, {5, 301}})
    for (const int n_threads : {1, 3}) expect_equal("I420", width_px, height_px, noise, n_threads, rounding);
}

}  // namespace
}  // namespace rdenoise
