// SPDX-License-Identifier: LGPL-2.1-or-later
// What noise estimation costs on one core for one frame of 1920×1080.
#include <benchmark/benchmark.h>

#include <rdenoise/noise.hpp>
#include <vector>

#include "support/formula_pictures.hpp"

using namespace rdenoise;

namespace {

constexpr int width_px = 1920;
constexpr int height_px = 1080;

/// A frame in memory as video has it.
class Frame {
 public:
  explicit Frame(std::string_view format_name)
      : format_(*find_pixel_format(format_name)), planes_(format_.plane_count) {
    const Image clean = test::formula_gray(width_px, height_px);
    std::vector<PlaneMemory> memory;
    for (auto& plane : planes_) {
      plane.resize(static_cast<std::size_t>(width_px) * height_px * 4);
      memory.push_back({plane.data(), static_cast<std::ptrdiff_t>(width_px) * 4});
    }
    view_ = make_frame_view(format_, width_px, height_px, memory, default_levels(format_, false));
    std::vector<float> row;
    for (int c = 0; c < view_.channel_count; ++c) {
      const ChannelView& channel = view_.channels[c];
      row.resize(static_cast<std::size_t>(channel.width_px));
      for (int y = 0; y < channel.height_px; ++y) {
        add_noise(clean.plane(0).subspan(static_cast<std::size_t>(y) * width_px, row.size()), row,
                  NoiseModel::gaussian(10), {1, static_cast<std::uint32_t>(c)},
                  static_cast<std::uint64_t>(y) * width_px);
        write_row(channel, y, 0, row);
      }
    }
  }
  [[nodiscard]] ConstFrameView view() const { return view_; }

 private:
  const PixelFormat& format_;
  std::vector<std::vector<std::byte>> planes_;
  FrameView view_;
};

void estimate(benchmark::State& state, const char* format, int max_patches) {
  const Frame frame(format);
  for ([[maybe_unused]] auto step : state) {
    benchmark::DoNotOptimize(estimate_noise(frame.view(), {.max_patches = max_patches}));
  }
}

constexpr int still_patches = EstimateOptions{}.max_patches;
constexpr int video_patches = EstimateOptions::video().max_patches;

BENCHMARK_CAPTURE(estimate, video_gray, "GRAY8", video_patches)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(estimate, video_i420, "I420", video_patches)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(estimate, video_rgb, "RGB", video_patches)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(estimate, video_bayer, "rggb12le", video_patches)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(estimate, still_rgb, "RGB", still_patches)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(estimate, still_bayer, "rggb12le", still_patches)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
