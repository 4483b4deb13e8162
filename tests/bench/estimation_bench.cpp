// SPDX-License-Identifier: LGPL-2.1-or-later
// What noise estimation costs on one core for one frame of 1920×1080.
#include <benchmark/benchmark.h>

#include <rdenoise/noise.hpp>

#include "frame_memory.hpp"

using namespace rdenoise;

namespace {

constexpr int width_px = 1920;
constexpr int height_px = 1080;

void estimate(benchmark::State& state, const char* format, int max_patches,
              EstimateMethod method = EstimateMethod::poisson_gaussian) {
  const bench::FrameMemory frame(format, width_px, height_px);
  for ([[maybe_unused]] auto step : state) {
    benchmark::DoNotOptimize(estimate_noise(frame.view(), {.method = method, .max_patches = max_patches}));
  }
}

constexpr int still_patches = EstimateOptions{}.max_patches;
constexpr int video_patches = EstimateOptions::video().max_patches;

BENCHMARK_CAPTURE(estimate, video_gray, "GRAY8", video_patches)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(estimate, video_i420, "I420", video_patches)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(estimate, video_rgb, "RGB", video_patches)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(estimate, video_bayer, "rggb12le", video_patches)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(estimate, video_i420_gaussian, "I420", video_patches, EstimateMethod::gaussian)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(estimate, video_i420_automatic, "I420", video_patches, EstimateMethod::automatic)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(estimate, video_i420_level_function, "I420", video_patches, EstimateMethod::level_function)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(estimate, still_rgb, "RGB", still_patches)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(estimate, still_bayer, "rggb12le", still_patches)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
