// SPDX-License-Identifier: LGPL-2.1-or-later
// From a 1080p frame to the network's input in windows of 320², the noise map, and back; one thread, by pixel format.
#include <benchmark/benchmark.h>

#include <rdenoise/network.hpp>
#include <string>
#include <vector>

#include "denoise/passes.hpp"
#include "frame_memory.hpp"

using namespace rdenoise;

namespace {

constexpr int width_px = 1920;
constexpr int height_px = 1080;

enum class Part { gather, noise_map, scatter };

NetworkSpec network_of(InputDomain input) {
  return build_network({.network = "ffdnet",
                        .input = input,
                        .image_channels = image_channels_of(input),
                        .depth = 5,
                        .width = 16,
                        .residual = true});
}

/// Tensors as a network of one window would have them.
struct WindowMemory {
  WindowMemory(const NetworkSpec& spec, const Pass& pass, const TilePlan& plan)
      : picture(static_cast<std::size_t>(pass.src.plane_count) * plan.window_height_px * plan.window_width_px, 0.5F),
        image{picture.data(), pass.src.plane_count, plan.window_height_px, plan.window_width_px} {
    const Layer& layer = *spec.noise_map_layer();
    const int height = plan.window_height_px / layer.factor;
    const int width = plan.window_width_px / layer.factor;
    sigmas.resize(static_cast<std::size_t>(layer.out_channels) * height * width);
    map = {sigmas.data(), layer.out_channels, height, width};
    scratch.resize(static_cast<std::size_t>(plan.window_width_px));
  }
  std::vector<float> picture;
  std::vector<float> sigmas;
  std::vector<float> scratch;
  TensorView image;
  TensorView map;
};

void measure(benchmark::State& state, Part part, const char* format, InputDomain input) {
  const NetworkSpec spec = network_of(input);
  const bench::FrameMemory src(format, width_px, height_px);
  const bench::FrameMemory dst(format, width_px, height_px);
  const NoiseProfile noise = uniform_profile(src.view().color_model, {0.002, 0.0004, {}});
  const PassList passes = split_into_passes(spec, alignment_px(spec), src.view(), dst.view(), noise);
  for ([[maybe_unused]] auto step : state) {
    for (const Pass& pass : passes) {
      state.PauseTiming();
      const TilePlan plan = plan_tiles({.frame_width_px = pass.padding.padded_width_px,
                                        .frame_height_px = pass.padding.padded_height_px,
                                        .halo_px = halo_px(spec),
                                        .alignment_px = alignment_px(spec),
                                        .core_size_px = 320});
      WindowMemory memory(spec, pass, plan);
      const TensorView& image = memory.image;
      const ConstTensorView picture{image.data, image.channels, image.height, image.width};
      state.ResumeTiming();
      for (const Tile& tile : plan.tiles) {
        if (part == Part::gather) gather(pass.src, pass.padding, tile.window, image, {}, memory.scratch);
        if (part == Part::noise_map)
          fill_noise_map(picture, pass.noise, 1.0, spec.noise_map_layer()->factor, memory.map);
        if (part == Part::scatter) scatter(picture, pass.padding, tile, pass.dst, memory.scratch);
        benchmark::ClobberMemory();
      }
    }
  }
  state.counters["Mpx/s"] =
      benchmark::Counter(1e-6 * width_px * height_px, benchmark::Counter::kIsIterationInvariantRate);
}

}  // namespace

int main(int argc, char** argv) {
  struct Case {
    const char* format;
    InputDomain input;
  };
  constexpr Case cases[] = {{"GRAY8", InputDomain::gray},       {"I420", InputDomain::gray},
                            {"I420", InputDomain::yuv420},      {"NV12", InputDomain::yuv420},
                            {"P010_10LE", InputDomain::yuv420}, {"RGB", InputDomain::rgb},
                            {"RGBA64_LE", InputDomain::rgb},    {"rggb12le", InputDomain::bayer}};
  constexpr std::pair<const char*, Part> parts[] = {
      {"gather", Part::gather}, {"noise map", Part::noise_map}, {"scatter", Part::scatter}};
  for (const auto& [name, part] : parts) {
    for (const Case& c : cases) {
      const std::string full = std::string(name) + "/" + c.format + " as " + std::string(to_string(c.input));
      benchmark::RegisterBenchmark(full.c_str(), measure, part, c.format, c.input)
          ->MinTime(0.05)
          ->Unit(benchmark::kMillisecond);
    }
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
