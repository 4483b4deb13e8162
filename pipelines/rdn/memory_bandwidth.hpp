// SPDX-License-Identifier: LGPL-2.1-or-later
// How fast this machine moves floats, measured.
#pragma once

namespace rdn {

/// GB/s of x = y + s·z, three values moved each time, all threads together. Source: McCalpin, "Memory bandwidth and
/// machine balance in current high performance computers", 1995 (STREAM, triad).
struct Bandwidth {
  double second_level_cache_gb_per_s = 0.0;  ///< arrays of half the second-level cache, each thread its own
  double memory_gb_per_s = 0.0;              ///< arrays of 384 MiB in all
};

/// n_threads  as DenoiseOptions::n_threads.  Takes half a second
[[nodiscard]] Bandwidth measure_bandwidth(int n_threads);

}  // namespace rdn
