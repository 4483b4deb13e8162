// SPDX-License-Identifier: LGPL-2.1-or-later
// Values for convolutions on matrix units.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <random>

#include "network/onednn_arena.hpp"
#include "network/onednn_moves.hpp"

namespace rdenoise::onednn {

inline float rounded_to_bf16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return std::bit_cast<float>((bits + 0x7fffu + (bits >> 16 & 1u)) & 0xffff0000u);
}

/// A value with memory of its own, all bits set: nans in floating point. What a convolution must not read, or has not
/// written, shows.
struct Picture {
  /// copies  u8: that lie side by side in a pixel
  Picture(int channels, int height, int width, int surplus_px, Layout layout, int copies = 1)
      : view{nullptr, channels, height, width, height + surplus_px, width + surplus_px, layout, 1, {}, copies},
        memory(make_arena(view.size_bytes())) {
    view.data = memory.get();
    std::fill_n(reinterpret_cast<std::uint8_t*>(memory.get()), view.size_bytes(), std::uint8_t{0xff});
  }

  [[nodiscard]] std::size_t place(int channel, int y, int x) const {
    const int block = view.layout.block;
    const std::size_t row = static_cast<std::size_t>(channel / block) * view.padded_height + y;
    return (row * view.padded_width + x) * block + channel % block;
  }
  [[nodiscard]] float at(int channel, int y, int x) const {
    if (view.layout.element == ElementType::u8) return number(channel, y, x);
    if (view.layout.element == ElementType::f32) return static_cast<const float*>(view.data)[place(channel, y, x)];
    const std::uint32_t half = static_cast<const std::uint16_t*>(view.data)[place(channel, y, x)];
    return std::bit_cast<float>(half << 16);
  }
  /// u8: as it is stored.
  [[nodiscard]] std::uint8_t number(int channel, int y, int x, int copy = 0) const {
    return static_cast<const std::uint8_t*>(
        view.data)[place(channel, y, x) + static_cast<std::size_t>(copy * view.layout.block / view.copies)];
  }
  /// Random values, that bf16 can hold, or all numbers of eight bits; zero beyond the picture and its channels.
  void fill(unsigned seed) {
    clear(view);
    std::mt19937 generator(seed);
    std::normal_distribution<float> normal;
    for (int copy = 0; copy < view.copies; ++copy)
      for (int c = 0; c < view.channels; ++c)
        for (int y = 0; y < view.height; ++y)
          for (int x = 0; x < view.width; ++x) {
            const std::size_t at = place(c, y, x);
            if (view.layout.element == ElementType::u8) {
              static_cast<std::uint8_t*>(
                  view.data)[at + static_cast<std::size_t>(copy * view.layout.block / view.copies)] =
                  static_cast<std::uint8_t>(generator());
              continue;
            }
            const float value = rounded_to_bf16(normal(generator));
            if (view.layout.element == ElementType::f32)
              static_cast<float*>(view.data)[at] = value;
            else
              static_cast<std::uint16_t*>(view.data)[at] =
                  static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16);
          }
  }

  Activation view;
  Arena memory;
};

inline constexpr Layout planes{1, ElementType::f32};

inline Layout pixels(int channels, ElementType element) { return {round_up(channels, 16), element}; }

}  // namespace rdenoise::onednn
