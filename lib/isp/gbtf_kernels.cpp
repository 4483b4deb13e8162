// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/gbtf_kernels.hpp"

#include <cmath>

#include "base/vector_clones.hpp"
#include "isp/gbtf_constants.hpp"

namespace rdenoise::gbtf {

RDENOISE_VECTOR_CLONES void difference_along_line(const float* site, const LineNeighbours& line, float sign,
                                                  SiteRange range, float* dst) {
  const LineNeighbours n = line;
#pragma GCC ivdep
  for (int i = range.begin; i < range.end; ++i) {
    const float near = 0.5F * (n.near_before[i] + n.near_after[i]);
    const float far = 0.25F * (n.far_before[i] + n.far_after[i]);
    dst[i] = sign * (near - far - 0.5F * site[i]);
  }
}

RDENOISE_VECTOR_CLONES void gradient(const float* before, const float* after, SiteRange range, float* dst) {
#pragma GCC ivdep
  for (int i = range.begin; i < range.end; ++i) dst[i] = std::abs(after[i] - before[i]);
}

RDENOISE_VECTOR_CLONES void sum_of_five_columns(const float* same, const float* side, SiteRange range, float* dst) {
#pragma GCC ivdep
  for (int i = range.begin; i < range.end; ++i) {
    dst[i] = (same[i - 1] + same[i + 1]) + (side[i] + side[i + 1]) + same[i];
  }
}

RDENOISE_VECTOR_CLONES void window_weight(const std::array<const float*, 5>& rows, SiteRange range, float* dst) {
  const std::array<const float*, 5> r = rows;
#pragma GCC ivdep
  for (int i = range.begin; i < range.end; ++i) {
    const float sum = (r[0][i] + r[4][i]) + (r[1][i] + r[3][i]) + r[2][i] + least_gradient_sum;
    dst[i] = 1.F / (sum * sum);
  }
}

RDENOISE_VECTOR_CLONES void blend_differences(const BlendSources& src, SiteRange range, float* dst) {
  const BlendSources s = src;
  constexpr std::array<float, 5> f = distance_weights;
#pragma GCC ivdep
  for (int i = range.begin; i < range.end; ++i) {
    const float column = f[0] * s.up_down[4][i];
    const float row = f[0] * s.same[i];
    const float above =
        column + f[1] * s.up_down[3][i] + f[2] * s.up_down[2][i] + f[3] * s.up_down[1][i] + f[4] * s.up_down[0][i];
    const float below =
        column + f[1] * s.up_down[5][i] + f[2] * s.up_down[6][i] + f[3] * s.up_down[7][i] + f[4] * s.up_down[8][i];
    const float left = row + f[1] * s.side[i] + f[2] * s.same[i - 1] + f[3] * s.side[i - 1] + f[4] * s.same[i - 2];
    const float right = row + f[1] * s.side[i + 1] + f[2] * s.same[i + 1] + f[3] * s.side[i + 2] + f[4] * s.same[i + 2];
    const float w_above = s.weight_above[i];
    const float w_below = s.weight_below[i];
    const float w_left = s.weight_in_row[i - 1];
    const float w_right = s.weight_in_row[i + 1];
    const float blend = (w_above * above + w_below * below) + (w_left * left + w_right * right);
    dst[i] = blend / ((w_above + w_below) + (w_left + w_right));
  }
}

RDENOISE_VECTOR_CLONES void third_color_difference(const std::array<const float*, 4>& side, SiteRange range,
                                                   float* dst) {
  const std::array<const float*, 4> s = side;
#pragma GCC ivdep
  for (int i = range.begin; i < range.end; ++i) {
    const float near = (s[1][i] + s[1][i + 1]) + (s[2][i] + s[2][i + 1]);
    const float far =
        (s[0][i] + s[0][i + 1]) + (s[3][i] + s[3][i + 1]) + (s[1][i - 1] + s[1][i + 2]) + (s[2][i - 1] + s[2][i + 2]);
    dst[i] = 0.3125F * near - 0.03125F * far;
  }
}

RDENOISE_VECTOR_CLONES void colors_at_colored(const float* site, const float* own_difference,
                                              const float* third_difference, int count, float* green, float* third) {
#pragma GCC ivdep
  for (int i = 0; i < count; ++i) {
    const float g = site[i] + own_difference[i];
    green[i] = g;
    third[i] = g - third_difference[i];
  }
}

RDENOISE_VECTOR_CLONES void color_at_green(const float* site, const float* side, const float* above, const float* below,
                                           int count, float* dst) {
#pragma GCC ivdep
  for (int i = 0; i < count; ++i) {
    dst[i] = site[i] - 0.25F * ((side[i] + side[i + 1]) + (above[i] + below[i]));
  }
}

}  // namespace rdenoise::gbtf
