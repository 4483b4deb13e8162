// SPDX-License-Identifier: LGPL-2.1-or-later
// A profile that came with a buffer, for the domain that the buffer is in now.
#pragma once

#include "bridge/noise_meta.hpp"

namespace rdenoise::gst {

/// The profile itself if the domains are equal; remapped if videoconvert's defaults lead from one to the other (see
/// rdenoise/noise_remap.hpp); else nullopt, also if a domain contradicts itself.
[[nodiscard]] std::optional<NoiseProfile> noise_in_domain(const MeasuredNoise& noise, const NoiseDomain& wanted);

}  // namespace rdenoise::gst
