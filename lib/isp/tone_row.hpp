// SPDX-License-Identifier: LGPL-2.1-or-later
// The tone curve for many samples at once.
#pragma once

#include <rdenoise/isp.hpp>
#include <span>

namespace rdenoise {

/// encode_tone() of each sample, in place; differs from it by less than 1e-6 relative.
void encode_tone_row(ToneCurve curve, std::span<float> samples);

}  // namespace rdenoise
