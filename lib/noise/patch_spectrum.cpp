// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/patch_spectrum.hpp"

#include <algorithm>
#include <cmath>

#include "base/vector_clones.hpp"
#include "noise/dct_lanes.hpp"

namespace rdenoise {
namespace {

constexpr int n = spectrum_patch_px;
using Block = std::array<float, n * n>;

// Coefficients [v][u] of the patches [y][x], in place.
RDENOISE_VECTOR_CLONES
void transform(PatchBatch<n>& batch, const Block& basis) {
  for (int x = 0; x < n; ++x) {
    Lanes column[n];
    for (int y = 0; y < n; ++y) column[y] = batch.pixel[y * n + x];
    for (int v = 0; v < n; ++v) {
      Lanes sum = basis[v * n] * column[0];
      for (int y = 1; y < n; ++y) sum += basis[v * n + y] * column[y];
      batch.pixel[v * n + x] = sum;
    }
  }
  for (int v = 0; v < n; ++v) {
    Lanes row[n];
    for (int x = 0; x < n; ++x) row[x] = batch.pixel[v * n + x];
    for (int u = 0; u < n; ++u) {
      Lanes sum = basis[u * n] * row[0];
      for (int x = 1; x < n; ++x) sum += basis[u * n + x] * row[x];
      batch.pixel[v * n + u] = sum;
    }
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

// The patches of one channel, in the order they come.
class SpectrumCollector {
 public:
  explicit SpectrumCollector(std::vector<PatchSpectrum>& spectra) : spectra_(spectra) {}

  void add(const Block& pixels) {
    const auto [darkest, brightest] = std::ranges::minmax(pixels);
    constant_[count_] = darkest == brightest;
    for (int i = 0; i < n * n; ++i) batch_.pixel[i][count_] = pixels[i];
    if (++count_ == lane_count) flush();
  }

  void flush() {
    static const Block basis = make_dct_basis<n>();
    static const std::array<Place, n* n> places = make_places();
    transform(batch_, basis);
    std::array<std::array<Lanes, band_count>, 2> energy{};
    for (int i = 0; i < n * n; ++i) energy[places[i].half][places[i].band] += batch_.pixel[i] * batch_.pixel[i];
    for (int k = 0; k < count_; ++k) {
      PatchSpectrum& spectrum = spectra_.emplace_back();
      spectrum.is_constant = constant_[k];
      spectrum.mean = batch_.pixel[0][k] / n;
      for (int half = 0; half < 2; ++half) {
        for (int band = 0; band < band_count; ++band) spectrum.energy[half][band] = energy[half][band][k];
      }
    }
    count_ = 0;
  }

 private:
  std::vector<PatchSpectrum>& spectra_;
  PatchBatch<n> batch_{};
  std::array<bool, lane_count> constant_{};
  int count_ = 0;
};

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
  std::vector<SpectrumCollector> collectors;
  for (auto& spectra : sample.channels) collectors.emplace_back(spectra);
  std::vector<Block> pixels(channels.size());
  for (int y = 0; y + n <= first.height_px; y += step_px) {
    for (int x = 0; x + n <= first.width_px; x += step_px) {
      bool finite = true;
      for (std::size_t c = 0; c < channels.size() && finite; ++c) {
        for (int row = 0; row < n; ++row) {
          read_row(channels[c], y + row, x, std::span(pixels[c]).subspan(static_cast<std::size_t>(row) * n, n));
        }
        finite = std::ranges::all_of(pixels[c], [](float value) { return std::isfinite(value); });
      }
      for (std::size_t c = 0; c < channels.size() && finite; ++c) collectors[c].add(pixels[c]);
    }
  }
  for (SpectrumCollector& collector : collectors) collector.flush();
  return sample;
}

}  // namespace rdenoise
