// SPDX-License-Identifier: LGPL-2.1-or-later
// Scales of a result's channels that suit its readers: a finer scale keeps a channel better, and makes its weights
// smaller beside those of other channels, with which they share the steps of their output.
#pragma once

#include <span>
#include <vector>

#include "evaluation/value_histogram.hpp"

namespace rdenoise {

/// A convolution that reads the result.
struct ScaleReader {
  std::span<const float> weights;        ///< [out, in, k, k]
  std::vector<double> output_precision;  ///< [out]: an error there counts by this times its square
  bool in_eight_bits = true;             ///< its weights
};

/// Starts from each channel's best scale and moves them, one at a time, as long as the squared error expected at the
/// readers' outputs becomes less: w²·(error of the channel) for each weight, and for weights in eight bits step²/12
/// times the local variance of the channel's numbers, because the rounding leaves sums over a window alone. The errors
/// are taken as independent (equalisation as in Nagel et al., "Data-free quantization through weight equalization and
/// bias correction", ICCV 2019, with data).
[[nodiscard]] std::vector<float> balanced_scales(std::span<const ValueHistogram> channels,
                                                 std::span<const ScaleReader> readers);

}  // namespace rdenoise
