// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <rdenoise/network.hpp>

namespace rdenoise {

/// How many pixels a worker's window may have, so that the memory of all workers' networks stays bounded however large
/// the frame is.
[[nodiscard]] std::int64_t max_window_px(const NetworkSpec& spec, int n_threads);

/// The same for tiles without overlap, which may be small.
[[nodiscard]] std::int64_t max_skewed_window_px(const NetworkSpec& spec, int n_threads);

/// The same for all bands of a frame together, which are under way at the same time.
[[nodiscard]] std::int64_t max_lockstep_px(const NetworkSpec& spec);

}  // namespace rdenoise
