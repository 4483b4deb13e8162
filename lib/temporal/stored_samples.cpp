// SPDX-License-Identifier: LGPL-2.1-or-later
#include "temporal/stored_samples.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

constexpr int stored_bits = 15;
constexpr int largest_stored = (1 << stored_bits) - 1;
/// Of floats: −0.5 is the least number and 1.5 the largest.
constexpr Levels float_levels{8192.F, 24576.F};

/// How an integer of 16 bits becomes a stored one.
struct Scaling {
  int shift_down = 0;         ///< to the sample's own number, and beyond if it has 16 bits
  std::uint16_t largest = 0;  ///< then
  std::uint16_t factor = 1;   ///< and then, as vector units have no shift by a variable that is as quick

  explicit Scaling(const SampleFormat& sample)
      : shift_down(sample.shift_bits + std::max(sample.bit_depth - stored_bits, 0)),
        largest(static_cast<std::uint16_t>(largest_stored >> std::max(stored_bits - sample.bit_depth, 0))),
        factor(static_cast<std::uint16_t>(1 << std::max(stored_bits - sample.bit_depth, 0))) {}
};

[[gnu::always_inline]] inline void store_bytes(const std::byte* src, std::ptrdiff_t stride_bytes, std::ptrdiff_t count,
                                               std::uint16_t* __restrict stored) {
  for (std::ptrdiff_t i = 0; i < count; ++i)
    stored[i] = static_cast<std::uint16_t>(static_cast<unsigned>(src[i * stride_bytes]) << (stored_bits - 8));
}

[[gnu::always_inline]] inline void store_words(const std::byte* src, std::ptrdiff_t stride_bytes,
                                               const Scaling& scaling, std::ptrdiff_t count,
                                               std::uint16_t* __restrict stored) {
  const int shift_down = scaling.shift_down;
  const std::uint16_t largest = scaling.largest;
  const std::uint16_t factor = scaling.factor;
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    std::uint16_t sample;
    std::memcpy(&sample, src + i * stride_bytes, sizeof sample);
    const auto dn = static_cast<std::uint16_t>(sample >> shift_down);
    stored[i] = static_cast<std::uint16_t>((dn < largest ? dn : largest) * factor);
  }
}

// Strides of the formats that there are get loops of their own, which the compiler turns into vector code.
RDENOISE_WIDE_VECTOR_CLONES void store_u8(const std::byte* src, std::ptrdiff_t stride_bytes, std::ptrdiff_t count,
                                          std::uint16_t* stored) {
  switch (stride_bytes) {
    case 1:
      return store_bytes(src, 1, count, stored);
    case 2:
      return store_bytes(src, 2, count, stored);
    case 3:
      return store_bytes(src, 3, count, stored);
    case 4:
      return store_bytes(src, 4, count, stored);
    default:
      return store_bytes(src, stride_bytes, count, stored);
  }
}

RDENOISE_WIDE_VECTOR_CLONES void store_u16(const std::byte* src, std::ptrdiff_t stride_bytes, const Scaling& scaling,
                                           std::ptrdiff_t count, std::uint16_t* stored) {
  switch (stride_bytes) {
    case 2:
      return store_words(src, 2, scaling, count, stored);
    case 4:
      return store_words(src, 4, scaling, count, stored);
    case 8:
      return store_words(src, 8, scaling, count, stored);
    default:
      return store_words(src, stride_bytes, scaling, count, stored);
  }
}

void store_f32(const std::byte* src, std::ptrdiff_t stride_bytes, std::ptrdiff_t count, std::uint16_t* stored) {
  constexpr float range = float_levels.white_dn - float_levels.black_dn;
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    float signal;
    std::memcpy(&signal, src + i * stride_bytes, sizeof signal);
    const float dn = signal * range + float_levels.black_dn + 0.5F;
    // Not a number becomes 0.
    stored[i] = static_cast<std::uint16_t>(dn > 0.F ? std::min(dn, static_cast<float>(largest_stored)) : 0.F);
  }
}

}  // namespace

StoredSamples::StoredSamples(const ConstChannelView& channel) noexcept {
  if (channel.sample.type == SampleType::f32) {
    levels = float_levels;
    return;
  }
  const float scale = std::ldexp(1.F, stored_bits - channel.sample.bit_depth);
  levels = {channel.levels.black_dn * scale, channel.levels.white_dn * scale};
}

void store_row(const ConstChannelView& channel, int y_px, std::uint16_t* stored) {
  const std::byte* const row = channel.data + y_px * channel.row_stride_bytes;
  switch (channel.sample.type) {
    case SampleType::u8:
      return store_u8(row, channel.pixel_stride_bytes, channel.width_px, stored);
    case SampleType::u16:
      return store_u16(row, channel.pixel_stride_bytes, Scaling(channel.sample), channel.width_px, stored);
    case SampleType::f32:
      return store_f32(row, channel.pixel_stride_bytes, channel.width_px, stored);
  }
}

}  // namespace rdenoise
