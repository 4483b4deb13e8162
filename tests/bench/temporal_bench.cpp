// SPDX-License-Identifier: LGPL-2.1-or-later
// The average over time of 1080p frames, by pixel format and threads.
#include <benchmark/benchmark.h>

#include <rdenoise/temporal_average.hpp>
#include <string>

#include "frame_memory.hpp"

using namespace rdenoise;

namespace {

void measure(benchmark::State& state, const char* format, const NoiseModel& noise, int n_threads) {
  const bench::FrameMemory first(format, 1920, 1080);
  const bench::FrameMemory second(format, 1920, 1080);
  const NoiseProfile profile = uniform_profile(first.view().color_model, noise);
  TemporalAverage average(n_threads);
  (void)average.add(first.view(), profile);
  for ([[maybe_unused]] auto step : state) {
    benchmark::DoNotOptimize(average.add(second.view(), profile));
    benchmark::DoNotOptimize(average.add(first.view(), profile));
  }
  state.SetItemsProcessed(2 * state.iterations());
}

}  // namespace

int main(int argc, char** argv) {
  const NoiseModel white = NoiseModel::gaussian(20);
  const NoiseModel camera{0.004, 0.001, {}};
  for (const char* format : {"I420", "NV12", "P010_10LE", "BGRx", "rggb10le"})
    for (const int n_threads : {1, 2})
      for (const auto& [name, noise] : {std::pair("white", white), {"camera", camera}})
        benchmark::RegisterBenchmark(
            (std::string(format) + "/" + name + "/threads:" + std::to_string(n_threads)).c_str(), measure, format,
            noise, n_threads)
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
