// SPDX-License-Identifier: LGPL-2.1-or-later
// Networks of the registry, small enough for the plain executor.
#pragma once

#include <algorithm>
#include <rdenoise/network.hpp>

namespace rdenoise::test {

/// The same network with no more layers and channels than the plain executor runs through in a blink.
inline NetworkParams small(NetworkParams params, double max_macs_per_px = 100e3) {
  params.depth = std::min(params.depth, 6);
  while (params.width > 4 && macs_per_px(build_network(params)) > max_macs_per_px) params.width /= 2;
  return params;
}

/// The least size from `least_px` on that the network divides.
inline int aligned_px(const NetworkSpec& spec, int least_px) {
  const int alignment = alignment_px(spec);
  return (least_px + alignment - 1) / alignment * alignment;
}

}  // namespace rdenoise::test
