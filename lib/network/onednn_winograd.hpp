// SPDX-License-Identifier: LGPL-2.1-or-later
// Keeps oneDNN's f32 Winograd on its fast path, which depends on the picture's size in ways a caller cannot know.
#pragma once

#include <compare>
#include <oneapi/dnnl/dnnl.hpp>
#include <span>

namespace rdenoise::onednn {

/// A 3×3 convolution from and to blocks of 16 channels.
struct WinogradShape {
  int in_channels = 0;
  int out_channels = 0;
  int n_pictures = 1;  ///< a batch of them
  auto operator<=>(const WinogradShape&) const = default;
};

struct Extent {
  int height = 0;
  int width = 0;
  bool operator==(const Extent&) const = default;
};

/// The faster of oneDNN's Winograd convolutions for this size; empty if this CPU has none.
[[nodiscard]] dnnl::convolution_forward::primitive_desc choose_winograd(WinogradShape shape, Extent extent, bool relu);

/// False if this CPU has none, or if the direct algorithm is faster.
[[nodiscard]] bool has_winograd(WinogradShape shape);

/// Time per multiply-accumulate, relative to the best extent; 1 if this CPU has none.
[[nodiscard]] double winograd_cost(WinogradShape shape, Extent extent);

/// The extent, at most a few pixels larger than needed, in which the convolutions together cost least. It is `needed`
/// if there are none, or if this CPU has no Winograd.
[[nodiscard]] Extent choose_extent(std::span<const WinogradShape> shapes, Extent needed);

}  // namespace rdenoise::onednn
