// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/patch_spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

constexpr int n = spectrum_patch_px;
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

// Coefficients [v][u].
RDENOISE_VECTOR_CLONES
void transform(const Block& pixels, const Block& basis, const Block& basis_transposed, Block& coefficients) {
  for (int v = 0; v < n; ++v) {
    float column[n] = {};
    for (int y = 0; y < n; ++y) {
      for (int x = 0; x < n; ++x) column[x] += basis[v * n + y] * pixels[y * n + x];
    }
    float row[n] = {};
    for (int x = 0; x < n; ++x) {
      for (int u = 0; u < n; ++u) row[u] += column[x] * basis_transposed[x * n + u];
    }
    for (int u = 0; u < n; ++u) coefficients[v * n + u] = row[u];
  }
}

struct Place {
  int half;
  int band;
};

std::array<Place, n * n> make_places() {
  std::array<Place, n * n> places{};
  for (int v = 0; v < n; ++v) {
    for (int u = 0; u < n; ++u) places[v * n + u] = {half_of_coefficient(u, v), band_of_coefficient(u, v)};
  }
  return places;
}

PatchSpectrum spectrum_of(const Block& pixels) {
  static const Block basis = make_basis();
  static const Block basis_transposed = transposed(basis);
  static const std::array<Place, n* n> places = make_places();
  PatchSpectrum spectrum;
  const auto [darkest, brightest] = std::ranges::minmax(pixels);
  spectrum.is_constant = darkest == brightest;
  Block coefficients;
  transform(pixels, basis, basis_transposed, coefficients);
  spectrum.mean = coefficients[0] / n;
  for (int i = 0; i < n * n; ++i) {
    spectrum.energy[places[i].half][places[i].band] += coefficients[i] * coefficients[i];
  }
  return spectrum;
}

int grid_step_px(const ConstChannelView& channel, int max_patches) {
  const double origins =
      std::max(0, channel.width_px - n + 1) * static_cast<double>(std::max(0, channel.height_px - n + 1));
  // Nearer neighbours have nearly the same noise and tell little more.
  constexpr int closest_px = 4;
  return std::max(closest_px, static_cast<int>(std::ceil(std::sqrt(origins / std::max(1, max_patches)))));
}

}  // namespace

int band_of_coefficient(int u, int v) noexcept {
  const int ring = u + v;
  return ring <= 6 ? ring : ring <= 8 ? 7 : ring <= 10 ? 8 : ring <= 13 ? 9 : 10;
}

int half_of_coefficient(int u, int v) noexcept { return ((u - v + n * 4) % 4) / 2; }

const BandCounts& coefficients_in_bands() noexcept {
  static const BandCounts counts = [] {
    BandCounts result{};
    for (int v = 0; v < n; ++v) {
      for (int u = 0; u < n; ++u) ++result[half_of_coefficient(u, v)][band_of_coefficient(u, v)];
    }
    return result;
  }();
  return counts;
}

SpectrumSample sample_spectra(std::span<const ConstChannelView> channels, int max_patches) {
  SpectrumSample sample;
  sample.channels.resize(channels.size());
  if (channels.empty()) return sample;
  const ConstChannelView& first = channels.front();
  const int step_px = grid_step_px(first, max_patches);
  sample.independent_share = std::min(1.0, static_cast<double>(step_px * step_px) / (n * n));
  std::vector<PatchSpectrum> spectra(channels.size());
  Block pixels;
  for (int y = 0; y + n <= first.height_px; y += step_px) {
    for (int x = 0; x + n <= first.width_px; x += step_px) {
      bool finite = true;
      for (std::size_t c = 0; c < channels.size() && finite; ++c) {
        for (int row = 0; row < n; ++row) {
          read_row(channels[c], y + row, x, std::span(pixels).subspan(static_cast<std::size_t>(row) * n, n));
        }
        finite = std::ranges::all_of(pixels, [](float value) { return std::isfinite(value); });
        if (finite) spectra[c] = spectrum_of(pixels);
      }
      if (!finite) continue;
      for (std::size_t c = 0; c < channels.size(); ++c) sample.channels[c].push_back(spectra[c]);
    }
  }
  return sample;
}

}  // namespace rdenoise
