// SPDX-License-Identifier: LGPL-2.1-or-later
// Which precision this CPU is fastest in. Instruction sets do not tell: vdpbf16ps takes half the time of f32 on one CPU
// and twice on another, and f32 has Winograd.
#pragma once

#include <rdenoise/network.hpp>

namespace rdenoise::onednn {

/// Seconds that a 3×3 convolution between so many channels takes at a precision that this CPU has, on a small picture.
/// Measured at the first call, a few milliseconds, and kept.  threads  safe
[[nodiscard]] double convolution_seconds(Precision precision, int channels);

/// The precision to use where `wished` is asked for. automatic is the fastest of those that this CPU has and that the
/// weights file says to lose 0.02 dB at most: f32 unless another one is clearly faster in the convolutions that most of
/// the network's work is in. Where the CPU lacks one that was named, it is f32.
/// throws  Error{unsupported} for int8 without activation scales in the weights' metadata
[[nodiscard]] Precision usable_precision(const NetworkSpec& spec, const Weights& weights, Precision wished);

}  // namespace rdenoise::onednn
