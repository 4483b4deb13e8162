// SPDX-License-Identifier: LGPL-2.1-or-later
// The NoiseProfile of a denoised DNG against its pixels: two shots of one scene, denoised, differ by what noise is
// left.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <rdenoise/noise.hpp>
#include <utility>
#include <vector>

#include "batch_workplace.hpp"
#include "support/formula_pictures.hpp"

namespace rdenoise::test {
namespace {

constexpr int width_px = 768;
constexpr int height_px = 512;
constexpr double black_dn = 512;
constexpr double white_dn = 16383;

constexpr int step_count = 6;
constexpr int step_px = width_px / step_count;
constexpr int wedge_height_px = height_px * 3 / 4;

float step_signal(int step) { return 0.08F + 0.15F * static_cast<float>(step); }

/// Gray steps from dark to bright, below them the formula scene in a band of its own.
Image step_wedge() {
  Image scene = formula_bayer(width_px, height_px, CfaPattern::grbg);
  for (int y = 0; y < wedge_height_px; ++y) {
    for (int x = 0; x < width_px; ++x) scene.at(0, x, y) = step_signal(x / step_px);
  }
  return scene;
}

/// Half the mean square of the differences from shot to shot, away from the edges of a step, in normalised signal.
double variance_among(const std::vector<RawFrame>& shots, int color, int step) {
  constexpr int margin_px = 16;
  double square = 0.0;
  double count = 0.0;
  for (std::size_t k = 1; k < shots.size(); ++k) {
    for (int y = margin_px; y < wedge_height_px - margin_px; ++y) {
      for (int x = step_px * step + margin_px; x < step_px * (step + 1) - margin_px; ++x) {
        if (cfa_color_at(CfaPattern::grbg, x, y) != color) continue;
        const auto i = static_cast<std::size_t>(y) * width_px + static_cast<std::size_t>(x);
        const double difference = (shots[k].mosaic[i] - shots[k - 1].mosaic[i]) / (white_dn - black_dn);
        square += difference * difference / 2.0;
        count += 1.0;
      }
    }
  }
  return square / count;
}

class ResidualNoise : public BatchWorkplace, public testing::WithParamInterface<std::pair<int, NoiseModel>> {
 protected:
  void shoot(const std::string& name, const NoiseModel& noise, std::uint64_t seed) const {
    Image shot = step_wedge();
    add_noise(std::as_const(shot).view(), shot.view(), uniform_profile(ColorModel::bayer, noise), {seed, 0});
    RawFrame frame;
    frame.width_px = width_px;
    frame.height_px = height_px;
    frame.cfa = CfaPattern::grbg;
    frame.bit_depth = 14;
    frame.metadata.black_level_dn.fill(black_dn);
    frame.metadata.white_level_dn = white_dn;
    for (const float signal : shot.samples()) {
      const double dn = std::round(black_dn + signal * (white_dn - black_dn));
      frame.mosaic.push_back(static_cast<std::uint16_t>(std::fmin(std::fmax(dn, 0.0), white_dn)));
    }
    write_dng(path("in/" + name + ".dng"), frame);
  }
};

INSTANTIATE_TEST_SUITE_P(Iso, ResidualNoise,
                         testing::Values(std::pair{400, NoiseModel::from_electrons(25000, 4, 4)},
                                         std::pair{3200, NoiseModel::from_electrons(25000, 4, 32)},
                                         std::pair{12800, NoiseModel::from_electrons(25000, 4, 128)}),
                         [](const auto& info) { return "iso_" + std::to_string(info.param.first); });

/// Signal and variance of a step.
struct StepNoise {
  double signal = 0.0;
  double variance = 0.0;
};

/// Whether some S·x + O with S, O ≥ 0 stays within this share of every variance.
bool is_near_a_line(const std::vector<StepNoise>& steps, double share) {
  constexpr int offsets = 200;
  for (int i = 0; i <= offsets; ++i) {
    const double offset = steps.front().variance * (1.0 + share) * i / offsets;
    double least_slope = 0.0;
    double most_slope = 1.0;
    for (const StepNoise& step : steps) {
      least_slope = std::max(least_slope, (step.variance * (1.0 - share) - offset) / step.signal);
      most_slope = std::min(most_slope, (step.variance * (1.0 + share) - offset) / step.signal);
    }
    if (least_slope <= most_slope) return true;
  }
  return false;
}

TEST_P(ResidualNoise, tag_of_denoised_dngs_agrees_with_the_differences_of_the_shots_within_a_quarter) {
  constexpr int shots = 4;
  for (int k = 0; k < shots; ++k) shoot("shot-" + std::to_string(k), GetParam().second, static_cast<std::uint64_t>(k));
  batch_object({path("in"), "-o", path("out"), "--model", SOURCE_ROOT "/models/ffdnet-bayer"});
  std::vector<RawFrame> results;
  for (int k = 0; k < shots; ++k) results.push_back(read_raw_file(path("out/shot-" + std::to_string(k) + ".dng")));
  for (int color = 0; color < 3; ++color) {
    std::vector<StepNoise> left;
    std::vector<double> told;
    double log_ratio = 0.0;
    double all_left = 0.0;
    for (int step = 0; step < step_count; ++step) {
      left.push_back({step_signal(step), variance_among(results, color, step)});
      // What is left is smooth, so one shot has some 90 independent samples of a step: the shots' tags are averaged.
      told.push_back(0.0);
      for (const RawFrame& result : results) {
        ASSERT_TRUE(result.metadata.noise_profile);
        told.back() +=
            result.metadata.noise_profile->channels[static_cast<std::size_t>(color)].variance(step_signal(step)) /
            shots;
      }
      log_ratio += std::log(told.back() / left.back().variance) / step_count;
      all_left += left.back().variance;
    }
    EXPECT_NEAR(std::exp(log_ratio), 1.0, 0.25) << "color " << color;
    // Of weak noise the network leaves a greater share in bright places: there a DNG's line is right on the average
    // only. Half a tenth is for the spread of the measured variances.
    if (is_near_a_line(left, 0.2)) {
      for (std::size_t step = 0; step < left.size(); ++step)
        EXPECT_NEAR(told[step] / left[step].variance, 1.0, 0.25) << "color " << color << ", step " << step;
    } else {
      EXPECT_EQ(GetParam().first, 400) << "color " << color;
    }
    // An estimate of white noise sees a thirtieth of it, and the noise before was ten times as much and more.
    EXPECT_LT(all_left, 0.1 * step_count * GetParam().second.variance(0.5)) << "the model does not denoise";
  }
}

}  // namespace
}  // namespace rdenoise::test
