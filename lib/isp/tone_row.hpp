// SPDX-License-Identifier: LGPL-2.1-or-later
// The tone curve for many samples at once.
#pragma once

#include <rdenoise/isp.hpp>
#include <span>

namespace rdenoise {

/// encode_tone() of each sample, in place; differs from it by less than 1e-6 relative.
void encode_tone_row(ToneCurve curve, std::span<float> samples);

/// decode_tone() of each sample, in place; differs from it by less than 2e-6 relative.
void decode_tone_row(ToneCurve curve, std::span<float> samples);

/// |x|^exponent with the sign of x, in place; differs from it by less than 4e-6 relative, and is 0 below 1e-37.
void power_row(float exponent, std::span<float> samples);

}  // namespace rdenoise
