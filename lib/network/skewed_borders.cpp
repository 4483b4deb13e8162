// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/skewed_borders.hpp"

#include <algorithm>
#include <cstring>

namespace rdenoise::onednn {
namespace {

constexpr int border = 2;

std::size_t up(std::size_t bytes) {
  return (bytes + arena_alignment_bytes - 1) / arena_alignment_bytes * arena_alignment_bytes;
}

/// A window in memory.
struct Window {
  std::byte* data;
  std::size_t pixel_bytes;
  int width;
  int height;

  [[nodiscard]] std::size_t row_bytes() const { return width * pixel_bytes; }
  [[nodiscard]] std::size_t bytes() const { return height * row_bytes(); }
  [[nodiscard]] std::byte* at(int plane, int y, int x) const {
    return data + plane * bytes() + y * row_bytes() + x * pixel_bytes;
  }
};

/// Columns [begin, end) of all rows.
void clear_columns(const Window& window, int plane, int begin, int end) {
  for (int y = 0; y < window.height && begin < end; ++y)
    std::memset(window.at(plane, y, begin), 0, (end - begin) * window.pixel_bytes);
}

void clear_rows(const Window& window, int plane, int begin, int end) {
  if (begin < end) std::memset(window.at(plane, begin, 0), 0, (end - begin) * window.row_bytes());
}

/// Where a window of one layer begins along one axis, in cells of the frame.
int first_cell(int count, int index, int window, int layer) {
  return count == 1 ? 0 : index * (window - border) - layer - border;
}

}  // namespace

std::size_t shift_bytes(const SkewedGrid& grid, const Activation& value) {
  const std::size_t pixel_bytes = pixel_planes(value).pixel_bytes;
  return (grid.rows > 1 ? value.padded_width * pixel_bytes : 0) + (grid.columns > 1 ? pixel_bytes : 0);
}

SkewedBorders::SkewedBorders(const SkewedGrid& grid, int cell_px, const std::vector<PixelPlanes>& layers)
    : grid_{grid.frame_width_px / cell_px,
            grid.frame_height_px / cell_px,
            grid.window_width_px / cell_px,
            grid.window_height_px / cell_px,
            grid.columns,
            grid.rows,
            std::clamp(grid.rows_in_flight, 1, grid.rows)} {
  for (const PixelPlanes& planes : layers) {
    const std::size_t border_bytes = border * planes.n_planes * planes.pixel_bytes;
    LayerPlace place{memory_bytes_, 0, planes};
    if (grid_.rows > 1) memory_bytes_ += up(border_bytes * grid_.columns * grid_.window_width_px);
    place.columns_offset = memory_bytes_;
    if (grid_.columns > 1) memory_bytes_ += up(border_bytes * grid_.rows_in_flight * grid_.window_height_px);
    places_.push_back(place);
  }
  memory_ = make_arena(memory_bytes_);
}

void SkewedBorders::exchange(int layer, int column, int row, const Activation& value) {
  const LayerPlace& place = places_[static_cast<std::size_t>(layer)];
  const std::size_t pixel_bytes = place.planes.pixel_bytes;
  const Window window{static_cast<std::byte*>(value.data), pixel_bytes, grid_.window_width_px, grid_.window_height_px};
  const int n_planes = place.planes.n_planes;
  // Corners travel with the columns: a neighbour's columns already hold what came to it from above.
  const int kept_x = grid_.columns > 1 ? border : 0;
  const std::size_t kept_bytes = (window.width - kept_x) * pixel_bytes;
  const std::size_t pair_bytes = border * pixel_bytes;
  const auto row_store = [&](int plane, int y) {
    const std::size_t all_columns = grid_.columns * kept_bytes;
    return memory_.get() + place.rows_offset + (static_cast<std::size_t>(plane) * border + y) * all_columns +
           column * kept_bytes;
  };
  const auto column_store = [&](int plane, int y) {
    const int slot = row % grid_.rows_in_flight;
    return memory_.get() + place.columns_offset +
           ((static_cast<std::size_t>(slot) * n_planes + plane) * window.height + y) * pair_bytes;
  };
  const int first_x = first_cell(grid_.columns, column, window.width, layer);
  const int first_y = first_cell(grid_.rows, row, window.height, layer);
  const auto inside = [](int first, int frame, int size) {
    const int begin = std::clamp(-first, 0, size);
    return std::pair{begin, std::clamp(frame - first, begin, size)};
  };
  const auto [begin_x, end_x] = inside(first_x, grid_.frame_width_px, window.width);
  const auto [begin_y, end_y] = inside(first_y, grid_.frame_height_px, window.height);

  for (int plane = 0; plane < n_planes; ++plane) {
    if (row > 0)
      for (int y = 0; y < border; ++y) std::memcpy(window.at(plane, y, kept_x), row_store(plane, y), kept_bytes);
    if (column > 0)
      for (int y = 0; y < window.height; ++y) std::memcpy(window.at(plane, y, 0), column_store(plane, y), pair_bytes);
    clear_rows(window, plane, 0, begin_y);
    clear_rows(window, plane, end_y, window.height);
    clear_columns(window, plane, 0, begin_x);
    clear_columns(window, plane, end_x, window.width);
    if (row + 1 < grid_.rows)
      for (int y = 0; y < border; ++y)
        std::memcpy(row_store(plane, y), window.at(plane, window.height - border + y, kept_x), kept_bytes);
    if (column + 1 < grid_.columns)
      for (int y = 0; y < window.height; ++y)
        std::memcpy(column_store(plane, y), window.at(plane, y, window.width - border), pair_bytes);
  }
}

}  // namespace rdenoise::onednn
