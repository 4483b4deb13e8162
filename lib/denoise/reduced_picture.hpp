// SPDX-License-Identifier: LGPL-2.1-or-later
// A frame as a small picture, at little cost: what a classifier looks at.
#pragma once

#include <rdenoise/image.hpp>
#include <rdenoise/network.hpp>
#include <vector>

namespace rdenoise {

struct ReducedSize {
  int width_px = 0;
  int height_px = 0;
  bool operator==(const ReducedSize&) const = default;
};

/// The frame's aspect ratio, as far as multiples of alignment_px have it: the shorter side at least short_side_px, the
/// longer at most four times the shorter.
[[nodiscard]] ReducedSize reduced_size(int width_px, int height_px, int short_side_px, int alignment_px) noexcept;

/// Means over cells of whole pixels (one pixel at least, where the frame is smaller than `dst`), clipped to 0 … 1; not
/// a number becomes 0. Of a cell's rows at most three are read, evenly spread.
///
/// frame    gray, yuv or rgb, at least 1×1
/// dst      one plane: gray, or luma (of rgb: BT.601); three: rgb, or gray or luma in each
/// scratch  kept from call to call, so that nothing is allocated
void reduce_picture(const ConstFrameView& frame, const TensorView& dst, std::vector<float>& scratch);

}  // namespace rdenoise
