// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <functional>
#include <optional>
#include <rdenoise/error.hpp>
#include <rdenoise/parallel.hpp>
#include <rdenoise/temporal_average.hpp>
#include <string>

#include "temporal/cell_ring.hpp"
#include "temporal/stored_samples.hpp"

namespace rdenoise {
namespace {

// Enough bands that the threads end together; few and high ones, as each looks at rows beside it once more.
constexpr int bands_per_thread = 3;
constexpr int least_band_cells = 32;

/// Frames that can be averaged have it in common.
struct FrameShape {
  ColorModel color_model = ColorModel::gray;
  CfaPattern cfa = CfaPattern::rggb;
  std::array<std::array<int, 2>, max_channels> channel_px{};
  std::array<SampleFormat, max_channels> samples{};
  std::array<Levels, max_channels> levels{};
  bool operator==(const FrameShape&) const = default;
};

FrameShape shape_of(const ConstFrameView& frame) {
  FrameShape shape{frame.color_model, frame.cfa, {}, {}, {}};
  for (int c = 0; c < frame.channel_count; ++c) {
    shape.channel_px[c] = {frame.channels[c].width_px, frame.channels[c].height_px};
    shape.samples[c] = frame.channels[c].sample;
    shape.levels[c] = frame.channels[c].levels;
  }
  return shape;
}

void check(const ConstFrameView& frame, const NoiseProfile& noise) {
  const auto refuse = [](const std::string& expected, const std::string& found) {
    throw Error(ErrorCode::invalid_argument, "averaging frames: expected " + expected + ", found " + found);
  };
  if (frame.width_px < 1 || frame.height_px < 1)
    refuse("a frame of 1x1 px or more", std::to_string(frame.width_px) + "x" + std::to_string(frame.height_px));
  const int channels = profile_channel_count(frame.color_model);
  if (noise.channel_count != channels)
    refuse(
        "a noise profile of " + std::to_string(channels) + " channels for " + std::string(to_string(frame.color_model)),
        std::to_string(noise.channel_count));
}

}  // namespace

struct TemporalAverage::Impl {
  explicit Impl(int n_threads) : workers(n_threads), rings(static_cast<std::size_t>(workers.n_threads())) {}

  void begin(const ConstFrameView& frame) {
    if (const FrameShape found = shape_of(frame); found != shape) {
      shape = found;
      for (Average& average : averages) average.resize(frame);
      for (CellRing& ring : rings) ring.resize(frame);
      models = {};
    }
    Average& first = averages[current];
    std::ranges::fill(first.noise.sigma_share, 1.F);
    for (int c = 0; c < frame.channel_count; ++c)
      for (int y = 0; y < frame.channels[c].height_px; ++y) store_row(frame.channels[c], y, first.row(c, y));
    is_begun = true;
  }

  void go_on(const ConstFrameView& frame, const NoiseProfile& noise) {
    FramePair frames{frame, averages[current], averages[1 - current], {}, by_level, 0};
    for (int c = 0; c < frame.channel_count; ++c) {
      frames.cells[c] = cells_of(frame, c);
      frames.samples_per_cell += frames.cells[c].across * frames.cells[c].down;
      const NoiseModel& model = channel_noise(noise, frame.color_model, frame.cfa, c);
      if (models[c] == model) continue;
      models[c] = model;
      by_level[c] = NoiseByLevel(model, frames.before.frame.channels[c].levels);
    }
    const int rows = frames.before.noise.height_cells;
    const int bands = workers.n_threads() * bands_per_thread;
    const int band = std::max(least_band_cells, (rows + bands - 1) / bands);
    const auto average = [&](int worker, int index) {
      rings[static_cast<std::size_t>(worker)].average_rows(frames, index * band, std::min((index + 1) * band, rows));
    };
    // By reference: a std::function would put the captures on the heap.
    workers.run((rows + band - 1) / band, std::cref(average));
    current = 1 - current;
  }

  WorkerPool workers;
  std::vector<CellRing> rings;  ///< by worker
  FrameShape shape;
  std::array<Average, 2> averages;
  std::size_t current = 0;  ///< index of the last result
  bool is_begun = false;
  std::array<std::optional<NoiseModel>, max_channels> models;  ///< of by_level
  std::array<NoiseByLevel, max_channels> by_level;
};

TemporalAverage::TemporalAverage(int n_threads) : impl_(std::make_unique<Impl>(n_threads)) {}
TemporalAverage::~TemporalAverage() = default;
TemporalAverage::TemporalAverage(TemporalAverage&&) noexcept = default;
TemporalAverage& TemporalAverage::operator=(TemporalAverage&&) noexcept = default;

AveragedFrame TemporalAverage::add(const ConstFrameView& frame, const NoiseProfile& noise) {
  check(frame, noise);
  if (!impl_->is_begun || impl_->shape != shape_of(frame)) {
    impl_->begin(frame);
    return {frame, &impl_->averages[impl_->current].noise};
  }
  impl_->go_on(frame, noise);
  const Average& result = impl_->averages[impl_->current];
  return {result.frame, &result.noise};
}

void TemporalAverage::reset() noexcept { impl_->is_begun = false; }

}  // namespace rdenoise
