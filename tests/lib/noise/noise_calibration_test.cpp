// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <rdenoise/error.hpp>
#include <rdenoise/noise_calibration.hpp>
#include <string>

#include "noise/photon_transfer.hpp"
#include "support/formula_pictures.hpp"
#include "support/statistics.hpp"

namespace rdenoise {
namespace {

using test::flat_picture;
using test::formula_gray;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
const NoiseProfile truth{3, {NoiseModel{4e-4, 2e-6}, NoiseModel{2e-4, 1e-6}, NoiseModel{3e-4, 4e-6}}, 1.0};

/// Brightness rises evenly from left to right.
Image ramp(ColorModel model, int width_px, int height_px, float from, float to) {
  Image image(model, width_px, height_px);
  for (int plane = 0; plane < image.plane_count(); ++plane) {
    for (int y = 0; y < height_px; ++y) {
      for (int x = 0; x < width_px; ++x) {
        image.at(plane, x, y) = from + (to - from) * static_cast<float>(x) / static_cast<float>(width_px);
      }
    }
  }
  return image;
}

NoiseProfile truth_for(ColorModel model) {
  NoiseProfile profile = truth;
  profile.channel_count = profile_channel_count(model);
  return profile;
}

Image exposure(const Image& scene, std::uint64_t seed) {
  Image frame = scene;
  add_noise(scene.view(), frame.view(), truth_for(scene.color_model()), {.seed = seed});
  return frame;
}

/// Four standard errors, of which the fit itself tells the size.
void expect_truth(const NoiseCalibration& found) {
  for (int c = 0; c < found.profile.channel_count; ++c) {
    const PhotonTransferCurve& curve = found.curves[c];
    EXPECT_NEAR(curve.model.a, truth.channels[c].a, 4 * curve.a_error) << c;
    EXPECT_NEAR(curve.model.b, truth.channels[c].b, 4 * curve.b_error) << c;
    EXPECT_EQ(found.profile.channels[c], curve.model);
  }
}

std::string refusal(const auto& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was refused";
  return "";
}

TEST(NoiseCalibration, pairs_give_the_noise_that_was_added) {
  for (const ColorModel model : {ColorModel::gray, ColorModel::rgb, ColorModel::bayer}) {
    const Image scene = ramp(model, 384, 256, 0.02F, 0.9F);
    const Image first = exposure(scene, 1);
    const Image second = exposure(scene, 2);
    NoiseCalibrator calibrator;
    calibrator.add_pair(first.view(), second.view());
    const NoiseCalibration found = calibrator.fit();
    expect_truth(found);
    EXPECT_EQ(found.color_model, model);
    EXPECT_EQ(found.pair_count, 1);
    // The smallest colour of the bayer frame has 96 patches of 255 degrees of freedom: 0.9 % in the middle. Twice the
    // standard deviation of the squared scatter, 14 %, may be taken away for nothing.
    EXPECT_GT(found.profile.confidence, 0.7);
    EXPECT_GT(found.curves[0].r_squared, 0.9);
    // The variance of 96 residuals and more is known to √(2/96) = 14 %, the scatter to half of that.
    EXPECT_NEAR(found.curves[0].excess_scatter, 1.0, 0.28);
  }
}

TEST(NoiseCalibration, single_frames_give_it_too) {
  const Image scene = ramp(ColorModel::rgb, 384, 256, 0.02F, 0.9F);
  NoiseCalibrator calibrator;
  calibrator.add_frame(exposure(scene, 1).view());
  calibrator.add_frame(exposure(scene, 2).view());
  const NoiseCalibration found = calibrator.fit();
  expect_truth(found);
  EXPECT_EQ(found.single_count, 2);
  EXPECT_GT(found.profile.confidence, 0.9);
}

TEST(NoiseCalibration, spread_of_the_variances_is_what_their_degrees_of_freedom_say) {
  const Image scene = flat_picture(ColorModel::gray, 640, 640, 0.4F);
  const Image first = exposure(scene, 1);
  const Image second = exposure(scene, 2);
  PhotonTransferCurve pair;
  PhotonTransferCurve single;
  measure_pair(first.view().channels[0], second.view().channels[0], {}, 16, pair);
  measure_single(first.view().channels[0], {}, 16, single);
  for (const PhotonTransferCurve& curve : {pair, single}) {
    ASSERT_EQ(curve.points.size(), 1600U);
    std::vector<float> ratios;
    for (const auto& point : curve.points) {
      ratios.push_back(static_cast<float>(point.variance / truth.channels[0].variance(0.4)));
    }
    const double spread = std::sqrt(2.0 / curve.points[0].degrees_of_freedom);
    EXPECT_NEAR(test::mean(ratios), 1.0, 4 * spread / 40);
    // The variance of 1600 numbers is known to √(2/1600) = 3.5 %. Patch borders bend the single frame's by a few more.
    EXPECT_NEAR(test::variance(ratios) / (spread * spread), 1.0, 0.2);
  }
}

TEST(NoiseCalibration, fixed_pattern_and_scene_fall_out_of_pairs_but_not_of_single_frames) {
  Image scene = ramp(ColorModel::gray, 384, 256, 0.1F, 0.8F);
  // Sensitivity from pixel to pixel, σ 3 %: at half signal a variance of 2.25e-4 beside the noise's 2.02e-4.
  for (std::size_t i = 0; i < scene.samples().size(); ++i) {
    scene.samples()[i] *= 1.F + 0.03F * std::sqrt(12.F) * (static_cast<float>(random_uniform({.seed = 9}, i)) - 0.5F);
  }
  const Image first = exposure(scene, 1);
  NoiseCalibrator pairs;
  pairs.add_pair(first.view(), exposure(scene, 2).view());
  expect_truth(pairs.fit());
  NoiseCalibrator singles;
  singles.add_frame(first.view());
  EXPECT_GT(singles.fit().profile.channels[0].variance(0.5), 1.5 * truth.channels[0].variance(0.5));
}

TEST(NoiseCalibration, a_lamp_that_flickers_between_the_frames_does_not_matter) {
  const Image scene = ramp(ColorModel::gray, 384, 256, 0.1F, 0.8F);
  Image brighter = scene;
  for (float& sample : brighter.samples()) sample *= 1.01F;
  NoiseCalibrator calibrator;
  calibrator.add_pair(exposure(scene, 1).view(), exposure(brighter, 2).view());
  expect_truth(calibrator.fit());
}

TEST(NoiseCalibration, patches_in_which_something_moved_are_left_out) {
  const Image scene = ramp(ColorModel::gray, 384, 256, 0.1F, 0.8F);
  const Image first = exposure(scene, 1);
  Image second = exposure(scene, 2);
  for (int y = 40; y < 120; ++y) {
    for (int x = 0; x < 384; ++x) second.at(0, x, y) += (x / 5 + y / 7) % 2 == 0 ? 0.1F : -0.1F;
  }
  NoiseCalibrator calibrator;
  calibrator.add_pair(first.view(), second.view());
  const NoiseCalibration found = calibrator.fit();
  expect_truth(found);
  // Rows 32 to 128 of 256 hold no good patch.
  const auto accepted = std::ranges::count_if(found.curves[0].points, &PhotonTransferPoint::accepted);
  EXPECT_LE(accepted, 24 * 10);
  EXPECT_GE(accepted, 24 * 10 - 8);
  EXPECT_LT(found.profile.confidence, 0.7);
}

TEST(NoiseCalibration, texture_in_a_single_frame_is_left_out) {
  const Image scene = formula_gray(512, 512);
  NoiseCalibrator calibrator;
  calibrator.add_frame(exposure(scene, 1).view());
  const NoiseCalibration found = calibrator.fit();
  // A third of this scene is textured, no chart for calibration: weak texture passes and adds, some per cent in σ.
  EXPECT_NEAR(found.profile.channels[0].sigma(0.5) / truth.channels[0].sigma(0.5), 1.0, 0.1);
  EXPECT_LT(found.profile.confidence, 0.95);
}

TEST(NoiseCalibration, clipped_patches_are_left_out) {
  // Half of the 8-bit picture lies within reach of white, where noise is cut off.
  const Image scene = ramp(ColorModel::gray, 512, 256, 0.3F, 1.2F);
  const auto stored = [](Image frame) {
    for (float& sample : frame.samples()) sample = std::round(std::clamp(sample, 0.F, 1.F) * 255.F) / 255.F;
    return frame;
  };
  NoiseCalibrator calibrator;
  calibrator.add_pair(stored(exposure(scene, 1)).view(), stored(exposure(scene, 2)).view());
  const NoiseCalibration found = calibrator.fit();
  EXPECT_GT(found.curves[0].unusable.clipped, 16U * 8U);
  const double rounding = 1.0 / 12 / 255 / 255;
  for (const double level : {0.4, 0.8}) {
    // 300 patches: 0.4 % in the middle, twice that at the ends; a patch that just misses white lacks its brightest
    // noise.
    EXPECT_NEAR(found.profile.channels[0].variance(level) / (truth.channels[0].variance(level) + rounding), 1.0, 0.03);
  }
}

TEST(NoiseCalibration, data_beyond_white_are_not_clipped_there) {
  Image frame = exposure(ramp(ColorModel::gray, 64, 64, 0.9F, 1.3F), 1);
  EXPECT_EQ(patch_bounds(frame.view().channels[0], ColorModel::gray).high, std::numeric_limits<double>::infinity());
  frame = exposure(ramp(ColorModel::gray, 64, 64, 0.3F, 0.6F), 1);
  EXPECT_EQ(patch_bounds(frame.view().channels[0], ColorModel::gray).high, 1.0);
}

TEST(NoiseCalibration, one_level_alone_has_hardly_any_confidence) {
  const Image scene = flat_picture(ColorModel::gray, 384, 256, 0.5F);
  NoiseCalibrator calibrator;
  calibrator.add_pair(exposure(scene, 1).view(), exposure(scene, 2).view());
  NoiseCalibration found = calibrator.fit();
  EXPECT_LT(found.profile.confidence, 0.05);
  // What was seen is right nevertheless: 384 patches of 255 degrees of freedom, 0.45 % each standard deviation.
  EXPECT_NEAR(found.profile.channels[0].variance(0.5) / truth.channels[0].variance(0.5), 1.0, 0.02);
  const Image other = flat_picture(ColorModel::gray, 384, 256, 0.05F);
  calibrator.add_pair(exposure(other, 3).view(), exposure(other, 4).view());
  found = calibrator.fit();
  EXPECT_GT(found.profile.confidence, 0.9);
  expect_truth(found);
}

TEST(NoiseCalibration, patches_that_are_no_numbers_are_left_out) {
  const Image scene = ramp(ColorModel::gray, 384, 256, 0.1F, 0.8F);
  Image first = exposure(scene, 1);
  for (int x = 0; x < 384; ++x) first.at(0, x, 100) = x % 2 == 0 ? nan : std::numeric_limits<float>::infinity();
  NoiseCalibrator calibrator;
  calibrator.add_pair(first.view(), exposure(scene, 2).view());
  const NoiseCalibration found = calibrator.fit();
  EXPECT_EQ(found.curves[0].unusable.not_finite, 24U);
  expect_truth(found);
}

TEST(NoiseCalibration, frames_without_noise_to_measure_are_refused_not_zero) {
  const auto fit_single = [](const Image& frame) {
    NoiseCalibrator calibrator;
    calibrator.add_frame(frame.view());
    (void)calibrator.fit();
  };
  const Image white = flat_picture(ColorModel::rgb, 64, 64, 1.F);
  EXPECT_NE(refusal([&] { fit_single(white); }).find("16 clipped, 0 constant"), std::string::npos);
  const Image flat = flat_picture(ColorModel::rgb, 64, 64, 0.5F);
  EXPECT_NE(refusal([&] { fit_single(flat); }).find("0 clipped, 16 constant"), std::string::npos);
  const Image no_numbers = flat_picture(ColorModel::rgb, 64, 64, nan);
  EXPECT_NE(refusal([&] { fit_single(no_numbers); }).find("16 that are not finite"), std::string::npos);
  const Image pixel = flat_picture(ColorModel::rgb, 1, 1, 0.5F);
  EXPECT_NE(refusal([&] { fit_single(pixel); }).find("found 1x1"), std::string::npos);
  EXPECT_NE(refusal([] { (void)NoiseCalibrator().fit(); }).find("at least one frame"), std::string::npos);
}

TEST(NoiseCalibration, frames_that_do_not_belong_together_are_refused) {
  const Image gray = exposure(flat_picture(ColorModel::gray, 64, 64, 0.5F), 1);
  const Image wide = exposure(flat_picture(ColorModel::gray, 80, 64, 0.5F), 1);
  const Image rgb = exposure(flat_picture(ColorModel::rgb, 64, 64, 0.5F), 1);
  NoiseCalibrator calibrator;
  calibrator.add_frame(gray.view());
  EXPECT_NE(refusal([&] { calibrator.add_frame(wide.view()); }).find("gray 64x64, found gray 80x64"),
            std::string::npos);
  EXPECT_NE(refusal([&] { calibrator.add_frame(rgb.view()); }).find("rgb 64x64"), std::string::npos);
  EXPECT_NE(refusal([&] { calibrator.add_pair(gray.view(), wide.view()); }).find("gray 80x64"), std::string::npos);
  EXPECT_NE(refusal([&] { calibrator.add_pair(gray.view(), gray.view()); }).find("twice"), std::string::npos);
  EXPECT_THROW(NoiseCalibrator({.patch_size_px = 3}), Error);
  EXPECT_THROW(NoiseCalibrator({.patch_size_px = 257}), Error);
}

TEST(NoiseCalibration, mean_levels_are_those_of_the_colors) {
  Image frame = flat_picture(ColorModel::rgb, 20, 20, 0.25F);
  frame.at(1, 3, 3) = nan;
  for (float& sample : frame.plane(2)) sample = 0.75F;
  EXPECT_EQ(mean_levels(frame.view()), (std::array<double, 3>{0.25, 0.25, 0.75}));
}

TEST(NoiseCalibration, groups_are_means_of_accepted_points) {
  const std::vector<PhotonTransferPoint> points{
      {0.4, 4.0, 10, true}, {0.1, 1.0, 10, true}, {0.2, 99.0, 10, false}, {0.3, 3.0, 10, true}, {0.2, 2.0, 10, true}};
  const auto groups = grouped_by_level(points, 2);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_DOUBLE_EQ(groups[0].mean, 0.15);
  EXPECT_DOUBLE_EQ(groups[0].variance, 1.5);
  EXPECT_DOUBLE_EQ(groups[1].degrees_of_freedom, 20);
  EXPECT_EQ(grouped_by_level(points, 100).size(), 4U);
  EXPECT_TRUE(grouped_by_level({}, 5).empty());
}

}  // namespace
}  // namespace rdenoise
