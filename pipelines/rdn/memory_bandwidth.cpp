// SPDX-License-Identifier: LGPL-2.1-or-later
#include "memory_bandwidth.hpp"

#include <unistd.h>

#include <algorithm>
#include <barrier>
#include <chrono>
#include <cstddef>
#include <rdenoise/parallel.hpp>
#include <thread>
#include <vector>

namespace rdn {
namespace {

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
__attribute__((target_clones("avx512f", "avx2", "default")))
#endif
void triad(float* __restrict x, const float* __restrict y, const float* __restrict z, float scale, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) x[i] = y[i] + scale * z[i];
}

/// Three arrays of `count` floats for each thread, gone through `passes` times; the best of several runs that all
/// threads begin together.
double best_gb_per_s(int n_threads, std::size_t count, int passes) {
  constexpr int runs = 5;
  using Clock = std::chrono::steady_clock;
  std::barrier in_step(n_threads);
  std::vector<std::vector<double>> seconds(static_cast<std::size_t>(n_threads), std::vector<double>(runs));
  std::vector<std::thread> threads;
  for (std::vector<double>& own : seconds) {
    threads.emplace_back([&in_step, &own, count, passes] {
      std::vector<float> x(count, 1.F);
      std::vector<float> y(count, 2.F);
      std::vector<float> z(count, 3.F);
      for (double& run : own) {
        in_step.arrive_and_wait();
        const auto start = Clock::now();
        // Alternating, so that no pass repeats the one before.
        for (int pass = 0; pass < passes; ++pass) {
          if (pass % 2 == 0)
            triad(x.data(), y.data(), z.data(), 0.5F, count);
          else
            triad(y.data(), x.data(), z.data(), -0.5F, count);
        }
        run = std::chrono::duration<double>(Clock::now() - start).count();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  double best = 0.0;
  for (std::size_t run = 0; run < runs; ++run) {
    double longest = 0.0;
    for (const std::vector<double>& own : seconds) longest = std::max(longest, own[run]);
    const double bytes = 3.0 * sizeof(float) * static_cast<double>(count) * passes * n_threads;
    best = std::max(best, bytes / longest / 1e9);
  }
  return best;
}

std::size_t second_level_cache_bytes() {
  constexpr std::size_t usual = 512 * 1024;
  const long found = sysconf(_SC_LEVEL2_CACHE_SIZE);
  return found > 0 ? static_cast<std::size_t>(found) : usual;
}

}  // namespace

Bandwidth measure_bandwidth(int n_threads) {
  if (n_threads <= 0) n_threads = rdenoise::available_cores();
  constexpr std::size_t memory_bytes = 384U << 20U;
  constexpr std::size_t bytes_of_three = 3 * sizeof(float);
  const std::size_t cached = second_level_cache_bytes() / 2 / bytes_of_three;
  return {best_gb_per_s(n_threads, cached, 200),
          best_gb_per_s(n_threads, memory_bytes / bytes_of_three / static_cast<std::size_t>(n_threads), 1)};
}

}  // namespace rdn
