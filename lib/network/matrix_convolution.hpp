// SPDX-License-Identifier: LGPL-2.1-or-later
// 3×3 convolutions on matrix units (AMX), by an own kernel: it reads and writes planes of f32 where a network begins
// and ends, which oneDNN would have to be given as whole pixels, and goes between f32, bf16 and eight bits without
// steps in between; see the table in the source.
#pragma once

#include <memory>
#include <span>

#include "network/own_convolution.hpp"
#include "network/quantisation.hpp"

namespace rdenoise::onednn {

/// By its shape. The result is whole pixels of f32, bf16 or eight bits, or planes of f32 of at most most_planes
/// channels where products are of bf16.
[[nodiscard]] bool is_matrix_convolution(const Layer& convolution) noexcept;
constexpr int most_planes = 16;

/// Products of bf16, sums in f32. A source of f32 counts as the sum of two bf16, so that a picture keeps 16 bits: what
/// little noise a RAW photo has may be less than one step of bf16. Needs has_matrix_units().
/// src            layout of the source: whole pixels of bf16, f32 or u8, of a multiple of 16 channels; or planes of
///                f32, of at most most_planes channels
/// dst            of the result
/// src_scales     u8: of each channel of the source, which is kept in one copy
/// result_scales  u8: of each channel of the result, which must have a relu
/// exact_channels of planes the first so many must keep 16 bits: others, such as a noise map, may be rounded to bf16
///                where that makes pixels fit
[[nodiscard]] std::unique_ptr<OwnConvolution> make_matrix_convolution(const Layer& layer, const Weights& weights,
                                                                      int in_channels, Layout src, Layout dst,
                                                                      std::span<const float> src_scales = {},
                                                                      std::span<const float> result_scales = {},
                                                                      int exact_channels = most_planes);

/// Products of u8 and s8, exact sums; each times a scale, plus a bias, with one rounding in f32. Needs
/// has_matrix_units().
/// source         whole pixels of u8
/// copies         in which the source is kept
/// src_block      of the source's layout: all copies
/// result_scales  u8: of each channel of the result, which must have a relu; empty for a result in floating point
/// throws         Error{corrupt} for a stored kernel that does not fit
[[nodiscard]] std::unique_ptr<OwnConvolution> make_eight_bit_matrix_convolution(const Layer& layer,
                                                                                const Weights& weights,
                                                                                const EightBitResult& source,
                                                                                int copies, int src_block,
                                                                                std::span<const float> result_scales);

}  // namespace rdenoise::onednn
