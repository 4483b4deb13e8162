// SPDX-License-Identifier: LGPL-2.1-or-later
// Moves in which the channels of a block stay together: between blocks of two sizes, and from f32 to eight bits.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/vector_clones.hpp"
#include "network/onednn_moves.hpp"
#include "network/vector_lanes.hpp"

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

/// A group of channels along a row.
struct RoundedRow {
  const float* from;
  std::ptrdiff_t from_step;        ///< elements from pixel to pixel
  const float* numbers_per_value;  ///< by channel
  int n_channels;                  ///< a multiple of 8
  int width;
  std::uint8_t* to;
  std::ptrdiff_t to_step;
};

#if RDENOISE_HAS_VECTOR_LANES

template <int lanes>
[[gnu::always_inline]] inline void round_pixels(const RoundedRow& row) {
  const float* from = row.from;
  std::uint8_t* to = row.to;
  for (int x = 0; x < row.width; ++x, from += row.from_step, to += row.to_step)
    for (int c = 0; c < row.n_channels; c += lanes) {
      Vector<lanes> value;
      Vector<lanes> factor;
      load<lanes>(value, from + c);
      load<lanes>(factor, row.numbers_per_value + c);
      store<lanes>(to + c, value * factor);
    }
}

// No sum follows the product, so that contracting them cannot make the copies differ.
RDENOISE_WIDE_VECTOR_CLONES void round_row(const RoundedRow& row) {
  if (row.n_channels % 16 == 0)
    round_pixels<16>(row);
  else
    round_pixels<8>(row);
}

#else

void round_row(const RoundedRow& row) {
  for (int x = 0; x < row.width; ++x)
    for (int c = 0; c < row.n_channels; ++c)
      row.to[x * row.to_step + c] = static_cast<std::uint8_t>(
          std::nearbyint(std::clamp(row.from[x * row.from_step + c] * row.numbers_per_value[c], 0.0F, 255.0F)));
}

#endif

}  // namespace

void to_eight_bits(const Activation& src, const Activation& dst) {
  const int together = channels_together(src, dst);
  std::vector<float> numbers_per_value(static_cast<std::size_t>(round_up(dst.channels, together)));
  for (std::size_t c = 0; c < dst.scales.size(); ++c) numbers_per_value[c] = 1.0F / dst.scales[c];
  for (int y = 0; y < dst.height; ++y)
    for (int c = 0; c < dst.channels; c += together)
      round_row(
          {.from = reinterpret_cast<const float*>(static_cast<const std::byte*>(src.data) + row_offset(src, c, y)),
           .from_step = src.layout.block,
           .numbers_per_value = numbers_per_value.data() + c,
           .n_channels = together,
           .width = dst.width,
           .to = reinterpret_cast<std::uint8_t*>(static_cast<std::byte*>(dst.data) + row_offset(dst, c, y)),
           .to_step = dst.layout.block});
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
