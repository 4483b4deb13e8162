// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/patch_energy.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/vector_clones.hpp"
#include "noise/dct_lanes.hpp"

namespace rdenoise {
namespace {

constexpr int n = patch_size_px;
using Block = std::array<float, n * n>;

// Weight of each coefficient's energy in the low and the high mean.
struct FrequencyMasks {
  Block low{};
  Block high{};
};

FrequencyMasks make_masks() {
  FrequencyMasks masks;
  for (int v = 0; v < n; ++v) {
    for (int u = 0; u < n; ++u) {
      if (u + v >= least_high_frequency) {
        masks.high[v * n + u] = 1.F / high_coefficient_count;
      } else if (u + v > 0) {
        masks.low[v * n + u] = 1.F / low_coefficient_count;
      }
    }
  }
  return masks;
}

struct alignas(lanes_bytes) BatchEnergy {
  Lanes mean;
  Lanes low;
  Lanes high;
  Lanes minimum;
  Lanes maximum;
};

RDENOISE_VECTOR_CLONES
void energies_of(const PatchBatch<n>& pixels, const Block& basis, const FrequencyMasks& masks, BatchEnergy& energy) {
  Lanes low{};
  Lanes high{};
  Lanes minimum = pixels.pixel[0];
  Lanes maximum = pixels.pixel[0];
  for (int i = 1; i < n * n; ++i) {
    minimum = pixels.pixel[i] < minimum ? pixels.pixel[i] : minimum;
    maximum = pixels.pixel[i] > maximum ? pixels.pixel[i] : maximum;
  }
  for (int v = 0; v < n; ++v) {
    Lanes column[n];
    for (int x = 0; x < n; ++x) {
      column[x] = basis[v * n] * pixels.pixel[x];
      for (int y = 1; y < n; ++y) column[x] += basis[v * n + y] * pixels.pixel[y * n + x];
    }
    for (int u = 0; u < n; ++u) {
      Lanes coefficient = basis[u * n] * column[0];
      for (int x = 1; x < n; ++x) coefficient += basis[u * n + x] * column[x];
      if (u + v == 0) energy.mean = coefficient / static_cast<float>(n);
      const Lanes square = coefficient * coefficient;
      low += masks.low[v * n + u] * square;
      high += masks.high[v * n + u] * square;
    }
  }
  energy.low = low;
  energy.high = high;
  energy.minimum = minimum;
  energy.maximum = maximum;
}

// Collects patches until a batch is full.
class PatchCollector {
 public:
  explicit PatchCollector(std::vector<PatchEnergy>& patches) : patches_(patches) {}

  /// rows  of the picture, the first pixel of the patch at x_px
  void add(const std::array<const float*, n>& rows, int x_px) {
    for (int y = 0; y < n; ++y) {
      for (int x = 0; x < n; ++x) batch_.pixel[y * n + x][count_] = rows[y][x_px + x];
    }
    if (++count_ == lane_count) flush();
  }

  void flush() {
    static const Block basis = make_dct_basis<n>();
    static const FrequencyMasks masks = make_masks();
    energies_of(batch_, basis, masks, energy_);
    for (int k = 0; k < count_; ++k) {
      if (!std::isfinite(energy_.low[k] + energy_.high[k])) continue;
      patches_.push_back({energy_.mean[k], energy_.low[k], energy_.high[k], energy_.minimum[k], energy_.maximum[k]});
    }
    count_ = 0;
  }

 private:
  std::vector<PatchEnergy>& patches_;
  PatchBatch<n> batch_{};
  BatchEnergy energy_{};
  int count_ = 0;
};

// Pixels between the origins of neighbouring patches, both ways.
int grid_step_px(std::span<const ConstChannelView> channels, int max_patches) {
  double origins = 0.0;
  for (const ConstChannelView& channel : channels) {
    origins += std::max(0, channel.width_px - n + 1) * static_cast<double>(std::max(0, channel.height_px - n + 1));
  }
  // Nearer neighbours have nearly the same noise and tell little more.
  constexpr int closest_px = 2;
  return std::max(closest_px, static_cast<int>(std::ceil(std::sqrt(origins / std::max(1, max_patches)))));
}

}  // namespace

std::vector<PatchEnergy> sample_patches(std::span<const ConstChannelView> channels, int max_patches) {
  const int step_px = grid_step_px(channels, max_patches);
  std::vector<PatchEnergy> patches;
  PatchCollector collector(patches);
  std::vector<float> samples;
  for (const ConstChannelView& channel : channels) {
    const auto width = static_cast<std::size_t>(channel.width_px);
    samples.resize(n * width);
    std::array<const float*, n> rows;
    for (int i = 0; i < n; ++i)
      rows[static_cast<std::size_t>(i)] = samples.data() + static_cast<std::size_t>(i) * width;
    for (int y = 0; y + n <= channel.height_px; y += step_px) {
      // Whole rows are read faster than the pieces that are needed, unless these lie far apart.
      const bool whole_rows = step_px < 8 * n;
      for (int row = 0; whole_rows && row < n; ++row) {
        read_row(channel, y + row, 0, std::span(samples).subspan(static_cast<std::size_t>(row) * width, width));
      }
      for (int x = 0; x + n <= channel.width_px; x += step_px) {
        for (int row = 0; !whole_rows && row < n; ++row) {
          read_row(channel, y + row, x, std::span(samples).subspan(static_cast<std::size_t>(row) * width + x, n));
        }
        collector.add(rows, x);
      }
    }
  }
  collector.flush();
  return patches;
}

}  // namespace rdenoise
