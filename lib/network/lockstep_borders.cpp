// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/lockstep_borders.hpp"

#include <algorithm>
#include <cstring>

namespace rdenoise::onednn {
namespace {

constexpr int layers_kept = 2;
constexpr int neighbours = 2;

std::size_t up(std::size_t bytes) {
  return (bytes + arena_alignment_bytes - 1) / arena_alignment_bytes * arena_alignment_bytes;
}

/// Calls copy(place in the window, place in the line, bytes) for all of a row or column of a window.
template <typename Copy>
void for_each_piece(const Activation& window, bool is_row, int cell, std::byte* line, Copy copy) {
  const PixelPlanes planes = pixel_planes(window);
  const std::size_t row_bytes = window.padded_width * planes.pixel_bytes;
  auto* const data = static_cast<std::byte*>(window.data);
  for (int plane = 0; plane < planes.n_planes; ++plane) {
    std::byte* const first = data + plane * window.padded_height * row_bytes;
    if (is_row) {
      const std::size_t bytes = window.width * planes.pixel_bytes;
      copy(first + cell * row_bytes, line, bytes);
      line += bytes;
      continue;
    }
    for (int y = 0; y < window.height; ++y, line += planes.pixel_bytes)
      copy(first + y * row_bytes + cell * planes.pixel_bytes, line, planes.pixel_bytes);
  }
}

}  // namespace

LockstepBorders::LockstepBorders(const LockstepCut& cut, int cell_px, const std::vector<PixelPlanes>& layers)
    : by_rows_(cut.by_rows) {
  for (const int begin_px : cut.window_begins_px) begins_.push_back(begin_px / cell_px);
  const auto length = static_cast<std::size_t>((by_rows_ ? cut.window_width_px : cut.window_height_px) / cell_px);
  for (const PixelPlanes& layer : layers)
    line_bytes_ = std::max(line_bytes_, up(layer.n_planes * layer.pixel_bytes * length));
  memory_bytes_ = layers_kept * begins_.size() * neighbours * line_bytes_;
  memory_ = make_arena(memory_bytes_);
}

std::byte* LockstepBorders::line(int layer, int band, Neighbour neighbour) const noexcept {
  const int place = (layer % layers_kept * band_count() + band) * neighbours + (neighbour == Neighbour::after ? 1 : 0);
  return memory_.get() + static_cast<std::size_t>(place) * line_bytes_;
}

void LockstepBorders::show(int layer, int band, const Activation& window) {
  const auto show_line = [&](int cell, Neighbour neighbour) {
    for_each_piece(window, by_rows_, cell, line(layer, band, neighbour),
                   [](std::byte* pixels, std::byte* shown, std::size_t bytes) { std::memcpy(shown, pixels, bytes); });
  };
  const int last = (by_rows_ ? window.height : window.width) - 1;
  const auto begin = [&](int index) { return begins_[static_cast<std::size_t>(index)]; };
  if (band > 0) show_line(begin(band - 1) + last - begin(band), Neighbour::before);
  if (band + 1 < band_count()) show_line(begin(band + 1) - begin(band), Neighbour::after);
}

void LockstepBorders::take(int layer, int band, const Activation& window) const {
  const auto take_line = [&](int cell, std::byte* shown) {
    for_each_piece(window, by_rows_, cell, shown,
                   [](std::byte* pixels, std::byte* line, std::size_t bytes) { std::memcpy(pixels, line, bytes); });
  };
  const int last = (by_rows_ ? window.height : window.width) - 1;
  if (band > 0) take_line(0, line(layer, band - 1, Neighbour::after));
  if (band + 1 < band_count()) take_line(last, line(layer, band + 1, Neighbour::before));
}

}  // namespace rdenoise::onednn
