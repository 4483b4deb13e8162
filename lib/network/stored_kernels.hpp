// SPDX-License-Identifier: LGPL-2.1-or-later
// Weights in eight bits and in bf16 that calibration has rounded together, so that their errors cancel on pictures;
// kept in a weights file's metadata.
#pragma once

#include <optional>
#include <rdenoise/network.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "network/quantisation.hpp"

namespace rdenoise {

/// Entry of a convolution's kernel, "eight_bit_kernel.model.2": in base64 the numbers [out, in, k, k], a byte each,
/// then the scales [out] and the bias [out] of EightBitKernel as 32-bit floats, little-endian. It goes with the scales
/// of the result that the convolution reads.
[[nodiscard]] std::string kernel_key(std::string_view convolution);
[[nodiscard]] std::string kernel_text(const EightBitKernel& kernel);

/// weights  of the convolution, whose shape the kernel must have
/// throws   Error{corrupt} naming the entry; nothing if there is none
[[nodiscard]] std::optional<EightBitKernel> stored_kernel(const Weights& weights, std::string_view convolution);

/// A convolution that computes in bf16.
struct Bf16Kernel {
  std::vector<float> weights;  ///< [out, in, k, k], of values that bf16 has
  std::vector<float> bias;     ///< [out]: added to the convolution's own
};

/// Of two equally near the one with an even last digit.  value  finite
[[nodiscard]] float nearest_bf16(float value) noexcept;

/// Entry of such a kernel, "bf16_kernel.model.2": in base64 the upper 16 bits of the weights, then the bias as 32-bit
/// floats, little-endian. For convolutions with a bias.
[[nodiscard]] std::string bf16_kernel_key(std::string_view convolution);
[[nodiscard]] std::string kernel_text(const Bf16Kernel& kernel);

/// The weights with such kernels in the place of those convolutions' own, as far as there are any.
/// throws  Error{corrupt} naming an entry that does not fit its convolution
[[nodiscard]] Weights with_bf16_kernels(const NetworkSpec& spec, const Weights& weights);

/// What a convolution from eight bits computes with: the kernel stored for it, or else its rounded weights; the layer's
/// own bias is in the bias.
/// copies  in which the source is kept; stored kernels are for one
/// most    largest magnitude of a number; stored kernels are for most_eight_bit_weight
/// throws  as stored_kernel
[[nodiscard]] EightBitKernel eight_bit_kernel(const Layer& convolution, const Weights& weights,
                                              const EightBitResult& source, int copies, int most);

}  // namespace rdenoise
