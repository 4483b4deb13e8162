// SPDX-License-Identifier: LGPL-2.1-or-later
// Charts of noise: curves of profiles beside each other, and the photon-transfer curve with its residuals.
#pragma once

#include <rdenoise/chart.hpp>
#include <rdenoise/noise_calibration.hpp>
#include <string>
#include <vector>

namespace rdn {

enum class NoiseQuantity {
  sigma,    ///< in 8-bit steps
  variance  ///< in signal²
};

/// One profile to be drawn, or single measured points.
struct NoiseCurves {
  std::string name;
  rdenoise::ColorModel color_model = rdenoise::ColorModel::gray;
  rdenoise::NoiseProfile profile;
  /// If set, these are drawn instead of the profile: one list of (signal, variance) for each channel.
  std::vector<std::vector<rdenoise::ChartPoint>> points;
};

/// Up to two profiles are drawn in the colors of their channels, the second dashed; of more, each has one color for all
/// its channels.
[[nodiscard]] rdenoise::Chart profile_chart(const std::vector<NoiseCurves>& sources, NoiseQuantity quantity);

/// Variance against mean for each channel, the line through it, and below the residuals in per cent of the line.
[[nodiscard]] rdenoise::Chart calibration_chart(const rdenoise::NoiseCalibration& calibration,
                                                const std::string& title);

/// throws  UsageError unless the name ends in .svg
void expect_svg_name(const std::string& path);

}  // namespace rdn
