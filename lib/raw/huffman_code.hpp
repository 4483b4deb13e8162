// SPDX-License-Identifier: LGPL-2.1-or-later
// Huffman codes for the categories of lossless JPEG.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace rdenoise {

/// Categories of differences: 0 … 16 bits (ITU-T T.81, table H.2).
inline constexpr std::size_t huffman_symbols = 17;

struct HuffmanCode {
  std::array<std::uint8_t, huffman_symbols> length_bits{};  ///< 0: the symbol does not occur
  std::array<std::uint16_t, huffman_symbols> bits{};
};

/// The shortest code for these frequencies, with what JPEG asks for: no word longer than 16 bits (reached by making the
/// frequencies more alike), none of ones alone; words ascend with their length and, within it, with the symbol.
[[nodiscard]] HuffmanCode make_huffman_code(const std::array<std::uint64_t, huffman_symbols>& frequency);

}  // namespace rdenoise
