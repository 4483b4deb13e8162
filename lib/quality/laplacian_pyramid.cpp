// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quality/laplacian_pyramid.hpp"

#include <array>
#include <cstddef>
#include <numbers>
#include <rdenoise/parallel.hpp>
#include <utility>

namespace rdenoise {
namespace {

constexpr double unit = std::numbers::sqrt2_v<double> / 16.0;
constexpr int radius_px = 2;
constexpr std::array<double, 2 * radius_px + 1> binomial = {unit, 4.0 * unit, 6.0 * unit, 4.0 * unit, unit};
constexpr int least_rows = 16;

int mirrored(int index, int length) noexcept {
  if (index < 0) return -index;
  return index < length ? index : 2 * (length - 1) - index;
}

/// Filters along columns (so that rows are streamed) and transposes; keeps every second row of the filtered picture.
DoublePlane reduced_and_transposed(const DoublePlaneView& src) {
  DoublePlane dst{{}, (src.height_px + 1) / 2, src.width_px};
  dst.samples.resize(static_cast<std::size_t>(dst.width_px) * dst.height_px);
  parallel_bands(dst.width_px, least_rows, 0, [&](int begin, int end) {
    std::vector<double> row(src.width_px);
    for (int y = begin; y < end; ++y) {
      row.assign(row.size(), 0.0);
      for (int tap = -radius_px; tap <= radius_px; ++tap) {
        const std::span<const double> src_row = src.row(mirrored(2 * y + tap, src.height_px));
        for (std::size_t x = 0; x < row.size(); ++x) row[x] += binomial[tap + radius_px] * src_row[x];
      }
      for (std::size_t x = 0; x < row.size(); ++x) dst.samples[x * dst.width_px + y] = row[x];
    }
  });
  return dst;
}

/// The adjoint but for the border: rows with zeros between them are filtered along columns, and transposed.
DoublePlane expanded_and_transposed(const DoublePlaneView& src, int height_px) {
  DoublePlane dst{{}, height_px, src.width_px};
  dst.samples.resize(static_cast<std::size_t>(dst.width_px) * dst.height_px);
  parallel_bands(height_px, least_rows, 0, [&](int begin, int end) {
    std::vector<double> row(src.width_px);
    for (int y = begin; y < end; ++y) {
      row.assign(row.size(), 0.0);
      for (int tap = -radius_px; tap <= radius_px; ++tap) {
        const int between_zeros = mirrored(y + tap, height_px);
        if (between_zeros % 2 != 0) continue;
        const std::span<const double> src_row = src.row(between_zeros / 2);
        for (std::size_t x = 0; x < row.size(); ++x) row[x] += binomial[tap + radius_px] * src_row[x];
      }
      for (std::size_t x = 0; x < row.size(); ++x) dst.samples[x * dst.width_px + y] = row[x];
    }
  });
  return dst;
}

}  // namespace

std::vector<DoublePlane> laplacian_pyramid(const PlaneView& src, int level_count) {
  std::vector<DoublePlane> levels;
  DoublePlane low{{src.samples.begin(), src.samples.end()}, src.width_px, src.height_px};
  while (std::ssize(levels) + 1 < level_count) {
    DoublePlane next = reduced_and_transposed(reduced_and_transposed(low.view()).view());
    const DoublePlane expanded =
        expanded_and_transposed(expanded_and_transposed(next.view(), low.height_px).view(), low.width_px);
    for (std::size_t i = 0; i < low.samples.size(); ++i) low.samples[i] -= expanded.samples[i];
    levels.push_back(std::move(low));
    low = std::move(next);
  }
  levels.push_back(std::move(low));
  return levels;
}

}  // namespace rdenoise
