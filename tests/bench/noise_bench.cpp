// SPDX-License-Identifier: LGPL-2.1-or-later
// Speed of the noise layer on one core, Mpixel/s as a counter (Google Benchmark).
#include <benchmark/benchmark.h>

#include <cstddef>
#include <rdenoise/noise.hpp>
#include <span>
#include <vector>

namespace {

using namespace rdenoise;

// A row of a 4K frame, as the frame functions hand it over: it stays in the first-level cache.
constexpr std::size_t row_px = 4096;

std::vector<float> ramp(float from, float to) {
  std::vector<float> row(row_px);
  for (std::size_t i = 0; i < row_px; ++i) row[i] = from + (to - from) * static_cast<float>(i) / row_px;
  return row;
}

void report_pixels(benchmark::State& state, std::size_t pixels_per_iteration) {
  state.counters["Mpixel/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(pixels_per_iteration) * 1e-6,
      benchmark::Counter::kIsRate);
}

void draw(benchmark::State& state, const NoiseModel& noise, float from, float to) {
  const std::vector<float> clean = ramp(from, to);
  std::vector<float> noisy(row_px);
  std::uint64_t first = 0;
  for (auto _ : state) {
    add_noise(clean, noisy, noise, {1, 0}, first);
    first += row_px;
    benchmark::DoNotOptimize(noisy.data());
    benchmark::ClobberMemory();
  }
  report_pixels(state, row_px);
}

BENCHMARK_CAPTURE(draw, white_gaussian, NoiseModel::gaussian(25), 0.F, 1.F);
BENCHMARK_CAPTURE(draw, photons_0_to_10, NoiseModel{0.1, 1e-4}, 0.F, 1.F);
BENCHMARK_CAPTURE(draw, photons_10_to_250, NoiseModel{4e-3, 1e-5}, 0.04F, 1.F);
BENCHMARK_CAPTURE(draw, photons_300_to_5000, NoiseModel{2e-4, 1e-6}, 0.06F, 1.F);

}  // namespace

BENCHMARK_MAIN();
