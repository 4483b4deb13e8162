// SPDX-License-Identifier: LGPL-2.1-or-later
// Time for benchmarks that share their machine with others.
#pragma once

#include <algorithm>
#include <chrono>
#include <ctime>
#include <vector>

namespace rdenoise::bench {

struct Sample {
  double wall_s = 0;
  double cpu_s = 0;  ///< of all threads of the process: does not count what others took away
};

template <typename Work>
Sample timed(Work work) {
  const std::clock_t cpu_start = std::clock();
  const auto start = std::chrono::steady_clock::now();
  work();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
          static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC};
}

/// Least of each: what is left of the neighbours' disturbance.
inline Sample best(const std::vector<Sample>& samples) {
  Sample least = samples.front();
  for (const Sample& s : samples) least = {std::min(least.wall_s, s.wall_s), std::min(least.cpu_s, s.cpu_s)};
  return least;
}

inline double median_wall_s(std::vector<Sample> samples) {
  std::ranges::sort(samples, {}, &Sample::wall_s);
  return samples[samples.size() / 2].wall_s;
}

}  // namespace rdenoise::bench
