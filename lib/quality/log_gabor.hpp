// SPDX-License-Identifier: LGPL-2.1-or-later
// The band-pass filters of phase congruency, in the frequency domain.
#pragma once

#include <array>
#include <vector>

namespace rdenoise {

/// Each filter is radial[scale]·angular[orientation], zero at frequency 0: Kovesi, "Image features from phase
/// congruency", Videre 1(3), 1999, with the parameters that FSIM takes.
struct LogGaborBank {
  static constexpr int scale_count = 4;
  static constexpr int orientation_count = 4;
  /// Of the finest scale; each next one is twice as long.
  static constexpr double least_wavelength_px = 6.0;

  std::array<std::vector<double>, scale_count> radial;         ///< [height, width], frequency 0 first
  std::array<std::vector<double>, orientation_count> angular;  ///< [height, width], frequency 0 first
};

/// width_px, height_px  at least 2
[[nodiscard]] LogGaborBank log_gabor_bank(int width_px, int height_px);

}  // namespace rdenoise
