// SPDX-License-Identifier: LGPL-2.1-or-later
// Differences between a frame and the last average, in units of what noise alone makes.
#pragma once

#include <array>
#include <cstdint>
#include <rdenoise/image.hpp>
#include <rdenoise/noise.hpp>

namespace rdenoise {

/// One channel's stored samples in a row of cells.
struct CellSamples {
  int across = 2;                                    ///< samples of a cell in x, 1 or 2; an odd last one has its own
  int down = 2;                                      ///< rows that there are, 1 or 2
  int samples = 0;                                   ///< in a row
  std::array<const std::uint16_t*, 2> before{};      ///< rows of the last average
  std::array<const std::int16_t*, 2> differences{};  ///< of this frame's rows less those
};

/// How much noise a channel has, in a form that is quick to look at; levels and variances in stored numbers.
class NoiseByLevel {
 public:
  NoiseByLevel() = default;
  NoiseByLevel(const NoiseModel& noise, const Levels& stored);

  static constexpr int level_count = 256;
  float black_dn = 0.F;
  float a_dn = 0.F;  ///< variance = a·(dn − black) + b
  float b_dn2 = 0.F;
  bool is_line = true;
  float levels_per_dn = 0.F;
  std::array<float, level_count> variance_dn2{};  ///< if it is none: at equally spaced levels from black to white
};

/// A row of cells.
struct Evidence {
  float* energy;  ///< sum of squared differences over their variance; its mean is the number of samples
  float* shift;   ///< sum of differences over their σ; the mean of its square is the number of samples
};

/// Adds what one channel tells. Noise goes by the mean signal of the cell in both pictures.
/// sigma_shares  of the last average
void add_evidence(const CellSamples& samples, const NoiseByLevel& noise, const float* sigma_shares,
                  const Evidence& evidence);

}  // namespace rdenoise
