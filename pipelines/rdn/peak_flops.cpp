// SPDX-License-Identifier: LGPL-2.1-or-later
#include "peak_flops.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <rdenoise/parallel.hpp>
#include <thread>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace rdn {
namespace {

// Latency 4 times 2 units: at least 8 chains must be in flight, and more would spill 16 vector registers.
constexpr int chain_count = 10;

/// Runs `iterations` steps on chain_count independent vectors. Returns FLOP done; `sink` keeps the result alive.
using FmaLoop = double (*)(std::int64_t iterations, float& sink);

double fma_loop_plain(std::int64_t iterations, float& sink) {
  constexpr int lanes = 8;
  std::array<float, lanes * chain_count> values;
  values.fill(sink);
  for (std::int64_t i = 0; i < iterations; ++i) {
    for (float& value : values) value = value * 0.999F + 0.001F;
  }
  for (const float value : values) sink += value * 1e-9F;
  return 2.0 * lanes * chain_count * static_cast<double>(iterations);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) double fma_loop_avx2(std::int64_t iterations, float& sink) {
  constexpr int lanes = 8;
  const __m256 factor = _mm256_set1_ps(0.999F);
  const __m256 summand = _mm256_set1_ps(0.001F);
  __m256 values[chain_count];
  for (__m256& value : values) value = _mm256_set1_ps(sink);
  for (std::int64_t i = 0; i < iterations; ++i) {
    for (__m256& value : values) value = _mm256_fmadd_ps(value, factor, summand);
  }
  for (const __m256 value : values) sink += _mm256_cvtss_f32(value) * 1e-9F;
  return 2.0 * lanes * chain_count * static_cast<double>(iterations);
}

__attribute__((target("avx512f"))) double fma_loop_avx512(std::int64_t iterations, float& sink) {
  constexpr int lanes = 16;
  const __m512 factor = _mm512_set1_ps(0.999F);
  const __m512 summand = _mm512_set1_ps(0.001F);
  __m512 values[chain_count];
  for (__m512& value : values) value = _mm512_set1_ps(sink);
  for (std::int64_t i = 0; i < iterations; ++i) {
    for (__m512& value : values) value = _mm512_fmadd_ps(value, factor, summand);
  }
  for (const __m512 value : values) sink += _mm512_cvtss_f32(value) * 1e-9F;
  return 2.0 * lanes * chain_count * static_cast<double>(iterations);
}
#endif

FmaLoop widest_fma_loop() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return fma_loop_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return fma_loop_avx2;
#endif
  return fma_loop_plain;
}

/// GFLOP/s of this thread: the best of several runs of some milliseconds.
double best_gflops(FmaLoop loop) {
  constexpr int runs = 20;
  constexpr std::int64_t iterations = 2'000'000;
  float sink = 1.F;
  double best = 0.0;
  for (int i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const double flop = loop(iterations, sink);
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    best = std::max(best, flop / elapsed.count() / 1e9);
  }
  // sink stays near 1; the test is there only so that the loops cannot be left out.
  return sink > 0.F ? best : 0.0;
}

}  // namespace

double measure_peak_gflops(int n_threads) {
  const FmaLoop loop = widest_fma_loop();
  std::vector<double> gflops(n_threads > 0 ? n_threads : rdenoise::available_cores());
  std::vector<std::thread> threads;
  for (double& result : gflops) threads.emplace_back([&result, loop] { result = best_gflops(loop); });
  for (std::thread& thread : threads) thread.join();
  double sum = 0.0;
  for (const double result : gflops) sum += result;
  return sum;
}

}  // namespace rdn
