// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/onednn_moves.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>

namespace rdenoise::onednn {
namespace {

/// The upper half of a float, rounded to nearest even.
struct Bf16 {
  std::uint16_t bits;
  Bf16() = default;
  explicit Bf16(float value) {
    const auto full = std::bit_cast<std::uint32_t>(value);
    const bool is_nan = (full & 0x7fffffffu) > 0x7f800000u;
    bits = static_cast<std::uint16_t>(is_nan ? (full >> 16) | 0x40u : (full + 0x7fffu + ((full >> 16) & 1u)) >> 16);
  }
  explicit operator float() const { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }
};

/// Elements of one channel in one row, `step` apart.
template <typename T>
struct Row {
  T* first;
  std::ptrdiff_t step;
  T& operator[](int x) const { return first[x * step]; }
  /// Every n-th element, from the one at `start`.
  [[nodiscard]] Row every(int n, int start) const { return {first + start * step, step * n}; }
};

template <typename T>
Row<T> row(const Activation& value, int channel, int y) {
  const int block = value.layout.block;
  const std::size_t index =
      ((static_cast<std::size_t>(channel / block) * value.padded_height + y) * value.padded_width) * block +
      channel % block;
  return {static_cast<T*>(value.data) + index, block};
}

/// Calls visit with a null pointer of the element's type. Eight bits are between convolutions alone, so not for these.
template <typename Visit>
void with_element(ElementType element, Visit visit) {
  if (element == ElementType::f32)
    visit(static_cast<float*>(nullptr));
  else
    visit(static_cast<Bf16*>(nullptr));
}

template <typename S, typename D>
void move_rows(const Step& step, const Activation& src, const Activation* minuend, const Activation& dst) {
  const bool to_small = step.movement == Movement::unshuffle;
  const int f = step.movement == Movement::copy ? 1 : step.factor;
  const Activation& small = to_small ? dst : src;
  const int big_channels = to_small ? src.channels : src.channels / (f * f);
  // Rows outside, channels inside: the channels of a block share their cache lines.
  for (int y = 0; y < small.height; ++y)
    for (int c = 0; c < big_channels; ++c)
      for (int dy = 0; dy < f; ++dy)
        for (int dx = 0; dx < f; ++dx) {
          const int sub = (c * f + dy) * f + dx;
          const int dst_channel = step.channel_offset + (to_small ? sub : c);
          const int dst_y = to_small ? y : y * f + dy;
          Row<S> from = row<S>(src, to_small ? c : sub, to_small ? y * f + dy : y);
          Row<D> to = row<D>(dst, dst_channel, dst_y);
          if (to_small)
            from = from.every(f, dx);
          else
            to = to.every(f, dx);
          if (!minuend) {
            for (int x = 0; x < small.width; ++x) to[x] = D(static_cast<float>(from[x]));
            continue;
          }
          Row<float> whole = row<float>(*minuend, dst_channel, dst_y);
          if (!to_small) whole = whole.every(f, dx);
          for (int x = 0; x < small.width; ++x) to[x] = D(whole[x] - static_cast<float>(from[x]));
        }
}

void clear_rows(const Activation& value) {
  const std::size_t pixel_bytes = static_cast<std::size_t>(value.layout.block) * bytes_of(value.layout.element);
  const std::size_t row_bytes = value.padded_width * pixel_bytes;
  const std::size_t kept = value.width * pixel_bytes;
  auto* data = static_cast<std::byte*>(value.data);
  for (int b = 0; b < value.padded_channels() / value.layout.block; ++b) {
    if (kept < row_bytes)
      for (int y = 0; y < value.height; ++y) std::memset(data + y * row_bytes + kept, 0, row_bytes - kept);
    std::memset(data + value.height * row_bytes, 0, (value.padded_height - value.height) * row_bytes);
    data += value.padded_height * row_bytes;
  }
}

/// dst row y, pixel x = value(src row y / row_factor, x).
template <typename Value>
void map_rows(const Activation& src, const Activation& dst, int row_factor, Value value) {
  with_element(src.layout.element, [&]<typename S>(S*) {
    with_element(dst.layout.element, [&]<typename D>(D*) {
      for (int y = 0; y < dst.height; ++y)
        for (int c = 0; c < dst.channels; ++c) {
          const Row<S> from = row<S>(src, c, y / row_factor);
          const Row<D> to = row<D>(dst, c, y);
          for (int x = 0; x < dst.width; ++x) to[x] = D(value(from, x));
        }
    });
  });
}

bool lie_alike(const Activation& a, const Activation& b) {
  return a.layout == b.layout && a.padded_height == b.padded_height && a.padded_width == b.padded_width;
}

}  // namespace

void clear(const Activation& value) { std::memset(value.data, 0, value.size_bytes()); }

void clear_padding(const Activation& value) {
  if (value.padded_height == value.height && value.padded_width == value.width) return;
  clear_rows(value);
}

void move(const Step& step, const Activation& src, const Activation* minuend, const Activation& dst) {
  if (step.movement == Movement::copy && minuend == nullptr && step.channel_offset == 0 && copy_blocks(src, dst))
    return;
  with_element(src.layout.element, [&]<typename S>(S*) {
    with_element(dst.layout.element, [&]<typename D>(D*) { move_rows<S, D>(step, src, minuend, dst); });
  });
}

void read_row(const Activation& src, int channel, int y, int x, std::span<float> values) {
  if (src.layout.element == ElementType::u8) {
    const Row<std::uint8_t> from = row<std::uint8_t>(src, channel, y);
    const float scale = src.scales[static_cast<std::size_t>(channel)];
    const int copy_elements = src.layout.block / src.copies;
    std::ranges::fill(values, 0.0f);
    for (int copy = 0; copy < src.copies; ++copy)
      for (std::size_t i = 0; i < values.size(); ++i)
        values[i] += static_cast<float>((from.first + copy * copy_elements)[(x + static_cast<int>(i)) * from.step]) *
                     scale / static_cast<float>(src.copies);
    return;
  }
  with_element(src.layout.element, [&]<typename S>(S*) {
    const Row<S> from = row<S>(src, channel, y);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(from[x + static_cast<int>(i)]);
  });
}

void relu(const Activation& src, const Activation& dst) {
  map_rows(src, dst, 1, [](const auto& from, int x) { return std::max(static_cast<float>(from[x]), 0.0f); });
}

void scale(float factor, const Activation& src, const Activation& dst) {
  map_rows(src, dst, 1, [factor](const auto& from, int x) { return factor * static_cast<float>(from[x]); });
}

void upsample(int factor, const Activation& src, const Activation& dst) {
  map_rows(src, dst, factor, [factor](const auto& from, int x) { return static_cast<float>(from[x / factor]); });
}

void pool(StepKind kind, int factor, const Activation& src, const Activation& dst) {
  const bool largest = kind == StepKind::max_pool;
  const float weight = 1.0f / static_cast<float>(factor * factor);
  with_element(src.layout.element, [&]<typename S>(S*) {
    with_element(dst.layout.element, [&]<typename D>(D*) {
      for (int y = 0; y < dst.height; ++y)
        for (int c = 0; c < dst.channels; ++c) {
          const Row<D> to = row<D>(dst, c, y);
          for (int x = 0; x < dst.width; ++x) {
            float sum = 0.0f;
            float most = -std::numeric_limits<float>::infinity();
            for (int dy = 0; dy < factor; ++dy) {
              const Row<S> from = row<S>(src, c, y * factor + dy);
              for (int dx = 0; dx < factor; ++dx) {
                const float value = static_cast<float>(from[x * factor + dx]);
                sum += value;
                most = std::max(most, value);
              }
            }
            to[x] = D(largest ? most : sum * weight);
          }
        }
    });
  });
}

void combine(StepKind kind, const Activation& a, const Activation& b, const Activation& dst) {
  const float sign = kind == StepKind::subtract ? -1.0f : 1.0f;
  const bool all_f32 = a.layout.element == ElementType::f32 && dst.layout.element == ElementType::f32;
  if (all_f32 && lie_alike(a, b) && lie_alike(a, dst)) {
    const float* left = static_cast<const float*>(a.data);
    const float* right = static_cast<const float*>(b.data);
    float* to = static_cast<float*>(dst.data);
    for (std::size_t i = 0; i < dst.element_count(); ++i) to[i] = left[i] + sign * right[i];
    return;
  }
  with_element(a.layout.element, [&]<typename A>(A*) {
    with_element(b.layout.element, [&]<typename B>(B*) {
      with_element(dst.layout.element, [&]<typename D>(D*) {
        for (int y = 0; y < dst.height; ++y)
          for (int c = 0; c < dst.channels; ++c) {
            const Row<A> left = row<A>(a, c, y);
            const Row<B> right = row<B>(b, c, y);
            const Row<D> to = row<D>(dst, c, y);
            for (int x = 0; x < dst.width; ++x)
              to[x] = D(static_cast<float>(left[x]) + sign * static_cast<float>(right[x]));
          }
      });
    });
  });
}

}  // namespace rdenoise::onednn
