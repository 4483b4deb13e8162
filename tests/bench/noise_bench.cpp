// SPDX-License-Identifier: LGPL-2.1-or-later
// Speed of the noise layer on one core, Mpixel/s as a counter (Google Benchmark).
#include <benchmark/benchmark.h>

#include <cstddef>
#include <rdenoise/noise.hpp>
#include <rdenoise/sensor_noise.hpp>
#include <rdenoise/variance_stabilisation.hpp>
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
  state.counters["Mpixel/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(pixels_per_iteration) * 1e-6,
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

void draw_by_level_function(benchmark::State& state) {
  NoiseModel noise{0.0, 0.0, NoiseLevelFunction{}};
  noise.level_function->variance.fill(1e-3F);
  draw(state, noise, 0.F, 1.F);
}
BENCHMARK(draw_by_level_function);

void add_sensor_effects(benchmark::State& state, const SensorNoise& noise) {
  std::vector<float> row = ramp(0.F, 1.F);
  std::uint64_t first = 0;
  for (auto _ : state) {
    add_sensor_noise(row, row, noise, {1, 0}, {0, 0, first});
    first += row_px;
    benchmark::DoNotOptimize(row.data());
    benchmark::ClobberMemory();
  }
  report_pixels(state, row_px);
}

BENCHMARK_CAPTURE(add_sensor_effects, tukey_read_noise, SensorNoise{.tukey_scale = 1e-3, .tukey_shape = -0.1});
BENCHMARK_CAPTURE(add_sensor_effects, row_noise, SensorNoise{.row_sigma = 1e-3});
BENCHMARK_CAPTURE(add_sensor_effects, hot_pixels, SensorNoise{.hot_pixel_density = 1e-4, .hot_pixel_strength = 0.1});
BENCHMARK_CAPTURE(add_sensor_effects, all,
                  SensorNoise{.tukey_scale = 1e-3,
                              .tukey_shape = -0.1,
                              .row_sigma = 1e-3,
                              .black_offset = {1e-4, 0.0, 0.0, 0.0},
                              .hot_pixel_density = 1e-4,
                              .hot_pixel_strength = 0.1,
                              .quantisation_step = 1.0 / 16383});

void stabilise(benchmark::State& state, const NoiseModel& noise) {
  const VarianceStabiliser stabiliser(noise);
  const std::vector<float> signal = ramp(0.F, 1.F);
  std::vector<float> row(row_px);
  for (auto _ : state) {
    row = signal;
    stabiliser.stabilise(row);
    benchmark::DoNotOptimize(row.data());
    benchmark::ClobberMemory();
  }
  report_pixels(state, row_px);
}

void restore(benchmark::State& state, const NoiseModel& noise) {
  const VarianceStabiliser stabiliser(noise);
  std::vector<float> stabilised = ramp(0.F, 1.F);
  stabiliser.stabilise(stabilised);
  std::vector<float> row(row_px);
  for (auto _ : state) {
    row = stabilised;
    stabiliser.restore(row);
    benchmark::DoNotOptimize(row.data());
    benchmark::ClobberMemory();
  }
  report_pixels(state, row_px);
}

NoiseModel level_model() {
  NoiseModel noise{0.0, 0.0, NoiseLevelFunction{}};
  for (int i = 0; i < NoiseLevelFunction::level_count; ++i)
    noise.level_function->variance[static_cast<std::size_t>(i)] = 1e-4F + 1e-5F * static_cast<float>(i);
  return noise;
}

BENCHMARK_CAPTURE(stabilise, line, NoiseModel{0.01, 1e-4});
BENCHMARK_CAPTURE(restore, line, NoiseModel{0.01, 1e-4});
BENCHMARK_CAPTURE(stabilise, level_function, level_model());
BENCHMARK_CAPTURE(restore, level_function, level_model());

// Once for each frame and colour.
void make_stabiliser(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(VarianceStabiliser({0.01, 1e-4}));
}
BENCHMARK(make_stabiliser);

}  // namespace

BENCHMARK_MAIN();
