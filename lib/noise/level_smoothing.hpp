// SPDX-License-Identifier: LGPL-2.1-or-later
// From measurements at some levels to a function of all levels.
#pragma once

#include <rdenoise/noise.hpp>
#include <span>

namespace rdenoise {

struct LevelMeasurement {
  double level = 0.0;
  double variance = 0.0;
  double weight = 0.0;  ///< inverse variance of ln(variance)
};

/// The level function that comes nearest to the measurements and bends least, both in ln(variance): penalised least
/// squares, as by Eilers, "A perfect smoother", Analytical Chemistry 2003, for unequally spaced points. Where nothing
/// was measured it levels out. Measurements far above it lose weight, as texture has been measured there. Zero without
/// measurements.
[[nodiscard]] NoiseLevelFunction smoothed_level_function(std::span<const LevelMeasurement> measurements);

/// The line nearest to a function, weighted by how much was measured at each level; a ≥ 0 and b ≥ 0.
[[nodiscard]] NoiseModel nearest_line(std::span<const LevelMeasurement> measurements,
                                      const NoiseLevelFunction& function);

}  // namespace rdenoise
