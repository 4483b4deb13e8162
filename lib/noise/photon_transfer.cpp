// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/photon_transfer.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace rdenoise {
namespace {

/// Some rows of a channel as signal.
class RowBand {
 public:
  RowBand(int width_px, int height_px)
      : width_px_(width_px), height_px_(height_px), samples_(static_cast<std::size_t>(width_px) * height_px) {}

  void read(const ConstChannelView& channel, int first_row_px) {
    for (int y = 0; y < height_px_; ++y) {
      const std::size_t begin = static_cast<std::size_t>(y) * width_px_;
      read_row(channel, first_row_px + y, 0, std::span(samples_).subspan(begin, static_cast<std::size_t>(width_px_)));
    }
  }
  [[nodiscard]] double at(int x_px, int y_px) const noexcept {
    return samples_[static_cast<std::size_t>(y_px) * width_px_ + x_px];
  }

 private:
  int width_px_;
  int height_px_;
  std::vector<float> samples_;
};

/// Sums over the patch that begins at column x0.
struct PatchSums {
  double sum = 0.0;
  double least = std::numeric_limits<double>::infinity();
  double most = -std::numeric_limits<double>::infinity();
};

PatchSums patch_sums(const RowBand& band, int x0_px, int size_px) {
  PatchSums sums;
  for (int y = 0; y < size_px; ++y) {
    for (int x = x0_px; x < x0_px + size_px; ++x) {
      const double sample = band.at(x, y);
      sums.sum += sample;
      sums.least = std::min(sums.least, sample);
      sums.most = std::max(sums.most, sample);
    }
  }
  return sums;
}

/// True if the patch can be used; else counts why not.
bool is_usable(const PatchSums& patch, const PatchBounds& bounds, UnusablePatches& unusable) {
  if (!std::isfinite(patch.sum)) {
    ++unusable.not_finite;
  } else if (patch.least <= bounds.low || patch.most >= bounds.high) {
    ++unusable.clipped;
  } else {
    return true;
  }
  return false;
}

void add_point(const PhotonTransferPoint& point, PhotonTransferCurve& curve) {
  if (point.variance > 0.0) {
    curve.points.push_back(point);
  } else {
    ++curve.unusable.constant;
  }
}

/// Sum of squares behind the 3×3 filter (1 −2 1)ᵀ(1 −2 1), whose gain for white noise is 36.
double second_difference_energy(const RowBand& band, int x0_px, int size_px) {
  double energy = 0.0;
  const auto across = [&](int x, int y) { return band.at(x - 1, y) - 2.0 * band.at(x, y) + band.at(x + 1, y); };
  for (int y = 1; y < size_px - 1; ++y) {
    for (int x = x0_px + 1; x < x0_px + size_px - 1; ++x) {
      const double value = across(x, y - 1) - 2.0 * across(x, y) + across(x, y + 1);
      energy += value * value;
    }
  }
  return energy;
}

}  // namespace

PatchBounds patch_bounds(const ConstChannelView& channel, ColorModel color_model) {
  const bool is_float = channel.sample.type == SampleType::f32;
  const double step =
      is_float ? 0.0 : 1.0 / std::max(1e-6, static_cast<double>(channel.levels.white_dn) - channel.levels.black_dn);
  const double stored_low = is_float ? -std::numeric_limits<double>::infinity() : -channel.levels.black_dn * step;
  const double stored_high = is_float ? std::numeric_limits<double>::infinity()
                                      : (std::exp2(channel.sample.bit_depth) - 1 - channel.levels.black_dn) * step;
  // Half a step inwards, so that rounding does not let a cut-off sample pass.
  if (color_model == ColorModel::bayer) return {stored_low + 0.5 * step, std::min(1.0, stored_high) - 0.5 * step};
  double least = 0.0;
  double most = 1.0;
  std::vector<float> row(static_cast<std::size_t>(channel.width_px));
  for (int y = 0; y < channel.height_px; ++y) {
    read_row(channel, y, 0, row);
    for (const float sample : row) {
      least = std::min(least, static_cast<double>(sample));
      most = std::max(most, static_cast<double>(sample));
    }
  }
  const bool goes_below = least < -0.5 * step;
  const bool goes_above = most > 1.0 + 0.5 * step;
  return {(goes_below ? stored_low : 0.0) + 0.5 * step, (goes_above ? stored_high : 1.0) - 0.5 * step};
}

void measure_pair(const ConstChannelView& first, const ConstChannelView& second, const PatchBounds& bounds,
                  int patch_size_px, PhotonTransferCurve& curve) {
  RowBand one(first.width_px, patch_size_px);
  RowBand other(first.width_px, patch_size_px);
  const double count = static_cast<double>(patch_size_px) * patch_size_px;
  for (int y0 = 0; y0 + patch_size_px <= first.height_px; y0 += patch_size_px) {
    one.read(first, y0);
    other.read(second, y0);
    for (int x0 = 0; x0 + patch_size_px <= first.width_px; x0 += patch_size_px) {
      const PatchSums a = patch_sums(one, x0, patch_size_px);
      const PatchSums b = patch_sums(other, x0, patch_size_px);
      const PatchSums both{a.sum + b.sum, std::min(a.least, b.least), std::max(a.most, b.most)};
      if (!is_usable(both, bounds, curve.unusable)) continue;
      const double mean_difference = (a.sum - b.sum) / count;
      double squares = 0.0;
      for (int y = 0; y < patch_size_px; ++y) {
        for (int x = x0; x < x0 + patch_size_px; ++x) {
          const double deviation = one.at(x, y) - other.at(x, y) - mean_difference;
          squares += deviation * deviation;
        }
      }
      const bool is_constant = a.least == a.most && b.least == b.most;
      add_point({0.5 * both.sum / count, is_constant ? 0.0 : 0.5 * squares / (count - 1.0), count - 1.0}, curve);
    }
  }
}

void measure_single(const ConstChannelView& channel, const PatchBounds& bounds, int patch_size_px,
                    PhotonTransferCurve& curve) {
  constexpr double filter_gain = 36.0;
  // Neighbouring outputs are correlated: by −2/3 and 1/6 at distance 1 and 2 along each axis. The variance of their
  // mean square grows by the sum of the squared correlations, (1 + 2·(4/9 + 1/36))².
  constexpr double correlation_loss = (1.0 + 2.0 * (4.0 / 9.0 + 1.0 / 36.0)) * (1.0 + 2.0 * (4.0 / 9.0 + 1.0 / 36.0));
  RowBand band(channel.width_px, patch_size_px);
  const double count = static_cast<double>(patch_size_px) * patch_size_px;
  const double output_count = static_cast<double>(patch_size_px - 2) * (patch_size_px - 2);
  for (int y0 = 0; y0 + patch_size_px <= channel.height_px; y0 += patch_size_px) {
    band.read(channel, y0);
    for (int x0 = 0; x0 + patch_size_px <= channel.width_px; x0 += patch_size_px) {
      const PatchSums patch = patch_sums(band, x0, patch_size_px);
      if (!is_usable(patch, bounds, curve.unusable)) continue;
      const double energy = patch.least == patch.most ? 0.0 : second_difference_energy(band, x0, patch_size_px);
      add_point({patch.sum / count, energy / (filter_gain * output_count), output_count / correlation_loss}, curve);
    }
  }
}

}  // namespace rdenoise
