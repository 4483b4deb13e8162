// SPDX-License-Identifier: LGPL-2.1-or-later
// A network description lowered for the oneDNN executor: fused steps over values with layouts. Knows no sizes yet.
#pragma once

#include <rdenoise/network.hpp>
#include <span>
#include <vector>

#include "network/quantisation.hpp"

namespace rdenoise::onednn {

enum class ElementType { f32, bf16, u8 };

[[nodiscard]] constexpr int bytes_of(ElementType element) noexcept {
  return element == ElementType::f32 ? 4 : element == ElementType::bf16 ? 2 : 1;
}

/// How a value lies in memory. block 1: [channel][y][x]; else [channel / block][y][x][channel % block], the channels
/// rounded up to full blocks, the surplus zero. A block may hold all channels: then whole pixels follow each other.
struct Layout {
  int block = 1;
  ElementType element = ElementType::f32;
  bool operator==(const Layout&) const = default;
};

[[nodiscard]] constexpr int round_up(int value, int multiple) noexcept {
  return (value + multiple - 1) / multiple * multiple;
}

/// What the CPU's convolutions like best.
struct LayoutRules {
  int block = 16;                             ///< channels in a vector register
  bool whole_pixels = false;                  ///< a block holds all channels, rounded up to a register
  int max_planar_channels = 7;                ///< a convolution from no more channels than this reads them unblocked
  int max_padding_px = 6;                     ///< a dilated convolution with more runs on sub-grids
  ElementType activation = ElementType::f32;  ///< between convolutions
  bool edge_kernels = false;                  ///< few outputs or inputs by the own kernels
  bool matrix_units = false;                  ///< convolutions by the own kernels for them
  EightBitResults eight_bit_results;          ///< may be empty: none
  std::vector<int> f32_results;  ///< relus that matrix units read in f32 rather than in bf16, as far as they can

  /// How convolutions read and write many channels.
  [[nodiscard]] Layout blocks(int channels) const noexcept {
    return {whole_pixels ? round_up(channels, block) : block, activation};
  }
  /// Eight-bit convolutions read and write whole pixels.
  [[nodiscard]] Layout pixels(int channels, ElementType element) const noexcept {
    return {round_up(channels, block), element};
  }
};

struct Value {
  int channels = 0;
  int downscale = 1;
  Layout layout;
  bool is_port = false;          ///< seen by the caller: dense, planar, f32
  int sub_grid = 1;              ///< d: lies as d·d pictures of every d-th pixel
  int scales_of = -1;            ///< u8: the layer whose result scales it has
  bool is_exact_source = false;  ///< whole pixels of f32 that convolutions read as they are
  int copies = 1;                ///< u8: of each channel; each copy is padded for itself
  int part_of = -1;  ///< input: the planar value that it may lie in, from first_channel on, so that nothing is copied
  int first_channel = 0;

  [[nodiscard]] int padded_channels() const noexcept { return round_up(channels, layout.block); }
};

enum class StepKind {
  convolution,
  own_convolution,  ///< by an own kernel, see own_convolution.hpp
  move,
  split_into_sub_grids,
  join_sub_grids,
  relu,
  add,
  subtract,
  average_pool,
  max_pool,
  upsample,
  scale
};
enum class Movement { copy, unshuffle, shuffle };

/// Indices are into ExecutionPlan::values.
struct Step {
  StepKind kind = StepKind::move;
  std::vector<int> inputs;
  int output = 0;
  int layer = -1;                      ///< convolutions: index into NetworkSpec::layers
  bool relu = false;                   ///< convolutions: fused
  Movement movement = Movement::copy;  ///< move
  int factor = 1;                      ///< move: of the shuffles; pools, upsample
  int channel_offset = 0;              ///< move: first channel of the output that is written
  int minuend = -1;  ///< move, own_convolution: output = minuend − what is moved or computed; −1: output = that
  int addend = -1;   ///< own_convolution: output = addend + what is computed; −1: none
  int shows = -1;    ///< watched layer whose result is whole after this step
};

struct ExecutionPlan {
  std::vector<Value> values;
  std::vector<Step> steps;
  int image = -1;
  int noise_map = -1;  ///< −1: blind
  int output = -1;
  int noise_estimate = -1;  ///< −1: none
};

/// spec     without batch norm and strides
/// watched  layers whose results must exist: no inputs
[[nodiscard]] ExecutionPlan lower(const NetworkSpec& spec, const LayoutRules& rules, std::span<const int> watched = {});

}  // namespace rdenoise::onednn
