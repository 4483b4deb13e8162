// SPDX-License-Identifier: LGPL-2.1-or-later
// Black and read noise from the covered border of a sensor.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <rdenoise/raw.hpp>
#include <span>

namespace rdenoise {

/// All that was read from the sensor, and where the picture lies in it.
struct SensorArea {
  std::span<const std::uint16_t> samples;
  std::size_t pitch_px = 0;
  int width_px = 0;
  int height_px = 0;
  int visible_left_px = 0;
  int visible_top_px = 0;
  int visible_width_px = 0;
  int visible_height_px = 0;
};

/// Looks at the four borders beside the visible area (not the corners, which some cameras use for other things), each
/// by itself:
///   · two lines next to the picture are left out, since light leaks under the cover
///   · lines (columns of the left and right border, rows of the others) whose median lies more than a standard
///     deviation from that of the border, or whose spread is not within a factor of 1.5, are left out: some cameras
///     store calibration rows there
///   · a border is dark if its median lies within 1 % of the range from the black level, and its standard deviation
///     below 2 %: else light fell on it, and the file's margins are just a crop
///   · pixels beyond 5 standard deviations are hot or dead, and left out
/// Of several dark borders the quietest is taken: a border may have noise of its own (column ramps, test pixels), but
/// none can have less than the read noise of the picture beside it, as long as its pixels vary at all. Nothing if none
/// is dark with at least 256 pixels at each site.
[[nodiscard]] std::optional<OpticalBlack> measure_optical_black(const SensorArea& sensor,
                                                                const std::array<float, 4>& black_level_dn,
                                                                float white_level_dn);

}  // namespace rdenoise
