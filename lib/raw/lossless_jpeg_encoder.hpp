// SPDX-License-Identifier: LGPL-2.1-or-later
// Lossless JPEG (ITU-T T.81, process 14, predictor 1) of 16 bit: the compression of DNG.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rdenoise {

/// One picture with a Huffman code of its own.
///
/// samples     [height, width, component]
/// components  1 … 4 that lie side by side; each is predicted from its left neighbour, so two for a Bayer mosaic, whose
///             rows alternate between two colours
/// width_px    1 … 65535 of each component; height_px likewise
[[nodiscard]] std::vector<std::byte> encode_lossless_jpeg(std::span<const std::uint16_t> samples, int width_px,
                                                          int height_px, int components);

}  // namespace rdenoise
