// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <rdenoise/error.hpp>
#include <rdenoise/temporal_average.hpp>
#include <utility>

#include "lib/temporal/video.hpp"

namespace rdenoise {
namespace {

constexpr int width_px = 160;
constexpr int height_px = 120;
constexpr double sigma_8bit = 15.0;
constexpr double sigma = sigma_8bit / 255.0;

double waves(double x, double y, int channel) { return test::disc_on_waves(x, y, channel, -1.0, -1.0); }

double mean_share(const NoiseShare& noise) {
  double sum = 0.0;
  for (const float share : noise.sigma_share) sum += share * share;
  return std::sqrt(sum / static_cast<double>(noise.sigma_share.size()));
}

/// Root mean square of what differs from the signal, over luma where `is_counted`.
template <typename Signal, typename Counted>
double error_of(const ConstFrameView& frame, const Signal& signal, const Counted& is_counted) {
  const ConstChannelView& luma = frame.channels[0];
  std::vector<float> row(static_cast<std::size_t>(luma.width_px));
  double sum = 0.0;
  int count = 0;
  for (int y = 0; y < luma.height_px; ++y) {
    read_row(luma, y, 0, row);
    for (int x = 0; x < luma.width_px; ++x) {
      const double at_x = (x + 0.5) / luma.width_px;
      const double at_y = (y + 0.5) / luma.height_px;
      if (!is_counted(at_x, at_y)) continue;
      const double difference = row[x] - signal(at_x, at_y, 0);
      sum += difference * difference;
      ++count;
    }
  }
  return std::sqrt(sum / count);
}

bool everywhere(double, double) { return true; }

/// A stream of frames with white noise that nobody has seen before.
class Stream {
 public:
  template <typename Signal>
  AveragedFrame show(const Signal& signal) {
    frame_.draw(signal, noise, seed_++);
    return average.add(frame_.view(), noise);
  }

  TemporalAverage average{2};
  const NoiseProfile noise = uniform_profile(ColorModel::yuv, NoiseModel::gaussian(sigma_8bit));

