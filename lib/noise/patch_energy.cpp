// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/patch_energy.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

constexpr int n = patch_size_px;
using Block = std::array<float, n * n>;

// basis[k·n + i]: value of the k-th cosine at pixel i.
Block make_basis() {
  Block basis{};
  for (int k = 0; k < n; ++k) {
    for (int i = 0; i < n; ++i) {
      const double norm = std::sqrt((k == 0 ? 1.0 : 2.0) / n);
      basis[k * n + i] = static_cast<float>(norm * std::cos(std::numbers::pi * (2 * i + 1) * k / (2 * n)));
    }
  }
  return basis;
}

Block transposed(const Block& block) {
  Block result{};
  for (int y = 0; y < n; ++y) {
    for (int x = 0; x < n; ++x) result[x * n + y] = block[y * n + x];
  }
  return result;
}

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

RDENOISE_VECTOR_CLONES
PatchEnergy energy_of(const Block& pixels, const Block& basis, const Block& basis_transposed,
                      const FrequencyMasks& masks) {
  float low[n] = {};
  float high[n] = {};
  float darkest[n];
  float brightest[n];
  for (int x = 0; x < n; ++x) darkest[x] = brightest[x] = pixels[x];
  for (int y = 1; y < n; ++y) {
    for (int x = 0; x < n; ++x) {
      darkest[x] = std::min(darkest[x], pixels[y * n + x]);
      brightest[x] = std::max(brightest[x], pixels[y * n + x]);
    }
  }
  PatchEnergy patch{.minimum = darkest[0], .maximum = brightest[0]};
  for (int v = 0; v < n; ++v) {
    float column[n] = {};
    for (int y = 0; y < n; ++y) {
      for (int x = 0; x < n; ++x) column[x] += basis[v * n + y] * pixels[y * n + x];
    }
    float coefficient[n] = {};
    for (int x = 0; x < n; ++x) {
      for (int u = 0; u < n; ++u) coefficient[u] += column[x] * basis_transposed[x * n + u];
    }
    for (int u = 0; u < n; ++u) {
      const float square = coefficient[u] * coefficient[u];
      low[u] += masks.low[v * n + u] * square;
      high[u] += masks.high[v * n + u] * square;
    }
    if (v == 0) patch.mean = coefficient[0] / n;
  }
  for (int u = 0; u < n; ++u) {
    patch.low_energy += low[u];
    patch.high_energy += high[u];
    patch.minimum = std::min(patch.minimum, darkest[u]);
    patch.maximum = std::max(patch.maximum, brightest[u]);
  }
  return patch;
}

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
  static const Block basis = make_basis();
  static const Block basis_transposed = transposed(basis);
  static const FrequencyMasks masks = make_masks();
  const int step_px = grid_step_px(channels, max_patches);
  std::vector<PatchEnergy> patches;
  Block pixels;
  for (const ConstChannelView& channel : channels) {
    for (int y = 0; y + n <= channel.height_px; y += step_px) {
      for (int x = 0; x + n <= channel.width_px; x += step_px) {
        for (int row = 0; row < n; ++row) read_row(channel, y + row, x, std::span(pixels).subspan(row * n, n));
        const PatchEnergy patch = energy_of(pixels, basis, basis_transposed, masks);
        if (std::isfinite(patch.low_energy + patch.high_energy)) patches.push_back(patch);
      }
    }
  }
  return patches;
}

}  // namespace rdenoise
