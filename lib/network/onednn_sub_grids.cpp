// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/onednn_sub_grids.hpp"

#include <cstring>
#include <type_traits>

namespace rdenoise::onednn {
namespace {

/// Calls visit with the size of one pixel of one block, where usual as a constant: copies are then moves of registers.
template <typename Visit>
void with_pixel_bytes(const Activation& value, Visit visit) {
  const int pixel_bytes = value.layout.block * bytes_of(value.layout.element);
  switch (pixel_bytes) {
    case 2:
      return visit(std::integral_constant<std::size_t, 2>{});
    case 4:
      return visit(std::integral_constant<std::size_t, 4>{});
    case 16:
      return visit(std::integral_constant<std::size_t, 16>{});
    case 32:
      return visit(std::integral_constant<std::size_t, 32>{});
    case 64:
      return visit(std::integral_constant<std::size_t, 64>{});
    default:
      return visit(static_cast<std::size_t>(pixel_bytes));
  }
}

/// A picture's blocks of channels, rows and pixels; in the batch of sub-grids each picture follows the one before.
struct Pixels {
  std::byte* first;
  std::size_t pixel_bytes;
  int height;
  int width;
  [[nodiscard]] std::byte* row(int block, int y) const {
    return first + (static_cast<std::size_t>(block) * height + y) * width * pixel_bytes;
  }
};

Pixels pixels_of(const Activation& value, std::size_t pixel_bytes, int picture) {
  const std::size_t picture_bytes = value.size_bytes() / value.picture_count();
  return {static_cast<std::byte*>(value.data) + picture * picture_bytes, pixel_bytes, value.padded_height,
          value.padded_width};
}

int block_count(const Activation& value) { return value.padded_channels() / value.layout.block; }

/// How many of `extent` pixels lie at places `residue` modulo d.
int places(int extent, int residue, int d) { return residue >= extent ? 0 : (extent - residue - 1) / d + 1; }

}  // namespace

void split_into_sub_grids(const Activation& picture, const Activation& sub_grids) {
  const int d = sub_grids.sub_grid;
  with_pixel_bytes(picture, [&](auto n) {
    const Pixels from = pixels_of(picture, n, 0);
    for (int residue = 0; residue < d * d; ++residue) {
      const int dy = residue / d;
      const int dx = residue % d;
      const Pixels to = pixels_of(sub_grids, n, residue);
      const int height = places(picture.height, dy, d);
      const int width = places(picture.width, dx, d);
      for (int block = 0; block < block_count(picture); ++block) {
        for (int y = 0; y < height; ++y) {
          const std::byte* const source = from.row(block, y * d + dy) + dx * n;
          std::byte* const target = to.row(block, y);
          for (int x = 0; x < width; ++x) std::memcpy(target + x * n, source + x * d * n, n);
          std::memset(target + width * n, 0, (to.width - width) * n);
        }
        std::memset(to.row(block, height), 0, static_cast<std::size_t>(to.height - height) * to.width * n);
      }
    }
  });
}

void join_sub_grids(const Activation& sub_grids, const Activation& picture) {
  const int d = sub_grids.sub_grid;
  with_pixel_bytes(picture, [&](auto n) {
    const Pixels to = pixels_of(picture, n, 0);
    for (int residue = 0; residue < d * d; ++residue) {
      const int dy = residue / d;
      const int dx = residue % d;
      const Pixels from = pixels_of(sub_grids, n, residue);
      const int height = places(picture.height, dy, d);
      const int width = places(picture.width, dx, d);
      for (int block = 0; block < block_count(picture); ++block)
        for (int y = 0; y < height; ++y) {
          const std::byte* const source = from.row(block, y);
          std::byte* const target = to.row(block, y * d + dy) + dx * n;
          for (int x = 0; x < width; ++x) std::memcpy(target + x * d * n, source + x * n, n);
        }
    }
  });
}

}  // namespace rdenoise::onednn
