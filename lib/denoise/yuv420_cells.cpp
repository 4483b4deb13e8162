// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise/yuv420_cells.hpp"

#include <algorithm>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

constexpr int first_chroma_plane = 4;
/// Luma rows go through memory that stays in the first cache.
constexpr int piece_cells = 1024;
using Piece = std::array<float, std::size_t{2} * piece_cells>;

RDENOISE_VECTOR_CLONES void split_phases(const float* __restrict row, int cells, float* __restrict even,
                                         float* __restrict odd) {
  for (int i = 0; i < cells; ++i) {
    even[i] = row[2 * i];
    odd[i] = row[2 * i + 1];
  }
}

RDENOISE_VECTOR_CLONES void weave_phases(const float* __restrict even, const float* __restrict odd, int cells,
                                         float* __restrict row) {
  for (int i = 0; i < cells; ++i) {
    row[2 * i] = even[i];
    row[2 * i + 1] = odd[i];
  }
}

void read_luma_row(const ConstChannelView& luma, int y_px, int first_cell, int cells, float* even, float* odd) {
  Piece piece;
  for (int begin = 0; begin < cells; begin += piece_cells) {
    const int count = std::min(piece_cells, cells - begin);
    const int x_px = 2 * (first_cell + begin);
    const int pixels = std::min(2 * count, luma.width_px - x_px);
    read_row(luma, y_px, x_px, std::span(piece).first(static_cast<std::size_t>(pixels)));
    if (pixels < 2 * count) piece[pixels] = piece[pixels - 1];
    split_phases(piece.data(), count, even + begin, odd + begin);
  }
}

void write_luma_row(const float* even, const float* odd, int first_cell, int cells, int y_px, const ChannelView& luma) {
  Piece piece;
  for (int begin = 0; begin < cells; begin += piece_cells) {
    const int count = std::min(piece_cells, cells - begin);
    const int x_px = 2 * (first_cell + begin);
    weave_phases(even + begin, odd + begin, count, piece.data());
    write_row(luma, y_px, x_px,
              std::span(piece).first(static_cast<std::size_t>(std::min(2 * count, luma.width_px - x_px))));
  }
}

}  // namespace

void gather_cells(const ConstPicture& src, const Rect& window, TensorView dst, TensorPlace place) {
  const ConstChannelView& luma = src.channels[0];
  const int inside = std::clamp(src.width_px - window.x_px, 1, window.width_px);
  for (int y = 0; y < window.height_px; ++y) {
    const int cell_y = std::min(window.y_px + y, src.height_px - 1);
    const auto row = [&](int plane) { return dst.row(plane, place.y_px + y) + place.x_px; };
    for (int dy = 0; dy < 2; ++dy) {
      const int luma_y = std::min(2 * cell_y + dy, luma.height_px - 1);
      read_luma_row(luma, luma_y, window.x_px, inside, row(2 * dy), row(2 * dy + 1));
    }
    for (int c = 1; c < 3; ++c)
      read_row(src.channels[c], cell_y, window.x_px,
               {row(first_chroma_plane + c - 1), static_cast<std::size_t>(inside)});
    if (inside == window.width_px) continue;
    for (int plane = 0; plane < src.plane_count; ++plane) {
      float* const values = row(plane);
      std::fill(values + inside, values + window.width_px, values[inside - 1]);
    }
  }
}

void scatter_cells(ConstTensorView src, const Tile& tile, const Picture& dst) {
  const Rect& core = tile.core;
  const ChannelView& luma = dst.channels[0];
  const int cells = std::min(core.x_px + core.width_px, dst.width_px) - core.x_px;
  if (cells <= 0) return;
  const int window_x = core.x_px - tile.window.x_px;
  const int y_end = std::min(core.y_px + core.height_px, dst.height_px);
  for (int cell_y = core.y_px; cell_y < y_end; ++cell_y) {
    const int window_y = cell_y - tile.window.y_px;
    const auto row = [&](int plane) { return src.row(plane, window_y) + window_x; };
    for (int dy = 0; dy < 2 && 2 * cell_y + dy < luma.height_px; ++dy)
      write_luma_row(row(2 * dy), row(2 * dy + 1), core.x_px, cells, 2 * cell_y + dy, luma);
    for (int c = 1; c < 3; ++c)
      write_row(dst.channels[c], cell_y, core.x_px, {row(first_chroma_plane + c - 1), static_cast<std::size_t>(cells)});
  }
}

}  // namespace rdenoise