 private:
  test::VideoFrame frame_{"I420", width_px, height_px};
  unsigned seed_ = 1;
};

TEST(TemporalAverage, of_a_still_scene_has_the_noise_that_it_tells) {
  Stream stream;
  for (int n = 1; n <= 12; ++n) {
    const AveragedFrame result = stream.show(waves);
    // 19200 samples: the deviation is known to 0.5 %; rounding to 8 bits adds 0.05 % of the variance, and where noise
    // looks like change for a moment the weights know of it, so that the mean share holds up to a few percent.
    EXPECT_NEAR(error_of(result.frame, waves, everywhere) / sigma, mean_share(*result.noise),
                0.06 * mean_share(*result.noise))
        << "frame " << n;
  }
}

TEST(TemporalAverage, of_n_frames_of_a_still_scene_has_little_more_noise_than_their_mean) {
  Stream stream;
  AveragedFrame result;
  for (int n = 1; n <= 8; ++n) result = stream.show(waves);
  EXPECT_GE(mean_share(*result.noise), 1.0 / std::sqrt(8.0));
  EXPECT_LT(mean_share(*result.noise), 1.25 / std::sqrt(8.0));
}

TEST(TemporalAverage, keeps_the_frame_and_all_its_noise_where_something_moves) {
  Stream stream;
  const auto at = [](double disc_x) {
    return [=](double x, double y, int channel) { return test::disc_on_waves(x, y, channel, disc_x, 0.5); };
  };
  for (int n = 0; n < 6; ++n) (void)stream.show(at(0.3));
  const AveragedFrame result = stream.show(at(0.7));
  // Inside both discs by more than a window's half.
  const auto was_or_is_disc = [](double x, double y) {
    return std::min(std::hypot(x - 0.3, y - 0.5), std::hypot(x - 0.7, y - 0.5)) < 0.09;
  };
  EXPECT_NEAR(error_of(result.frame, at(0.7), was_or_is_disc), sigma, 0.05 * sigma) << "no trace of the old disc";
  for (int y = 0; y < result.noise->height_cells; ++y)
    for (int x = 0; x < result.noise->width_cells; ++x) {
      if (!was_or_is_disc((x + 0.5) / result.noise->width_cells, (y + 0.5) / result.noise->height_cells)) continue;
      EXPECT_GT(result.noise->row(y)[x], 0.97F) << x << "," << y;
    }
}

TEST(TemporalAverage, follows_light_that_slowly_grows) {
  // A tenth of σ a frame is nothing that a single pixel could tell.
  Stream stream;
  AveragedFrame result;
  const auto lit = [](int n) {
    return [=](double x, double y, int channel) { return waves(x, y, channel) + 0.1 * sigma * n; };
  };
  constexpr int last = 20;
  for (int n = 0; n <= last; ++n) result = stream.show(lit(n));
  // Left behind by d, the error is √(share² + d²) of σ.
  const double error = error_of(result.frame, lit(last), everywhere) / sigma;
  const double behind = std::sqrt(std::max(0.0, error * error - std::pow(mean_share(*result.noise), 2)));
  EXPECT_LT(behind, 0.2) << "two frames' growth";
}

TEST(TemporalAverage, tells_a_frame_of_another_scene_at_once) {
  Stream stream;
  for (int n = 0; n < 6; ++n) (void)stream.show(waves);
  const auto other = [](double x, double y, int channel) { return 0.5 + 0.2 * std::cos(9.0 * y - 7.0 * x + channel); };
  const AveragedFrame result = stream.show(other);
  // Where the scenes happen to have the same light, old frames may stay.
  EXPECT_LT(error_of(result.frame, other, everywhere), 1.02 * sigma);
  EXPECT_GT(mean_share(*result.noise), 0.9);
}

TEST(TemporalAverage, gives_the_first_frame_itself_and_the_first_after_a_reset) {
  Stream stream;
  for (int round = 0; round < 2; ++round) {
    const AveragedFrame result = stream.show(waves);
    EXPECT_EQ(result.frame.channels[0].sample.type, SampleType::u8) << "the frame's own memory";
    EXPECT_TRUE(std::ranges::all_of(result.noise->sigma_share, [](float share) { return share == 1.F; }));
    (void)stream.show(waves);
    stream.average.reset();
  }
}

TEST(TemporalAverage, begins_anew_with_a_frame_of_another_shape) {
  TemporalAverage average(1);
  const auto shares_after_two = [&](std::string_view format, int width, int height) {
    test::VideoFrame frame(format, width, height);
    const NoiseProfile noise =
        uniform_profile(find_pixel_format(format)->color_model, NoiseModel::gaussian(sigma_8bit));
    frame.draw(waves, noise, 1);
    (void)average.add(frame.view(), noise);
    frame.draw(waves, noise, 2);
    return average.add(frame.view(), noise).noise->sigma_share;
  };
  EXPECT_EQ(shares_after_two("I420", 40, 30).size(), 20U * 15U);
  EXPECT_EQ(shares_after_two("I420", 41, 31).size(), 21U * 16U);
  EXPECT_EQ(shares_after_two("Y444", 41, 31).size(), 21U * 16U);
  EXPECT_EQ(shares_after_two("GRAY8", 12, 8).size(), 6U * 4U);
  EXPECT_EQ(shares_after_two("rggb", 12, 8).size(), 6U * 4U);
}

TEST(TemporalAverage, begins_anew_with_other_levels) {
  TemporalAverage average(1);
  const NoiseProfile noise = uniform_profile(ColorModel::gray, NoiseModel::gaussian(sigma_8bit));
  test::VideoFrame frame("GRAY8", 32, 32);
  frame.draw(waves, noise, 1);
  (void)average.add(frame.view(), noise);
  FrameView limited = frame.view();
  limited.channels[0].levels = {16.F, 235.F};
  EXPECT_EQ(average.add(limited, noise).frame.channels[0].data, limited.channels[0].data) << "the frame itself";
}

TEST(TemporalAverage, of_floats_keeps_signals_below_black_and_above_white) {
  TemporalAverage average(1);
  const NoiseProfile noise = uniform_profile(ColorModel::gray, NoiseModel::gaussian(sigma_8bit));
  Image image(ColorModel::gray, 32, 32);
  std::ranges::fill(image.samples(), -0.3F);
  std::ranges::fill(image.samples().last(32 * 16), 1.3F);
  const ConstFrameView frame = std::as_const(image).view();
  (void)average.add(frame, noise);
  const AveragedFrame result = average.add(frame, noise);
  std::vector<float> row(32);
  for (const auto& [y_px, signal] : {std::pair{4, -0.3F}, {28, 1.3F}}) {
    read_row(result.frame.channels[0], y_px, 0, row);
    // Kept in steps of 1/16384.
    for (const float sample : row) EXPECT_NEAR(sample, signal, 0.5 / 16384 + 1e-6);
  }
}

TEST(TemporalAverage, without_noise_any_change_is_change) {
  TemporalAverage average(1);
  const NoiseProfile none = uniform_profile(ColorModel::gray, NoiseModel{});
  test::VideoFrame frame("GRAY8", 32, 32);
  frame.draw([](double, double, int) { return 0.5; }, none, 0);
  (void)average.add(frame.view(), none);
  frame.draw([](double, double, int) { return 0.6; }, none, 0);
  const AveragedFrame result = average.add(frame.view(), none);
  std::vector<float> row(32);
  read_row(result.frame.channels[0], 16, 0, row);
  // 0.6 in 8 bits, which 15 bits keep; so large a weight, 1 − 2⁻¹⁵, leaves less than half a step behind.
  for (const float sample : row) EXPECT_NEAR(sample, 153.0 / 255.0, 2e-5);
}

TEST(TemporalAverage, says_what_it_expected) {
  TemporalAverage average(1);
  test::VideoFrame frame("GRAY8", 8, 8);
  try {
    (void)average.add(frame.view(), uniform_profile(ColorModel::rgb, NoiseModel::gaussian(5)));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_STREQ(error.what(), "averaging frames: expected a noise profile of 1 channels for gray, found 3");
  }
  ConstFrameView empty = frame.view();
  empty.width_px = 0;
  EXPECT_THROW((void)average.add(empty, uniform_profile(ColorModel::gray, NoiseModel::gaussian(5))), Error);
}

}  // namespace
}  // namespace rdenoise
