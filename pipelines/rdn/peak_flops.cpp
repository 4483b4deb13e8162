// SPDX-License-Identifier: LGPL-2.1-or-later
#include "peak_flops.hpp"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <rdenoise/parallel.hpp>
#include <thread>

#include "peak_loops.hpp"

namespace rdn {
namespace {

/// GFLOP/s of this thread: the best of several runs of some milliseconds.
double best_gflops(const NamedPeakLoop& named) {
  constexpr int runs = 20;
  float sink = 1.F;
  double best = 0.0;
  for (int i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const double flop = named.loop(named.iterations, sink);
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    best = std::max(best, flop / elapsed.count() / 1e9);
  }
  // sink stays near 1; the test is there only so that the loops cannot be left out.
  return sink > 0.F ? best : 0.0;
}

}  // namespace

std::vector<PeakRate> measure_peak_rates(int n_threads) {
  std::vector<PeakRate> rates;
  for (const NamedPeakLoop& named : peak_loops()) {
    std::vector<double> gflops(static_cast<std::size_t>(n_threads > 0 ? n_threads : rdenoise::available_cores()));
    std::vector<std::thread> threads;
    for (double& result : gflops) threads.emplace_back([&result, &named] { result = best_gflops(named); });
    for (std::thread& thread : threads) thread.join();
    rates.push_back({named.precision, named.instructions, std::accumulate(gflops.begin(), gflops.end(), 0.0)});
  }
  return rates;
}

double peak_gflops(const std::vector<PeakRate>& rates, rdenoise::Precision precision) noexcept {
  double most = 0.0;
  for (const PeakRate& rate : rates)
    if (rate.precision == precision) most = std::max(most, rate.gflops);
  return most;
}

}  // namespace rdn
