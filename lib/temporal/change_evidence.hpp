// SPDX-License-Identifier: LGPL-2.1-or-later
// Differences between a frame and the last average, in units of what noise alone makes.
#pragma once

#include <array>
#include <rdenoise/noise.hpp>

namespace rdenoise {

/// One channel's samples in a row of cells, as normalised signal.
struct CellSamples {
  int across = 2;                        ///< samples of a cell in x, 1 or 2; an odd last one has a cell of its own
  int down = 2;                          ///< rows that there are, 1 or 2
  int samples = 0;                       ///< in a row
  std::array<const float*, 2> now{};     ///< rows of this frame
  std::array<const float*, 2> before{};  ///< and of the last average
};

/// How much noise a channel has, in a form that is quick to look at.
class NoiseByLevel {
 public:
  NoiseByLevel() = default;
  explicit NoiseByLevel(const NoiseModel& noise);

  static constexpr int level_count = 256;
  float a = 0.F;
  float b = 0.F;
  bool is_line = true;
  std::array<float, level_count> variance{};  ///< if it is none: at equally spaced signals from 0 to 1
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
