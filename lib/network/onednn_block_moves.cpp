// SPDX-License-Identifier: LGPL-2.1-or-later
// Moves in which the channels of a block stay together: between blocks of two sizes, and from f32 to eight bits.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/vector_clones.hpp"
#include "network/onednn_moves.hpp"

namespace rdenoise::onednn {
namespace {

/// Channels that follow each other in both.
int channels_together(const Activation& src, const Activation& dst) {
  return std::min(src.layout.block, dst.layout.block);
}

bool blocks_nest(const Activation& src, const Activation& dst) {
  return std::max(src.layout.block, dst.layout.block) % channels_together(src, dst) == 0;
}

/// Bytes from the start of a value to a channel of the first pixel of a row.
std::ptrdiff_t row_offset(const Activation& value, int channel, int y) {
  const int block = value.layout.block;
  const auto plane_row = static_cast<std::ptrdiff_t>(channel / block) * value.padded_height + y;
  return (plane_row * value.padded_width * block + channel % block) * bytes_of(value.layout.element);
}

/// A group of channels along a row: `width` pixels, each so many elements after the one before.
RDENOISE_VECTOR_CLONES void round_row(const float* from, std::ptrdiff_t from_step, const float* numbers_per_value,
                                      int n_channels, int width, std::uint8_t* to, std::ptrdiff_t to_step) {
  // At this size a float has no room for fractions, and its lowest byte is the number.
  constexpr float whole_numbers = 0x1.8p23F;
  for (int x = 0; x < width; ++x, from += from_step, to += to_step)
    for (int c = 0; c < n_channels; ++c) {
      const float number = from[c] * numbers_per_value[c];
      const float above = number > 0.0F ? number : 0.0F;
      to[c] = static_cast<std::uint8_t>(
          std::bit_cast<std::uint32_t>((above < 255.0F ? above : 255.0F) + whole_numbers) & 0xffU);
    }
}

}  // namespace

void to_eight_bits(const Activation& src, const Activation& dst) {
  const int together = channels_together(src, dst);
  std::vector<float> numbers_per_value(static_cast<std::size_t>(round_up(dst.channels, together)));
  for (std::size_t c = 0; c < dst.scales.size(); ++c) numbers_per_value[c] = 1.0F / dst.scales[c];
  for (int y = 0; y < dst.height; ++y)
    for (int c = 0; c < dst.channels; c += together)
      round_row(reinterpret_cast<const float*>(static_cast<const std::byte*>(src.data) + row_offset(src, c, y)),
                src.layout.block, numbers_per_value.data() + c, together, dst.width,
                reinterpret_cast<std::uint8_t*>(static_cast<std::byte*>(dst.data) + row_offset(dst, c, y)),
                dst.layout.block);
}

bool copy_blocks(const Activation& src, const Activation& dst) {
  if (src.layout.element != dst.layout.element || src.channels != dst.channels || channels_together(src, dst) == 1 ||
      !blocks_nest(src, dst))
    return false;
  const int together = channels_together(src, dst);
  const int element_bytes = bytes_of(src.layout.element);
  const auto group_bytes = static_cast<std::size_t>(together) * static_cast<std::size_t>(element_bytes);
  for (int y = 0; y < dst.height; ++y)
    for (int c = 0; c < dst.channels; c += together) {
      const std::byte* from = static_cast<const std::byte*>(src.data) + row_offset(src, c, y);
      std::byte* to = static_cast<std::byte*>(dst.data) + row_offset(dst, c, y);
      for (int x = 0; x < dst.width; ++x) {
        std::memcpy(to, from, group_bytes);
        from += static_cast<std::ptrdiff_t>(src.layout.block) * element_bytes;
        to += static_cast<std::ptrdiff_t>(dst.layout.block) * element_bytes;
      }
    }
  return true;
}

}  // namespace rdenoise::onednn
