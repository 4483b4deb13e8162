// SPDX-License-Identifier: LGPL-2.1-or-later
// The four sites of the 2×2 cell of a mosaic, seen as channels of half the size.
#pragma once

#include <rdenoise/image.hpp>

namespace rdenoise {

/// Sites in the order (0,0) (1,0) (0,1) (1,1) (x, y). On odd sizes the later sites have one column or row less.
template <typename Byte>
[[nodiscard]] BasicChannelView<Byte> mosaic_site(const BasicChannelView<Byte>& mosaic, int site) noexcept {
  const int site_x = site % 2;
  const int site_y = site / 2;
  BasicChannelView<Byte> view = mosaic;
  view.width_px = (mosaic.width_px - site_x + 1) / 2;
  view.height_px = (mosaic.height_px - site_y + 1) / 2;
  // A site that does not exist (1 pixel wide or high) must not point beyond the memory.
  if (view.width_px > 0 && view.height_px > 0) {
    view.data += site_y * mosaic.row_stride_bytes + site_x * mosaic.pixel_stride_bytes;
  }
  view.row_stride_bytes *= 2;
  view.pixel_stride_bytes *= 2;
  return view;
}

}  // namespace rdenoise
