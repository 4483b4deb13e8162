// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/output_edge_rows.hpp"

#include <algorithm>

#include "network/vector_lanes.hpp"
#if RDENOISE_HAS_VECTOR_LANES
#include "network/output_edge_kernel.hpp"
#endif

namespace rdenoise::onednn {

#if RDENOISE_HAS_VECTOR_LANES
namespace {

/// The source of a tile that reaches beyond the picture, copied with zeros around it.
template <typename Element, int lanes, int n_outputs>
EdgeSource<Element> padded_source(const EdgeRows& rows, int x) {
  using Tile = EdgeTile<lanes, n_outputs>;
  constexpr int height = Tile::rows + 2;
  constexpr int width = Tile::width + 2;
  const BlockedPicture& src = rows.src;
  const int first_x = std::clamp(x - 1, 0, src.width);
  const int end_x = std::clamp(x - 1 + width, 0, src.width);
  auto* const patch = reinterpret_cast<Element*>(rows.patch);
  std::fill_n(patch, static_cast<std::size_t>(src.n_blocks) * height * width * lanes, Element{});
  for (int block = 0; block < src.n_blocks; ++block)
    for (int i = 0; i < height; ++i) {
      const int y = rows.y - 1 + i;
      if (y < 0 || y >= src.height) continue;
      const Element* from = static_cast<const Element*>(src.data) + block * src.block_elements +
                            (static_cast<std::ptrdiff_t>(y) * src.width + first_x) * src.pixel_elements;
      Element* to = patch + ((block * height + i) * width + first_x - (x - 1)) * lanes;
      for (int n = first_x; n < end_x; ++n, from += src.pixel_elements, to += lanes) std::copy_n(from, lanes, to);
    }
  return {patch, lanes, width * lanes, height * width * lanes, src.n_blocks};
}

template <typename Element, int lanes, int n_outputs>
[[gnu::always_inline]] inline void sum_rows(const EdgeRows& rows) {
  using Tile = EdgeTile<lanes, n_outputs>;
  const BlockedPicture& src = rows.src;
  const std::ptrdiff_t row_elements = static_cast<std::ptrdiff_t>(src.width) * src.pixel_elements;
  const Element* const row_above = static_cast<const Element*>(src.data) + (rows.y - 1) * row_elements;
  const bool rows_inside = rows.y >= 1 && rows.y + Tile::rows + 1 <= src.height;
  for (int x = 0; x < rows.width; x += Tile::width) {
    const bool inside = rows_inside && x >= 1 && x + Tile::width + 1 <= src.width;
    const EdgeSource<Element> tile =
        inside ? EdgeSource<Element>{row_above + (x - 1) * src.pixel_elements, src.pixel_elements, row_elements,
                                     src.block_elements, src.n_blocks}
               : padded_source<Element, lanes, n_outputs>(rows, x);
    float sums[lanes];
    sum_tile<Element, lanes, n_outputs>(tile, rows.weights, sums);
    for (int i = 0; i < Tile::rows * n_outputs; ++i)
      std::copy_n(sums + i * Tile::width, Tile::width, rows.sums + i * rows.sums_stride + x);
  }
}

template <typename Element, int n_outputs>
RDENOISE_FOR_16_LANES void sum_rows_avx512(const EdgeRows& rows) {
  sum_rows<Element, 16, n_outputs>(rows);
}

template <typename Element, int n_outputs>
RDENOISE_FOR_8_LANES void sum_rows_avx2(const EdgeRows& rows) {
  sum_rows<Element, 8, n_outputs>(rows);
}

template <typename Element>
constexpr EdgeRowsKernel avx512[] = {sum_rows_avx512<Element, 1>, sum_rows_avx512<Element, 2>,
                                     sum_rows_avx512<Element, 3>, sum_rows_avx512<Element, 4>};
template <typename Element>
constexpr EdgeRowsKernel avx2[] = {sum_rows_avx2<Element, 1>, sum_rows_avx2<Element, 2>, sum_rows_avx2<Element, 3>,
                                   sum_rows_avx2<Element, 4>};

}  // namespace

EdgeRowsKernel edge_rows_kernel(ElementType element, int lanes, int n_outputs) noexcept {
  const int i = n_outputs - 1;
  if (element == ElementType::bf16) return avx512<std::uint16_t>[i];
  if (element == ElementType::u8) return lanes == 16 ? avx512<std::uint8_t>[i] : avx2<std::uint8_t>[i];
  return lanes == 16 ? avx512<float>[i] : avx2<float>[i];
}

int edge_rows_at_once(int lanes, int n_outputs) noexcept {
  return lanes == 16 && n_outputs == 1 ? EdgeTile<16, 1>::rows : 1;
}

std::size_t edge_patch_floats(int lanes, int n_blocks) noexcept {
  constexpr int most_px = (EdgeTile<16, 1>::rows + 2) * (EdgeTile<16, 1>::width + 2);
  return static_cast<std::size_t>(most_px) * lanes * n_blocks;
}

#else

EdgeRowsKernel edge_rows_kernel(ElementType, int, int) noexcept { return nullptr; }
int edge_rows_at_once(int, int) noexcept { return 1; }
std::size_t edge_patch_floats(int, int) noexcept { return 0; }

#endif

}  // namespace rdenoise::onednn
