// SPDX-License-Identifier: LGPL-2.1-or-later
// What class-aware denoising costs beside the denoising: the reduction and the classification of a frame of 1920×1080,
// and the change from one set of weights to another.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <rdenoise/denoise.hpp>
#include <rdenoise/picture_class.hpp>
#include <span>
#include <vector>

#include "denoise/reduced_picture.hpp"
#include "lib/network/random_weights.hpp"

namespace {

using namespace rdenoise;

constexpr int width_px = 1920;
constexpr int height_px = 1080;

/// A frame as video brings it.
struct VideoFrame {
  explicit VideoFrame(const char* format_name) : format(find_pixel_format(format_name)) {
    std::vector<ConstPlaneMemory> planes;
    const std::ptrdiff_t stride_bytes = format->channels[0].pixel_stride_bytes * std::ptrdiff_t{width_px};
    memory.resize(static_cast<std::size_t>(stride_bytes * height_px * 3), std::byte{100});
    for (int i = 0; i < format->plane_count; ++i)
      planes.push_back({memory.data() + i * stride_bytes * height_px,
                        i == 0 ? stride_bytes : stride_bytes >> format->channels[1].log2_subsampling_x});
    view = make_frame_view(*format, width_px, height_px, std::span<const ConstPlaneMemory>(planes),
                           default_levels(*format, true));
  }
  const PixelFormat* format;
  std::vector<std::byte> memory;
  ConstFrameView view;
};

ClassifierModel classifier(bool rgb, int width) {
  ClassifierModel model;
  model.spec = build_network({.network = "classifier",
                              .input = rgb ? InputDomain::rgb : InputDomain::gray,
                              .image_channels = rgb ? 3 : 1,
                              .depth = 5,
                              .width = width,
                              .classes = {"face", "pet", "flower", "living-room", "street"}});
  model.weights = test::random_weights(model.spec, 1);
  return model;
}

void reduce(benchmark::State& state, const char* format, int planes) {
  const VideoFrame frame(format);
  std::vector<float> values(static_cast<std::size_t>(planes) * 224 * 128);
  std::vector<float> scratch;
  for (auto _ : state) reduce_picture(frame.view, {values.data(), planes, 128, 224}, scratch);
}

void classify(benchmark::State& state, const char* format, bool rgb) {
  const VideoFrame frame(format);
  PictureClassifier picture_class(classifier(rgb, static_cast<int>(state.range(0))));
  for (auto _ : state) benchmark::DoNotOptimize(picture_class.classify(frame.view));
}

double resident_mib() {
  std::ifstream statm("/proc/self/statm");
  long total_pages = 0;
  long resident_pages = 0;
  statm >> total_pages >> resident_pages;
  return static_cast<double>(resident_pages) * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1024.0 * 1024.0);
}

/// The paper's network, six sets of weights. Frames that keep the class, or change it; each class was used before, or
/// (once) not.
void change_class(benchmark::State& state, bool changes) {
  const std::vector<std::string> names = {"none", "face", "pet", "flower", "living-room", "street"};
  Model model;
  model.name = "class-aware";
  model.spec = build_network(find_architecture("class-aware").examples[0]);
  model.weights = test::random_weights(model.spec, 1);
  for (std::size_t i = 1; i < names.size(); ++i)
    model.by_class[names[i]] = test::random_weights(model.spec, static_cast<unsigned>(i + 1));
  Denoiser denoiser(std::move(model), {.picture_class = "none"});
  const Image src(ColorModel::gray, 480, 270);
  Image dst(ColorModel::gray, 480, 270);
  const NoiseProfile noise = uniform_profile(ColorModel::gray, NoiseModel::gaussian(25.0));
  denoiser.denoise(src.view(), dst.view(), noise);
  const double first_mib = resident_mib();
  for (const std::string& name : names) {
    denoiser.set_picture_class(name);
    denoiser.denoise(src.view(), dst.view(), noise);
  }
  state.counters["MiB_per_class"] = (resident_mib() - first_mib) / static_cast<double>(names.size() - 1);
  std::size_t i = 0;
  for (auto _ : state) {
    if (changes) denoiser.set_picture_class(names[++i % names.size()]);
    denoiser.denoise(src.view(), dst.view(), noise);
  }
}

/// The least of many short runs: what a machine that others use as well would take by itself.
void least_of_many(benchmark::internal::Benchmark* bench) {
  bench->Unit(benchmark::kMillisecond)->Iterations(2)->Repetitions(100)->ReportAggregatesOnly();
  bench->ComputeStatistics("min", [](const std::vector<double>& times) { return *std::ranges::min_element(times); });
}

BENCHMARK_CAPTURE(reduce, i420, "I420", 1)->Apply(least_of_many);
BENCHMARK_CAPTURE(reduce, rgb_to_gray, "RGB", 1)->Apply(least_of_many);
BENCHMARK_CAPTURE(reduce, rgb, "RGB", 3)->Apply(least_of_many);
BENCHMARK_CAPTURE(classify, i420, "I420", false)->Arg(8)->Arg(16)->Apply(least_of_many);
BENCHMARK_CAPTURE(classify, rgb, "RGB", true)->Arg(8)->Arg(16)->Apply(least_of_many);
BENCHMARK_CAPTURE(change_class, same, false)->Unit(benchmark::kMillisecond)->Iterations(6)->UseRealTime();
BENCHMARK_CAPTURE(change_class, other, true)->Unit(benchmark::kMillisecond)->Iterations(6)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
