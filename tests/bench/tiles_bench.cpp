// SPDX-License-Identifier: LGPL-2.1-or-later
// The plan of a frame's tiles, and whole frames by edge of a tile (0: as planned) with a shallow and a deep network of
// 16 channels, all cores. overhead: the share of work that tiles do twice.
#include <benchmark/benchmark.h>

#include <rdenoise/denoise.hpp>
#include <string>

#include "lib/network/random_weights.hpp"

using namespace rdenoise;

namespace {

void plan(benchmark::State& state, int width_px, int height_px) {
  TilePlan found;
  for ([[maybe_unused]] auto step : state) {
    found = plan_tiles(
        {.frame_width_px = width_px, .frame_height_px = height_px, .halo_px = 18, .alignment_px = 2, .n_threads = 2});
    benchmark::DoNotOptimize(found.tiles.data());
  }
  state.counters["tiles"] = static_cast<double>(found.tiles.size());
  state.counters["overhead"] = found.halo_overhead();
}

void whole_frame(benchmark::State& state, int depth, int tile_size_px) {
  constexpr int width_px = 1280;
  constexpr int height_px = 720;
  const NetworkSpec spec =
      build_network({.network = "dncnn", .input = InputDomain::gray, .image_channels = 1, .depth = depth, .width = 16});
  Denoiser denoiser({"random", {}, spec, test::random_weights(spec, 1)}, {.tile_size_px = tile_size_px});
  Image noisy(ColorModel::gray, width_px, height_px);
  for (std::size_t i = 0; i < noisy.samples().size(); ++i)
    noisy.samples()[i] = static_cast<float>(i * 2654435761U % 1024) / 1024.0F;
  Image clean = noisy;
  const NoiseProfile noise = uniform_profile(ColorModel::gray, NoiseModel::gaussian(25));
  denoiser.prepare(noisy.view());
  for ([[maybe_unused]] auto step : state) denoiser.denoise(noisy.view(), clean.view(), noise);
  const double px = static_cast<double>(width_px) * height_px;
  state.counters["GFLOP/s"] =
      benchmark::Counter(2e-9 * macs_per_px(spec) * px, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["overhead"] = denoiser.plan(width_px, height_px).halo_overhead();
}

}  // namespace

int main(int argc, char** argv) {
  struct Size {
    int width_px;
    int height_px;
  };
  for (const Size size : {Size{512, 512}, Size{1920, 1080}, Size{6000, 4000}, Size{12000, 9000}}) {
    const std::string name = "plan/" + std::to_string(size.width_px) + "x" + std::to_string(size.height_px);
    benchmark::RegisterBenchmark(name.c_str(), plan, size.width_px, size.height_px)
        ->MinTime(0.1)
        ->Unit(benchmark::kMicrosecond);
  }
  for (const int depth : {5, 17}) {
    for (const int tile_size_px : {0, 64, 128, 256, 512}) {
      const std::string name = "720p frame/" + std::to_string(depth) + " layers/tile " + std::to_string(tile_size_px);
      benchmark::RegisterBenchmark(name.c_str(), whole_frame, depth, tile_size_px)
          ->UseRealTime()
          ->MinTime(0.3)
          ->Unit(benchmark::kMillisecond);
    }
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
