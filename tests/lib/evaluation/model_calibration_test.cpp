// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <rdenoise/error.hpp>
#include <rdenoise/model_calibration.hpp>

#include "evaluation/scale_balance.hpp"
#include "evaluation/value_histogram.hpp"
#include "lib/network/random_weights.hpp"

namespace rdenoise {
namespace {

std::vector<float> half_normal(std::size_t count, float deviation) {
  std::mt19937 generator(3);
  std::normal_distribution<float> normal(0.F, deviation);
  std::vector<float> values(count);
  for (float& value : values) value = std::max(normal(generator), 0.F);
  return values;
}

double measured_error(const std::vector<float>& values, double scale) {
  double sum = 0.0;
  for (const float value : values) {
    const double kept = std::min(std::nearbyint(value / scale), 255.0) * scale;
    sum += (value - kept) * (value - kept);
  }
  return sum / static_cast<double>(values.size());
}

TEST(ValueHistogram, tells_the_squared_error_that_rounding_and_clipping_make) {
  const std::vector<float> values = half_normal(20000, 1.F);
  ValueHistogram histogram;
  histogram.add(values, 1.0);
  // Classes are 2 % wide, so what is clipped is known to some per cent; the sampling error of 20000 is less.
  for (const double scale : {0.005, 0.01, 0.02})
    EXPECT_NEAR(histogram.squared_error(scale) / measured_error(values, scale), 1.0, 0.1) << scale;
}

TEST(ValueHistogram, finds_the_scale_of_least_error) {
  const std::vector<float> values = half_normal(20000, 1.F);
  ValueHistogram histogram;
  histogram.add(values, 1.0);
  const double best = measured_error(values, histogram.best_scale());
  for (const double factor : {0.7, 0.85, 1.2, 1.5})
    EXPECT_LT(best, 1.01 * measured_error(values, factor * histogram.best_scale())) << factor;
}

TEST(ValueHistogram, of_nothing_but_zeros_has_the_scale_1) {
  ValueHistogram histogram;
  EXPECT_EQ(histogram.best_scale(), 1.0);
  histogram.add(std::vector<float>(10, 0.F), 1.0);
  EXPECT_EQ(histogram.best_scale(), 1.0);
  EXPECT_EQ(histogram.mean(), 0.0);
}

TEST(BalancedScales, give_room_to_a_channel_whose_weights_dwarf_the_others) {
  const std::vector<float> values = half_normal(5000, 1.F);
  std::vector<ValueHistogram> channels(2);
  for (ValueHistogram& channel : channels) channel.add(values, 1.0);
  const std::vector<float> even{1.F, 1.F};
  const std::vector<float> uneven{30.F, 1.F};
  const auto scales_for = [&](const std::vector<float>& weights, bool in_eight_bits) {
    const ScaleReader reader[] = {{weights, {1.0}, in_eight_bits}};
    return balanced_scales(channels, reader);
  };
  const std::vector<float> alike = scales_for(even, true);
  EXPECT_FLOAT_EQ(alike[0], alike[1]);
  // Weights in eight bits: the large one decides the step of both, and a finer scale of its channel makes it smaller.
  const std::vector<float> moved = scales_for(uneven, true);
  EXPECT_LT(moved[0], moved[1]);
  // Weights in f32 share nothing.
  const std::vector<float> exact = scales_for(uneven, false);
  EXPECT_FLOAT_EQ(exact[0], static_cast<float>(channels[0].best_scale()));
}

/// A gray network of three layers with random weights, and pictures by formula.
class ModelCalibrationOfANetwork : public testing::Test {
 protected:
  ModelCalibrationOfANetwork() {
    model_.name = "small";
    model_.spec = build_network({.network = "dncnn",
                                 .input = InputDomain::gray,
                                 .image_channels = 1,
                                 .depth = 4,
                                 .width = 16,
                                 .residual = true});
    model_.weights = test::random_weights(model_.spec, 1);
    model_.noise_range_8bit[1] = 30.0;
    Image image(ColorModel::gray, 40, 32);
    for (int i = 0; i < 40 * 32; ++i)
      image.samples()[static_cast<std::size_t>(i)] = 0.5F + 0.4F * std::sin(0.1F * static_cast<float>(i % 40));
    pictures_.emplace_back(image);
  }
  Model model_;
  std::vector<ModelPicture> pictures_;
};

TEST_F(ModelCalibrationOfANetwork, measures_scales_of_each_relu_and_what_each_precision_loses) {
  const ModelCalibration calibration = calibrate_model(model_, pictures_, {.n_threads = 1});
  EXPECT_EQ(calibration.sigma_8bit, (std::vector<double>{15.0, 25.0}));  // of 15, 25, 50 what the range holds
  int scales = 0;
  for (const auto& [key, value] : calibration.metadata) scales += key.starts_with("activation_scales.") ? 1 : 0;
  EXPECT_EQ(scales, 3);
  model_.weights.metadata = calibration.metadata;
  EXPECT_EQ(precision_losses(model_.weights).size(), calibration.losses.size());
  for (const PrecisionLoss& loss : calibration.losses) {
    // A network that adds noise of its own size loses little by rounding it.
    EXPECT_LT(std::abs(loss.psnr_db), 1.0) << to_string(loss.precision);
  }
}

TEST_F(ModelCalibrationOfANetwork, is_the_same_with_two_threads) {
  const auto one = calibrate_model(model_, pictures_, {.n_threads = 1}).metadata;
  const auto two = calibrate_model(model_, pictures_, {.n_threads = 2}).metadata;
  EXPECT_EQ(one, two);
}

// A target that no rounding misses, and one that none meets: losses may be negative by chance, but not by a decibel.
TEST_F(ModelCalibrationOfANetwork, keeps_results_of_bf16_in_f32_only_where_it_loses_more_than_it_may) {
  const ModelCalibration generous = calibrate_model(model_, pictures_, {.n_threads = 1, .bf16_target_loss_db = 10.0});
  EXPECT_TRUE(generous.f32_results.empty());
  const ModelCalibration strict = calibrate_model(model_, pictures_, {.n_threads = 1, .bf16_target_loss_db = -1.0});
  const auto loses_in = [](const ModelCalibration& calibration, Precision precision) {
    return std::ranges::any_of(calibration.losses, [&](const auto& loss) { return loss.precision == precision; });
  };
  if (!loses_in(strict, Precision::bf16)) GTEST_SKIP() << "this CPU has no bf16";
  EXPECT_EQ(strict.f32_results.empty(), strict.metadata.count("f32_results") == 0);
  EXPECT_FALSE(strict.f32_results.empty());
}

TEST_F(ModelCalibrationOfANetwork, wants_pictures_and_levels_that_are_some) {
  EXPECT_THROW((void)calibrate_model(model_, {}, {}), Error);
  EXPECT_THROW((void)calibrate_model(model_, pictures_, {.sigma_8bit = {-1.0}}), Error);
  EXPECT_THROW((void)calibrate_model(model_, pictures_, {.sigma_8bit = {NAN}}), Error);
  EXPECT_THROW((void)calibrate_model(model_, pictures_, {.bf16_target_loss_db = NAN}), Error);
}

}  // namespace
}  // namespace rdenoise
