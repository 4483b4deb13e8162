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

struct alignas(lanes_bytes) BatchEnergy {
  Lanes mean;
  Lanes low;
  Lanes high;
  Lanes minimum;
  Lanes maximum;
};

// Basis functions mirror: the k-th is even for even k and odd for odd k. So rows y and n − 1 − y are first added or
// subtracted, and half the products are left.
constexpr int half = n / 2;

// Only the high coefficients are transformed: by Parseval the low ones have what is left of the energy. The mean is
// taken off before squaring, so that little is lost to cancellation.
RDENOISE_WIDE_VECTOR_CLONES
void energies_of(const PatchBatch<n>& pixels, const Block& basis, BatchEnergy& energy) {
  Lanes sum{};
  Lanes minimum = pixels.pixel[0];
  Lanes maximum = pixels.pixel[0];
  for (int i = 0; i < n * n; ++i) {
    const Lanes p = pixels.pixel[i];
    sum += p;
    minimum = p < minimum ? p : minimum;
    maximum = p > maximum ? p : maximum;
  }
  const Lanes mean = sum / static_cast<float>(n * n);
  Lanes total{};
  for (int i = 0; i < n * n; ++i) {
    const Lanes deviation = pixels.pixel[i] - mean;
    total += deviation * deviation;
  }
  Lanes high{};
  for (int v = least_high_frequency - (n - 1); v < n; ++v) {
    const float v_sign = v % 2 == 0 ? 1.F : -1.F;
    Lanes column[n];
    for (int x = 0; x < n; ++x) {
      column[x] = Lanes{};
      for (int y = 0; y < half; ++y)
        column[x] += basis[v * n + y] * (pixels.pixel[y * n + x] + v_sign * pixels.pixel[(n - 1 - y) * n + x]);
    }
    for (int u = least_high_frequency - v; u < n; ++u) {
      const float u_sign = u % 2 == 0 ? 1.F : -1.F;
      Lanes coefficient{};
      for (int x = 0; x < half; ++x) coefficient += basis[u * n + x] * (column[x] + u_sign * column[n - 1 - x]);
      high += coefficient * coefficient;
    }
  }
  const Lanes rest = total - high;
  energy.mean = mean;
  energy.low = (rest > 0.F ? rest : Lanes{}) / static_cast<float>(low_coefficient_count);
  energy.high = high / static_cast<float>(high_coefficient_count);
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
    energies_of(batch_, basis, energy_);
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
