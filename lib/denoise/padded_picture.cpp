// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise/padded_picture.hpp"

#include <algorithm>
#include <numeric>
#include <rdenoise/stage_times.hpp>

#include "denoise/yuv420_cells.hpp"

namespace rdenoise {
namespace {

int rounded_up(int value, int multiple) { return (value + multiple - 1) / multiple * multiple; }

/// Every second pixel of a mosaic row: those of one site.
struct SitePixels {
  int first_px;  ///< offset in the row's span
  int count;
};

SitePixels site_pixels(int x_px, int count_px, int column_parity) {
  const int first = ((x_px & 1) == column_parity) ? 0 : 1;
  return {first, std::max(count_px - first + 1, 0) / 2};
}

void read_picture_row(const ConstPicture& src, int plane, int y_px, int x_px, std::span<float> dst,
                      std::span<float> scratch) {
  if (src.layout != PlaneLayout::mosaic) return read_row(src.channels[plane], y_px, x_px, dst);
  for (int parity = 0; parity < 2; ++parity) {
    const SitePixels site = site_pixels(x_px, static_cast<int>(dst.size()), parity);
    if (site.count == 0) continue;
    const std::span<float> pixels = scratch.first(site.count);
    read_row(src.channels[2 * (y_px & 1) + parity], y_px / 2, (x_px + site.first_px) / 2, pixels);
    for (int i = 0; i < site.count; ++i) dst[site.first_px + 2 * i] = pixels[i];
  }
}

void write_picture_row(std::span<const float> src, const Picture& dst, int plane, int y_px, int x_px,
                       std::span<float> scratch) {
  if (dst.layout != PlaneLayout::mosaic) return write_row(dst.channels[plane], y_px, x_px, src);
  for (int parity = 0; parity < 2; ++parity) {
    const SitePixels site = site_pixels(x_px, static_cast<int>(src.size()), parity);
    if (site.count == 0) continue;
    const std::span<float> pixels = scratch.first(site.count);
    for (int i = 0; i < site.count; ++i) pixels[i] = src[site.first_px + 2 * i];
    write_row(dst.channels[2 * (y_px & 1) + parity], y_px / 2, (x_px + site.first_px) / 2, pixels);
  }
}

}  // namespace

Padding pad_to_alignment(int width_px, int height_px, int alignment_px) {
  return {0, 0, rounded_up(width_px, alignment_px), rounded_up(height_px, alignment_px), BorderRule::replicate};
}

Padding pad_mosaic(int width_px, int height_px, CfaPattern cfa, int alignment_px) {
  const CfaPhase red = red_phase(cfa);
  const int multiple = std::lcm(alignment_px, 2);
  return {red.x_px, red.y_px, rounded_up(red.x_px + width_px, multiple), rounded_up(red.y_px + height_px, multiple),
          BorderRule::reflect};
}

int folded_index(int index, int size, BorderRule rule) noexcept {
  if (rule == BorderRule::replicate || size == 1) return std::clamp(index, 0, size - 1);
  const int period = 2 * (size - 1);
  const int phase = ((index % period) + period) % period;
  return phase < size ? phase : period - phase;
}

void gather(const ConstPicture& src, const Padding& padding, const Rect& window, TensorView dst, TensorPlace place,
            std::span<float> scratch) {
  const StageScope timed(FrameStage::gather);
  if (src.layout == PlaneLayout::yuv420_cells) return gather_cells(src, window, dst, place);
  // Columns of the window that lie inside the picture: [begin, end).
  const int begin = std::clamp(padding.left_px - window.x_px, 0, window.width_px);
  const int end = std::clamp(padding.left_px + src.width_px - window.x_px, begin, window.width_px);
  for (int plane = 0; plane < src.plane_count; ++plane)
    for (int y = 0; y < window.height_px; ++y) {
      const int src_y = folded_index(window.y_px + y - padding.top_px, src.height_px, padding.rule);
      const std::span<float> row(dst.row(plane, place.y_px + y) + place.x_px,
                                 static_cast<std::size_t>(window.width_px));
      const int src_x = window.x_px - padding.left_px;
      if (begin < end) read_picture_row(src, plane, src_y, src_x + begin, row.subspan(begin, end - begin), scratch);
      const auto pad = [&](int from, int to) {
        for (int x = from; x < to; ++x)
          read_picture_row(src, plane, src_y, folded_index(src_x + x, src.width_px, padding.rule), row.subspan(x, 1),
                           scratch);
      };
      pad(0, begin);
      pad(end, window.width_px);
    }
}

void scatter(ConstTensorView src, const Padding& padding, const Tile& tile, const Picture& dst,
             std::span<float> scratch) {
  const StageScope timed(FrameStage::scatter);
  if (dst.layout == PlaneLayout::yuv420_cells) return scatter_cells(src, tile, dst);
  const Rect& core = tile.core;
  const int x_begin = std::max(core.x_px - padding.left_px, 0);
  const int x_end = std::min(core.x_px + core.width_px - padding.left_px, dst.width_px);
  const int y_begin = std::max(core.y_px - padding.top_px, 0);
  const int y_end = std::min(core.y_px + core.height_px - padding.top_px, dst.height_px);
  if (x_begin >= x_end) return;
  const int window_x = x_begin + padding.left_px - tile.window.x_px;
  for (int plane = 0; plane < dst.plane_count; ++plane)
    for (int y = y_begin; y < y_end; ++y) {
      const float* row = src.row(plane, y + padding.top_px - tile.window.y_px);
      write_picture_row({row + window_x, static_cast<std::size_t>(x_end - x_begin)}, dst, plane, y, x_begin, scratch);
    }
}

}  // namespace rdenoise
