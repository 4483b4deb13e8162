// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the time of a 1080p frame goes with a network on 4:2:0 video: CPU milliseconds of one thread for each stage, in
// the windows that two workers get. Prints CSV.
//
//   yuv420_bench [depth [width [precision [repeats [tile edge in cells, 0: chosen]]]]]
#include <cstdio>
#include <cstdlib>
#include <rdenoise/error.hpp>
#include <vector>

#include "bench/clock.hpp"
#include "denoise/noise_map.hpp"
#include "denoise/passes.hpp"
#include "denoise/window_limit.hpp"
#include "lib/network/random_weights.hpp"

namespace {

using namespace rdenoise;

constexpr int width_px = 1920;
constexpr int height_px = 1080;

/// Memory of a frame, planes one after the other.
struct FrameMemory {
  explicit FrameMemory(const PixelFormat& format) {
    const int sample_bytes = sample_size_bytes(format.sample.type);
    bytes.resize(static_cast<std::size_t>(width_px) * height_px * 3 / 2 * sample_bytes);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i * 2654435761U >> 24U);
    std::vector<PlaneMemory> planes;
    std::byte* data = bytes.data();
    for (int plane = 0; plane < format.plane_count; ++plane) {
      const bool is_halved = plane > 0 && format.plane_count == 3;
      const std::ptrdiff_t stride_bytes = (is_halved ? width_px / 2 : width_px) * sample_bytes;
      planes.push_back({data, stride_bytes});
      data += stride_bytes * (plane == 0 ? height_px : height_px / 2);
    }
    view = make_frame_view(format, width_px, height_px, planes, default_levels(format, /*limited_range=*/true));
  }
  std::vector<std::byte> bytes;
  FrameView view;
};

template <typename Work>
double least_cpu_ms(int repeats, Work work) {
  std::vector<bench::Sample> samples;
  for (int i = 0; i < repeats; ++i) samples.push_back(bench::timed(work));
  return bench::best(samples).cpu_s * 1e3;
}

void measure(const NetworkSpec& spec, const Executor& executor, const char* format_name, int repeats, int tile_cells) {
  const PixelFormat& format = *find_pixel_format(format_name);
  FrameMemory src(format);
  FrameMemory dst(format);
  const NoiseProfile noise = uniform_profile(ColorModel::yuv, {0.002, 0.0004, {}});
  const PassList passes = split_into_passes(spec, alignment_px(spec), src.view, dst.view, noise);
  const Pass& pass = passes.passes[0];
  const TilePlan plan = plan_tiles({.frame_width_px = pass.padding.padded_width_px,
                                    .frame_height_px = pass.padding.padded_height_px,
                                    .halo_px = halo_px(spec),
                                    .alignment_px = alignment_px(spec),
                                    .core_size_px = tile_cells,
                                    .n_threads = 2,
                                    .max_window_px = max_window_px(spec, 2)});
  const auto run = executor.prepare(plan.window_height_px, plan.window_width_px);
  std::vector<float> scratch(static_cast<std::size_t>(plan.window_width_px));
  const auto of_all_tiles = [&](auto stage) {
    return least_cpu_ms(repeats, [&] {
      for (const Tile& tile : plan.tiles) stage(tile);
    });
  };
  const TensorView image = run->image();
  const double gather_ms =
      of_all_tiles([&](const Tile& tile) { gather(pass.src, pass.padding, tile.window, image, {}, scratch); });
  const double map_ms = of_all_tiles([&](const Tile&) {
    fill_noise_map({image.data, image.channels, image.height, image.width}, pass.noise, 1.0, 1, run->noise_map());
  });
  const double network_ms = of_all_tiles([&](const Tile&) { run->run(); });
  const double scatter_ms =
      of_all_tiles([&](const Tile& tile) { scatter(run->output(), pass.padding, tile, pass.dst, scratch); });
  std::printf("%s,%dx%d,%zu,%.2f,%.2f,%.2f,%.2f\n", format_name, plan.window_width_px, plan.window_height_px,
              plan.tiles.size(), gather_ms, map_ms, network_ms, scatter_ms);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int i, const char* otherwise) { return argc > i ? argv[i] : otherwise; };
  try {
    const NetworkSpec spec = build_network({.network = "ffdnet",
                                            .input = InputDomain::yuv420,
                                            .image_channels = image_channels_of(InputDomain::yuv420),
                                            .depth = std::atoi(argument(1, "5")),
                                            .width = std::atoi(argument(2, "16")),
                                            .residual = true});
    const auto executor =
        make_onednn_executor(spec, test::random_weights(spec, 1), parse_precision(argument(3, "f32")));
    std::printf("format,window_cells,windows,gather_cpu_ms,map_cpu_ms,network_cpu_ms,scatter_cpu_ms\n");
    for (const char* format : {"I420", "NV12", "P010_10LE"})
      measure(spec, *executor, format, std::atoi(argument(4, "5")), std::atoi(argument(5, "0")));
    return 0;
  } catch (const Error& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
