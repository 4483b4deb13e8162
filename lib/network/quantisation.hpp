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

/// How the channels of a result are kept in eight bits. Empty: it is kept as float.
///
/// In two copies a value is the mean of two numbers × scale, of which one is rounded from a quarter above the value,
/// one from a quarter below: together they tell half steps, and weights that differ from copy to copy do as well.
struct EightBitResult {
  std::vector<float> scales;  ///< value = number × scale
  std::vector<float> means;   ///< of the values, over the pictures of the calibration
  [[nodiscard]] bool empty() const noexcept { return scales.empty(); }
};
using EightBitResults = std::vector<EightBitResult>;  ///< by layer

/// The results that are kept in eight bits: of a relu that alone reads a convolution, read by undilated convolutions
/// only, and with scales in the model's metadata, which do not list it among those that stay in floating point.
///
/// spec     without batch norm and strides
/// watched  layers whose results are shown as they are; a convolution's hinders eight bits in its relu
/// throws   Error{corrupt} for scales that are not positive numbers, one for each channel; and for a listed convolution
///          that leads to no such result
[[nodiscard]] EightBitResults eight_bit_results(const NetworkSpec& spec, const Weights& weights,
                                                std::span<const int> watched = {});

/// True if the model was calibrated: metadata have scales of any result.
[[nodiscard]] bool has_result_scales(const Weights& weights);

/// The relus whose results could be kept in eight bits if there were scales.
[[nodiscard]] std::vector<int> results_to_calibrate(const NetworkSpec& spec);

/// Metadata entries about what the convolution of this name leads to: "activation_scales.model.2", a number for each
/// channel; and "activation_means.model.2".
[[nodiscard]] std::string result_scales_key(std::string_view convolution);
[[nodiscard]] std::string result_means_key(std::string_view convolution);
/// Entry of the results that stay in floating point, because eight bits would cost too much there: the names of the
/// convolutions that lead to them, with commas between, "model.2,model.8".
inline constexpr std::string_view float_results_key = "float_results";
[[nodiscard]] std::string channel_numbers_text(std::span<const float> numbers);

/// A convolution from eight bits, without its bias.
struct EightBitKernel {
  std::vector<std::int8_t> numbers;  ///< [out, copy, in, k, k]
  std::vector<float> scales;         ///< [out]: the sum times this is the value
  std::vector<float> bias;           ///< [out], in values: what the rounding of the weights takes from the mean result
};

/// Each output's weights, times the scales of the inputs, on a scale of its own, rounded so that the sum over a
/// kernel's window stays. source  one scale and mean for each input channel copies  in which the source is kept most
/// largest magnitude: most_eight_bit_weight or most_seven_bit_weight
[[nodiscard]] EightBitKernel to_eight_bits(const Tensor& weights, const EightBitResult& source, int copies, int most);

}  // namespace rdenoise
