// SPDX-License-Identifier: LGPL-2.1-or-later
// Steps between convolutions: copies between layouts, shuffles, sums. Bound by memory, not by arithmetic.
#pragma once

#include <span>

#include "network/onednn_plan.hpp"

namespace rdenoise::onednn {

/// A value in memory. Rows and columns from height, width up to the padded sizes are zero.
struct Activation {
  void* data = nullptr;
  int channels = 0;
  int height = 0;
  int width = 0;
  int padded_height = 0;
  int padded_width = 0;
  Layout layout;
  int sub_grid = 1;               ///< d: the sizes above are of each of d·d pictures
  std::span<const float> scales;  ///< u8: value = number × scale of the channel
  int copies = 1;                 ///< u8: EightBitResult tells what they are
  /// Column 0 is an odd one of the whole picture; own convolutions may sum up pixels in pairs that begin at even ones.
  bool begins_odd = false;

  [[nodiscard]] int picture_count() const noexcept { return sub_grid * sub_grid; }
  [[nodiscard]] int padded_channels() const noexcept { return round_up(channels, layout.block); }
  [[nodiscard]] std::size_t element_count() const noexcept {
    return static_cast<std::size_t>(picture_count()) * padded_channels() * padded_height * padded_width;
  }
  [[nodiscard]] std::size_t size_bytes() const noexcept {
    return element_count() * static_cast<std::size_t>(bytes_of(layout.element));
  }
};

void clear(const Activation& value);

/// Makes the rows and columns beyond height and width zero again after a convolution wrote there.
void clear_padding(const Activation& value);

/// minuend: nullptr, or f32 of dst's shape. step: of kind move. Writes only the channels it moves.
void move(const Step& step, const Activation& src, const Activation* minuend, const Activation& dst);

/// dst = src where their channels lie in blocks of which one kind divides the other; false where they do not.
bool copy_blocks(const Activation& src, const Activation& dst);

/// dst = the numbers that stand for src in eight bits: divided by dst.scales, rounded to nearest, kept in 0 … 255.
/// src: f32. dst: one copy.
void to_eight_bits(const Activation& src, const Activation& dst);

/// values.size() values of a row from x on, as f32.
void read_row(const Activation& src, int channel, int y, int x, std::span<float> values);

void relu(const Activation& src, const Activation& dst);
/// dst = factor · src
void scale(float factor, const Activation& src, const Activation& dst);
/// kind: average_pool or max_pool, over cells of factor × factor.
void pool(StepKind kind, int factor, const Activation& src, const Activation& dst);
/// Each pixel becomes a cell of factor × factor.
void upsample(int factor, const Activation& src, const Activation& dst);
/// dst = a + b, or a − b.
void combine(StepKind kind, const Activation& a, const Activation& b, const Activation& dst);

}  // namespace rdenoise::onednn
