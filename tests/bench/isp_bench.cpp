// SPDX-License-Identifier: LGPL-2.1-or-later
// Speed of the development chain in Mpixel/s, on one thread where the name does not say otherwise.
#include <benchmark/benchmark.h>

#include <rdenoise/isp.hpp>
#include <string>
#include <utility>

#include "isp/row_demosaicer.hpp"
#include "isp/tone_row.hpp"
#include "support/formula_pictures.hpp"

using namespace rdenoise;

namespace {

constexpr int width_px = 4000;
constexpr int height_px = 1000;

const Image& mosaic() {
  static const Image image = test::formula_bayer(width_px, height_px, CfaPattern::rggb);
  return image;
}

void count_pixels(benchmark::State& state) {
  const auto pixels = static_cast<double>(state.iterations()) * width_px * height_px / 1e6;
  state.counters["Mpixel/s"] = benchmark::Counter(pixels, benchmark::Counter::kIsRate);
}

/// Rows as develop() takes them: in cache, no picture written.
void demosaic_rows(benchmark::State& state, DemosaicMethod method) {
  for (auto _ : state) {
    const auto demosaicer = make_row_demosaicer(mosaic().view(), method, {});
    for (int y = 0; y < height_px; ++y) benchmark::DoNotOptimize(demosaicer->row(y)[0].data());
  }
  count_pixels(state);
}

void demosaic_whole(benchmark::State& state, DemosaicMethod method, int n_threads) {
  for (auto _ : state) benchmark::DoNotOptimize(demosaic(mosaic().view(), method, n_threads).samples().data());
  count_pixels(state);
}

void develop_whole(benchmark::State& state, DemosaicMethod method, DemosaicDomain domain, int n_threads) {
  Image rgb(ColorModel::rgb, width_px, height_px);
  const DevelopOptions options{.gains = {2.F, 1.F, 1.6F},
                               .camera_to_srgb = {1.8F, -0.6F, -0.2F, -0.3F, 1.7F, -0.4F, 0.1F, -0.5F, 1.4F},
                               .demosaic = method,
                               .demosaic_domain = domain,
                               .n_threads = n_threads};
  for (auto _ : state) {
    develop(mosaic().view(), rgb.view(), options);
    benchmark::ClobberMemory();
  }
  count_pixels(state);
}

/// Three samples a pixel.
void tone_curve(benchmark::State& state, ToneCurve curve) {
  std::vector<float> row(static_cast<std::size_t>(width_px), 0.3F);
  for (auto _ : state) {
    for (int i = 0; i < 3 * height_px; ++i) {
      encode_tone_row(curve, row);
      benchmark::ClobberMemory();
    }
  }
  count_pixels(state);
}

void mosaic_of_picture(benchmark::State& state) {
  const Image rgb = test::formula_rgb(width_px, height_px);
  for (auto _ : state) benchmark::DoNotOptimize(mosaic_from_rgb(rgb, CfaPattern::rggb).samples().data());
  count_pixels(state);
}

}  // namespace

int main(int argc, char** argv) {
  (void)mosaic();  // made before the first measurement
  for (const DemosaicMethod method : demosaic_methods) {
    const std::string name(to_string(method));
    benchmark::RegisterBenchmark(("demosaic rows/" + name).c_str(), demosaic_rows, method);
    benchmark::RegisterBenchmark(("demosaic/" + name).c_str(), demosaic_whole, method, 1);
    benchmark::RegisterBenchmark(("develop/" + name + "/linear").c_str(), develop_whole, method, DemosaicDomain::linear,
                                 1);
    benchmark::RegisterBenchmark(("develop/" + name + "/square root").c_str(), develop_whole, method,
                                 DemosaicDomain::square_root, 1);
    benchmark::RegisterBenchmark(("develop/" + name + "/square root/all cores").c_str(), develop_whole, method,
                                 DemosaicDomain::square_root, 0)
        ->UseRealTime();
  }
  benchmark::RegisterBenchmark("tone curve/srgb", tone_curve, ToneCurve::srgb);
  benchmark::RegisterBenchmark("tone curve/bt709", tone_curve, ToneCurve::bt709);
  benchmark::RegisterBenchmark("mosaic_from_rgb", mosaic_of_picture);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
