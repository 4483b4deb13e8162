// SPDX-License-Identifier: LGPL-2.1-or-later
// Conversion between stored samples and normalised signal, one row at a time. These loops run on every frame of live
// video: the pixel strides that occur there are compile-time constants, so that the compiler vectorises them.
#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <rdenoise/image.hpp>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

static_assert(std::endian::native == std::endian::little, "16-bit formats are little-endian in memory");

struct RowScale {
  float black_dn;
  float range_dn;
  float max_dn;  ///< the largest number that the bit depth holds
  int shift_bits;
};

RowScale row_scale(const SampleFormat& sample, const Levels& levels) noexcept {
  return {levels.black_dn, levels.white_dn - levels.black_dn, static_cast<float>((1U << sample.bit_depth) - 1U),
          sample.shift_bits};
}

template <typename Stored>
[[gnu::always_inline]] inline void read_integers(const std::byte* src, std::ptrdiff_t stride_bytes, RowScale scale,
                                                 float* dst, std::ptrdiff_t count) {
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    Stored dn;
    std::memcpy(&dn, src + i * stride_bytes, sizeof dn);
    dst[i] = (static_cast<float>(dn >> scale.shift_bits) - scale.black_dn) / scale.range_dn;
  }
}

template <typename Stored>
[[gnu::always_inline]] inline void write_integers(const float* src, std::ptrdiff_t count, RowScale scale,
                                                  std::byte* dst, std::ptrdiff_t stride_bytes) {
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    float dn = src[i] * scale.range_dn + scale.black_dn;
    dn = dn > 0.F ? dn : 0.F;  // not a number becomes 0
    dn = dn < scale.max_dn ? dn : scale.max_dn;
    const auto stored = static_cast<Stored>(static_cast<std::int32_t>(dn + 0.5F) << scale.shift_bits);
    std::memcpy(dst + i * stride_bytes, &stored, sizeof stored);
  }
}

RDENOISE_VECTOR_CLONES
void read_u8(const std::byte* src, std::ptrdiff_t stride_bytes, RowScale scale, float* dst, std::ptrdiff_t count) {
  scale.shift_bits = 0;
  switch (stride_bytes) {
    case 1:
      return read_integers<std::uint8_t>(src, 1, scale, dst, count);
    case 2:
      return read_integers<std::uint8_t>(src, 2, scale, dst, count);
    case 3:
      return read_integers<std::uint8_t>(src, 3, scale, dst, count);
    case 4:
      return read_integers<std::uint8_t>(src, 4, scale, dst, count);
    default:
      return read_integers<std::uint8_t>(src, stride_bytes, scale, dst, count);
  }
}

RDENOISE_VECTOR_CLONES
void read_u16(const std::byte* src, std::ptrdiff_t stride_bytes, RowScale scale, float* dst, std::ptrdiff_t count) {
  switch (stride_bytes) {
    case 2:
      return read_integers<std::uint16_t>(src, 2, scale, dst, count);
    case 4:
      return read_integers<std::uint16_t>(src, 4, scale, dst, count);
    case 8:
      return read_integers<std::uint16_t>(src, 8, scale, dst, count);
    default:
      return read_integers<std::uint16_t>(src, stride_bytes, scale, dst, count);
  }
}

RDENOISE_VECTOR_CLONES
void write_u8(const float* src, std::ptrdiff_t count, RowScale scale, std::byte* dst, std::ptrdiff_t stride_bytes) {
  scale.shift_bits = 0;
  switch (stride_bytes) {
    case 1:
      return write_integers<std::uint8_t>(src, count, scale, dst, 1);
    case 2:
      return write_integers<std::uint8_t>(src, count, scale, dst, 2);
    case 3:
      return write_integers<std::uint8_t>(src, count, scale, dst, 3);
    case 4:
      return write_integers<std::uint8_t>(src, count, scale, dst, 4);
    default:
      return write_integers<std::uint8_t>(src, count, scale, dst, stride_bytes);
  }
}

RDENOISE_VECTOR_CLONES
void write_u16(const float* src, std::ptrdiff_t count, RowScale scale, std::byte* dst, std::ptrdiff_t stride_bytes) {
  switch (stride_bytes) {
    case 2:
      return write_integers<std::uint16_t>(src, count, scale, dst, 2);
    case 4:
      return write_integers<std::uint16_t>(src, count, scale, dst, 4);
    case 8:
      return write_integers<std::uint16_t>(src, count, scale, dst, 8);
    default:
      return write_integers<std::uint16_t>(src, count, scale, dst, stride_bytes);
  }
}

void read_f32(const std::byte* src, std::ptrdiff_t stride_bytes, float* dst, std::ptrdiff_t count) {
  if (stride_bytes == sizeof(float)) {
    std::memcpy(dst, src, count * sizeof(float));
    return;
  }
  for (std::ptrdiff_t i = 0; i < count; ++i) std::memcpy(dst + i, src + i * stride_bytes, sizeof(float));
}

void write_f32(const float* src, std::ptrdiff_t count, std::byte* dst, std::ptrdiff_t stride_bytes) {
  if (stride_bytes == sizeof(float)) {
    std::memcpy(dst, src, count * sizeof(float));
    return;
  }
  for (std::ptrdiff_t i = 0; i < count; ++i) std::memcpy(dst + i * stride_bytes, src + i, sizeof(float));
}

template <typename Byte>
Byte* pixel_at(const BasicChannelView<Byte>& view, int y_px, int x_px, std::size_t count) {
  assert(y_px >= 0 && y_px < view.height_px);
  assert(x_px >= 0 && x_px + count <= static_cast<std::size_t>(view.width_px));
  static_cast<void>(count);
  return view.data + y_px * view.row_stride_bytes + x_px * view.pixel_stride_bytes;
}

}  // namespace

void read_row(const ConstChannelView& src, int y_px, int x_px, std::span<float> dst) {
  if (dst.empty()) return;
  const std::byte* first = pixel_at(src, y_px, x_px, dst.size());
  const auto count = static_cast<std::ptrdiff_t>(dst.size());
  switch (src.sample.type) {
    case SampleType::u8:
      return read_u8(first, src.pixel_stride_bytes, row_scale(src.sample, src.levels), dst.data(), count);
    case SampleType::u16:
      return read_u16(first, src.pixel_stride_bytes, row_scale(src.sample, src.levels), dst.data(), count);
    case SampleType::f32:
      return read_f32(first, src.pixel_stride_bytes, dst.data(), count);
  }
}

void write_row(const ChannelView& dst, int y_px, int x_px, std::span<const float> src) {
  if (src.empty()) return;
  std::byte* first = pixel_at(dst, y_px, x_px, src.size());
  const auto count = static_cast<std::ptrdiff_t>(src.size());
  switch (dst.sample.type) {
    case SampleType::u8:
      return write_u8(src.data(), count, row_scale(dst.sample, dst.levels), first, dst.pixel_stride_bytes);
    case SampleType::u16:
      return write_u16(src.data(), count, row_scale(dst.sample, dst.levels), first, dst.pixel_stride_bytes);
    case SampleType::f32:
      return write_f32(src.data(), count, first, dst.pixel_stride_bytes);
  }
}

}  // namespace rdenoise
