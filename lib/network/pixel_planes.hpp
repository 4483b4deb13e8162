// SPDX-License-Identifier: LGPL-2.1-or-later
// How the pixels of a value lie: planes of rows of pixels. All that who moves borders has to know about a layout.
#pragma once

#include <cstddef>

#include "network/onednn_moves.hpp"

namespace rdenoise::onednn {

struct PixelPlanes {
  int n_planes = 0;
  std::size_t pixel_bytes = 0;
};

/// value  an Activation, or the Value of a plan
template <typename AnyValue>
[[nodiscard]] PixelPlanes pixel_planes(const AnyValue& value) noexcept {
  return {value.padded_channels() / value.layout.block,
          static_cast<std::size_t>(value.layout.block) * static_cast<std::size_t>(bytes_of(value.layout.element))};
}

}  // namespace rdenoise::onednn
