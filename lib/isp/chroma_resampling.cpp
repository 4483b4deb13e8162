// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/noise_remap.hpp>

namespace rdenoise {
namespace {

struct Halved {
  bool x = false;
  bool y = false;
  bool operator==(const Halved&) const = default;
};

/// rgb and gray count as 4:4:4.
Halved chroma_halved(const PixelFormat& format) {
  if (format.color_model != ColorModel::yuv) return {};
  return {format.channels[1].log2_subsampling_x > 0, format.channels[1].log2_subsampling_y > 0};
}

bool is_8bit_planar_yuv(const PixelFormat& format) {
  return format.color_model == ColorModel::yuv && format.sample.bit_depth == 8 && format.plane_count == 3;
}

constexpr double mean_of_two = 1.0 / 2;
constexpr double quarter_steps = (0.75 * 0.75 + 0.25 * 0.25);
/// ∫ (1 − t)² + t² over t from 0 to 1
constexpr double even_sweep = 2.0 / 3;
/// Neighbours by ¾ and ¼, then means of two: ⅛, ¾, ⅛.
constexpr double up_and_down = 0.75 * 0.75 + 2 * 0.125 * 0.125;

double axis_gain(bool halved_before, bool halved_after, double up, double up_then_down) {
  if (halved_before) return halved_after ? up_then_down : up;
  return halved_after ? mean_of_two : 1.0;
}

}  // namespace

double chroma_variance_gain(const PixelFormat& from, const PixelFormat& to, bool same_matrix) noexcept {
  const Halved before = chroma_halved(from);
  const Halved after = chroma_halved(to);
  if (before == after) return 1.0;
  if (is_8bit_planar_yuv(from)) {
    const bool repeats = before.y && to.color_model == ColorModel::rgb && to.sample.bit_depth == 8;
    if (repeats) return 1.0;
    if (is_8bit_planar_yuv(to) && same_matrix) {
      return axis_gain(before.x, after.x, even_sweep, 1.0) * axis_gain(before.y, after.y, quarter_steps, 1.0);
    }
  }
  return axis_gain(before.x, after.x, quarter_steps, up_and_down) *
         axis_gain(before.y, after.y, quarter_steps, up_and_down);
}

}  // namespace rdenoise
