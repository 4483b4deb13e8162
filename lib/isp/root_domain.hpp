// SPDX-License-Identifier: LGPL-2.1-or-later
// The square-root domain that photos are demosaiced in (see DemosaicDomain).
#pragma once

#include <span>

namespace rdenoise {

/// Light at which the root turns into a straight line: about the read noise of a good camera, so that the slope at
/// black stays finite (16) and noise about black keeps its mean.
inline constexpr float root_knee = 1e-3F;

/// x → ±(√(|x| + knee) − √knee) with the sign of x, in place.
void encode_root(std::span<float> samples) noexcept;

/// The inverse, in place.
void decode_root(std::span<float> samples) noexcept;

}  // namespace rdenoise
