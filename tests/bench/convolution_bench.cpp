// SPDX-License-Identifier: LGPL-2.1-or-later
// 3×3 layers with as many channels in as out, within a network: by precision, channels and edge of the window. One
// thread. GFLOP/s count two per multiply-add of the direct algorithm.
#include <benchmark/benchmark.h>

#include <rdenoise/network.hpp>
#include <rdenoise/stage_times.hpp>
#include <string>

#include "lib/network/random_weights.hpp"

using namespace rdenoise;

namespace {

/// Seconds and FLOP of the layers from `channels` to `channels`.
struct MiddleLayers {
  double seconds = 0.0;
  double flop = 0.0;
};

MiddleLayers run_recorded(NetworkRun& run, int channels) {
  const StageRecorder recorder;
  run.run();
  MiddleLayers sum;
  for (const StageTime& time : recorder.times()) {
    if (time.work.in_channels != channels || time.work.out_channels != channels || time.work.kernel_px != 3) continue;
    sum.seconds += time.seconds;
    sum.flop += time.work.flop;
  }
  return sum;
}

void convolution(benchmark::State& state, Precision precision, int channels, int edge_px) {
  const NetworkSpec spec = build_network(
      {.network = "dncnn", .input = InputDomain::gray, .image_channels = 1, .depth = 6, .width = channels});
  std::unique_ptr<NetworkRun> run;
  try {
    const auto executor = make_onednn_executor(spec, test::random_weights(spec, 1), precision);
    if (executor->precision() != precision) return state.SkipWithError("not on this processor");
    run = executor->prepare(edge_px, edge_px);
  } catch (const std::exception& error) {
    return state.SkipWithError(error.what());
  }
  const TensorView image = run->image();
  for (std::size_t i = 0; i < static_cast<std::size_t>(edge_px) * edge_px; ++i)
    image.data[i] = static_cast<float>(i * 2654435761U % 1024) / 1024.0F;
  double flop = 0.0;
  for ([[maybe_unused]] auto step : state) {
    const MiddleLayers layers = run_recorded(*run, channels);
    flop += layers.flop;
    state.SetIterationTime(layers.seconds);
  }
  state.counters["GFLOP/s"] = benchmark::Counter(flop / 1e9, benchmark::Counter::kIsRate);
}

}  // namespace

int main(int argc, char** argv) {
  for (const Precision precision : {Precision::f32, Precision::bf16, Precision::int8}) {
    for (const int channels : {16, 32, 48, 64, 96}) {
      for (const int edge_px : {128, 320}) {
        const std::string name = "convolution/" + std::string(to_string(precision)) + "/" + std::to_string(channels) +
                                 " channels/" + std::to_string(edge_px) + " px";
        benchmark::RegisterBenchmark(name.c_str(), convolution, precision, channels, edge_px)
            ->UseManualTime()
            ->MinTime(0.1)
            ->Unit(benchmark::kMillisecond);
      }
    }
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
