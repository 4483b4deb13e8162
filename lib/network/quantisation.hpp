// SPDX-License-Identifier: LGPL-2.1-or-later
// Networks in eight bits: which results are kept so, and the numbers that stand for weights. Value = number × scale, as
// in Jacob et al., "Quantization and training of neural networks for efficient integer-arithmetic-only inference", CVPR
// 2018, equation 1 with zero-point 0: results of a relu are never negative, and zero padding stays zero.
#pragma once

#include <cstdint>
#include <rdenoise/network.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rdenoise {

constexpr int most_eight_bit_result = 255;
constexpr int most_eight_bit_weight = 127;
/// Where pairs of products are added in 16 bits (AVX2 and AVX-512 without VNNI), 2 · 255 · 64 still fits.
constexpr int most_seven_bit_weight = 64;

/// By layer: the scale of each channel of a result that is kept in eight bits; empty where it is kept as float.
using ResultScales = std::vector<std::vector<float>>;

/// The results that can be kept in eight bits: of a relu that alone reads a convolution, read by undilated convolutions
/// only, and with scales in the model's metadata.
///
/// spec     without batch norm and strides
/// watched  layers whose results are shown as they are; a convolution's hinders eight bits in its relu
/// throws   Error{corrupt} for scales that are not positive numbers, one for each channel
[[nodiscard]] ResultScales eight_bit_results(const NetworkSpec& spec, const Weights& weights,
                                             std::span<const int> watched = {});

/// True if the model was calibrated: metadata have scales of any result.
[[nodiscard]] bool has_result_scales(const Weights& weights);

/// The relus whose results could be kept in eight bits if there were scales.
[[nodiscard]] std::vector<int> results_to_calibrate(const NetworkSpec& spec);

/// Metadata entry with the scales of what the convolution of this name leads to: "activation_scales.model.2".
[[nodiscard]] std::string result_scales_key(std::string_view convolution);
[[nodiscard]] std::string result_scales_text(std::span<const float> scales);

/// A convolution from eight bits, without its bias.
struct EightBitKernel {
  std::vector<std::int8_t> numbers;  ///< as the weights lie, [out, in, k, k]
  std::vector<float> scales;         ///< [out]: the sum times this is the value
};

/// Each output's weights, times the scales of the inputs, on a scale of its own, rounded to nearest.
/// source_scales  one for each input channel
/// most           largest magnitude: most_eight_bit_weight or most_seven_bit_weight
[[nodiscard]] EightBitKernel to_eight_bits(const Tensor& weights, std::span<const float> source_scales, int most);

}  // namespace rdenoise
