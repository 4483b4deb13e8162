// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <rdenoise/camera_simulation.hpp>
#include <set>
#include <string>
#include <vector>

#include "isp/camera_matrices.hpp"
#include "support/statistics.hpp"

namespace rdenoise {
namespace {

constexpr int camera_count = 4000;

std::vector<CameraParameters> cameras(CameraKind kind) {
  const CameraSimulator simulator(kind);
  std::vector<CameraParameters> drawn;
  for (int i = 0; i < camera_count; ++i) drawn.push_back(simulator.draw(11, static_cast<std::uint64_t>(i)));
  return drawn;
}

template <typename Value>
std::vector<float> values_of(const std::vector<CameraParameters>& drawn, Value value) {
  std::vector<float> values;
  for (const CameraParameters& camera : drawn) values.push_back(static_cast<float>(value(camera)));
  return values;
}

/// Between low and high, and with the mean and variance of a uniform variable.
void expect_uniform(const std::vector<float>& values, double low, double high) {
  const double range = high - low;
  EXPECT_GE(std::ranges::min(values), low);
  EXPECT_LE(std::ranges::max(values), high);
  // The mean scatters by range/√(12 n), 0.46 % of the range; four of them. The variance by √(0.8/n), 1.4 %.
  EXPECT_NEAR(test::mean(values), 0.5 * (low + high), 0.02 * range);
  EXPECT_NEAR(test::variance(values) / (range * range / 12.0), 1.0, 0.06);
}

TEST(CbdnetCameras, have_the_ranges_of_the_paper) {
  const auto drawn = cameras(CameraKind::cbdnet);
  expect_uniform(values_of(drawn, [](const auto& c) { return std::sqrt(c.noise.channels[0].a); }), 0.0, 0.16);
  expect_uniform(values_of(drawn, [](const auto& c) { return std::sqrt(c.noise.channels[2].b); }), 0.0, 0.06);
  // Whole numbers from 60 to 100: half a step of room at both ends.
  expect_uniform(values_of(drawn, [](const auto& c) { return c.jpeg->quality; }), 59.5, 100.5);
  for (const CameraParameters& camera : drawn) {
    EXPECT_EQ(camera.gains, (std::array<float, 3>{1.F, 1.F, 1.F}));
    EXPECT_EQ(camera.noise.channel_count, 3);
  }
}

TEST(CbdnetCameras, use_every_phase_and_every_given_curve) {
  const std::vector<ResponseCurve> curves{ResponseCurve::power(1.5), ResponseCurve::power(2.5), ResponseCurve()};
  const CameraSimulator simulator(CameraKind::cbdnet, curves);
  std::set<CfaPattern> phases;
  std::set<std::string> names;
  for (std::uint64_t i = 0; i < 200; ++i) {
    phases.insert(simulator.draw(1, i).cfa);
    names.insert(simulator.draw(1, i).response.name());
  }
  EXPECT_EQ(phases.size(), 4U);
  EXPECT_EQ(names, (std::set<std::string>{"power 1.5", "power 2.5", "linear"}));
}

TEST(UnprocessingCameras, have_the_distributions_of_the_paper) {
  const auto drawn = cameras(CameraKind::unprocessing);
  expect_uniform(values_of(drawn, [](const auto& c) { return c.gains[0]; }), 1.9, 2.4);
  expect_uniform(values_of(drawn, [](const auto& c) { return c.gains[2]; }), 1.5, 1.9);
  expect_uniform(values_of(drawn, [](const auto& c) { return std::log(c.noise.channels[1].a); }), std::log(1e-4),
                 std::log(1.2e-2));
  const auto residual = values_of(drawn, [](const auto& c) {
    return std::log(c.noise.channels[1].b) - 2.18 * std::log(c.noise.channels[1].a) - 1.20;
  });
  // Means scatter by σ/√n, 0.4 % of 1 and 1.6 % of σ; deviations by σ/√(2n), 1.1 %; four of them.
  EXPECT_NEAR(test::mean(residual), 0.0, 0.0165);
  EXPECT_NEAR(std::sqrt(test::variance(residual)), 0.26, 0.012);
  const auto inverse_gain = values_of(drawn, [](const auto& c) { return std::exp2(-c.exposure_ev); });
  EXPECT_NEAR(test::mean(inverse_gain), 0.8, 0.007);
  EXPECT_NEAR(std::sqrt(test::variance(inverse_gain)), 0.1, 0.005);
}

TEST(UnprocessingCameras, keep_white_white_and_all_colours_within_the_sensor) {
  for (const CameraParameters& camera : cameras(CameraKind::unprocessing)) {
    const ColorMatrix to_camera = inverse(camera.camera_to_srgb);
    for (int row = 0; row < 3; ++row) {
      EXPECT_NEAR(
          camera.camera_to_srgb[3 * row] + camera.camera_to_srgb[3 * row + 1] + camera.camera_to_srgb[3 * row + 2], 1.F,
          1e-5F);
      for (int column = 0; column < 3; ++column) EXPECT_GT(to_camera[3 * row + column], -1e-6F);
    }
  }
}

TEST(CameraSimulators, draw_the_same_camera_for_the_same_seed_and_index) {
  for (const CameraKind kind : {CameraKind::cbdnet, CameraKind::unprocessing}) {
    const CameraParameters first = CameraSimulator(kind).draw(5, 9);
    const CameraParameters again = CameraSimulator(kind).draw(5, 9);
    EXPECT_EQ(first.noise, again.noise);
    EXPECT_EQ(first.gains, again.gains);
    EXPECT_EQ(first.response.name(), again.response.name());
    EXPECT_NE(first.noise, CameraSimulator(kind).draw(5, 10).noise);
    EXPECT_NE(first.noise, CameraSimulator(kind).draw(6, 9).noise);
  }
}

TEST(CameraMatrices, are_near_each_other_and_give_white_for_white) {
  for (const ColorMatrix& matrix : published_xyz_to_camera()) {
    const ColorMatrix to_srgb = balanced_camera_to_srgb(matrix);
    for (int row = 0; row < 3; ++row) {
      EXPECT_NEAR(to_srgb[3 * row] + to_srgb[3 * row + 1] + to_srgb[3 * row + 2], 1.F, 1e-5F);
      EXPECT_GT(to_srgb[4 * row], 1.2F) << "a camera's colours are paler than the picture's";
      EXPECT_LT(to_srgb[4 * row], 2.5F);
    }
  }
}

}  // namespace
}  // namespace rdenoise
