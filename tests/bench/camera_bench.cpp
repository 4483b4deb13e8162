// SPDX-License-Identifier: LGPL-2.1-or-later
// Speed of the camera simulation and its parts, in megapixels a second. The argument is the number of threads,
// 0 for all cores.
#include <benchmark/benchmark.h>

#include <rdenoise/camera_simulation.hpp>
#include <rdenoise/resize.hpp>

#include "support/formula_pictures.hpp"

namespace {

using namespace rdenoise;

constexpr int width_px = 1920;
constexpr int height_px = 1080;

const Image& picture() {
  static const Image image = test::formula_rgb(width_px, height_px);
  return image;
}

void count_pixels(benchmark::State& state, int width = width_px, int height = height_px) {
  state.counters["Mpixel"] = benchmark::Counter(1e-6 * width * height, benchmark::Counter::kIsIterationInvariantRate);
}

CameraParameters camera(CameraKind kind) { return CameraSimulator(kind).draw(3); }

void unprocess_picture(benchmark::State& state, CameraKind kind) {
  static_cast<void>(picture());  // made once, before the clock starts
  const CameraParameters parameters = camera(kind);
  for (auto _ : state) benchmark::DoNotOptimize(unprocess(picture(), parameters, static_cast<int>(state.range(0))));
  count_pixels(state);
}

/// As a data loader does it: one patch, in place.
void unprocess_patch(benchmark::State& state) {
  constexpr int side_px = 128;
  const Image clean = test::formula_rgb(side_px, side_px);
  const CameraParameters parameters = camera(CameraKind::unprocessing);
  for (auto _ : state) {
    Image patch = clean;
    to_camera_rgb(patch.plane(0), patch.plane(1), patch.plane(2), parameters);
    benchmark::DoNotOptimize(patch);
  }
  count_pixels(state, side_px, side_px);
}

void simulate(benchmark::State& state, CameraKind kind, bool with_jpeg) {
  CameraParameters parameters = camera(kind);
  parameters.jpeg.reset();
  if (with_jpeg) parameters.jpeg = JpegOptions{.quality = 80};
  for (auto _ : state) {
    benchmark::DoNotOptimize(simulate_photo(picture(), parameters, {1}, static_cast<int>(state.range(0))));
  }
  count_pixels(state);
}

void resize_to_half(benchmark::State& state, ResizeFilter filter) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(resize(picture(), width_px / 2, height_px / 2, filter, static_cast<int>(state.range(0))));
  }
  count_pixels(state);
}

void jpeg(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(jpeg_round_trip(picture(), {.quality = 80}));
  count_pixels(state);
}

BENCHMARK_CAPTURE(unprocess_picture, cbdnet, CameraKind::cbdnet)->Arg(1)->Arg(0)->UseRealTime();
BENCHMARK_CAPTURE(unprocess_picture, unprocessing, CameraKind::unprocessing)->Arg(1)->Arg(0)->UseRealTime();
BENCHMARK(unprocess_patch);
BENCHMARK_CAPTURE(simulate, cbdnet, CameraKind::cbdnet, false)->Arg(1)->Arg(0)->UseRealTime();
BENCHMARK_CAPTURE(simulate, cbdnet_jpeg, CameraKind::cbdnet, true)->Arg(0)->UseRealTime();
BENCHMARK_CAPTURE(simulate, unprocessing, CameraKind::unprocessing, false)->Arg(1)->Arg(0)->UseRealTime();
BENCHMARK_CAPTURE(resize_to_half, area, ResizeFilter::area)->Arg(1)->Arg(0)->UseRealTime();
BENCHMARK_CAPTURE(resize_to_half, bicubic, ResizeFilter::bicubic)->Arg(1)->Arg(0)->UseRealTime();
BENCHMARK(jpeg)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
