// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/demosaic_probe.hpp"

#include <algorithm>
#include <cmath>

namespace rdenoise {
namespace {

using SiteCovariances = std::array<DemosaicNoise::Covariance, 4>;

Image random_mosaic(int size_px, std::uint32_t stream) {
  Image mosaic(ColorModel::bayer, size_px, size_px);
  for (std::size_t i = 0; i < mosaic.samples().size(); ++i) {
    mosaic.samples()[i] = static_cast<float>(0.2 + 0.3 * random_uniform({1, stream}, i));
  }
  return mosaic;
}

void add_products(const Image& rgb, int begin_px, int end_px, SiteCovariances& sums) {
  for (int y = begin_px; y < end_px; ++y) {
    for (int x = begin_px; x < end_px; ++x) {
      DemosaicNoise::Covariance& sum = sums[2 * (y & 1) + (x & 1)];
      for (int i = 0; i < 3; ++i) {
        for (int j = 0; j < 3; ++j) sum[3 * i + j] += static_cast<double>(rgb.at(i, x, y)) * rgb.at(j, x, y);
      }
    }
  }
}

/// Covariances of the picture of a flat field with noise, by site; the noise of one colour is scaled.
SiteCovariances noise_covariances(const Demosaicer& demosaicer, int scaled_color, float scale) {
  constexpr int size_px = 256;
  constexpr int border_px = 8;
  constexpr float level = 0.5F;
  constexpr float sigma = 0.02F;
  Image mosaic(ColorModel::bayer, size_px, size_px);
  add_noise(mosaic.samples(), mosaic.samples(), {0.0, sigma * sigma, {}}, {2, 0});
  for (int y = 0; y < size_px; ++y) {
    for (int x = 0; x < size_px; ++x) {
      const float factor = cfa_color_at(CfaPattern::rggb, x, y) == scaled_color ? scale : 1.F;
      mosaic.at(0, x, y) = level + factor * mosaic.at(0, x, y);
    }
  }
  Image rgb = demosaicer(mosaic);
  for (float& sample : rgb.samples()) sample = (sample - level) / sigma;
  SiteCovariances covariances{};
  add_products(rgb, border_px, size_px - border_px, covariances);
  constexpr double site_count = 0.25 * (size_px - 2 * border_px) * (size_px - 2 * border_px);
  for (auto& covariance : covariances) {
    for (double& value : covariance) value /= site_count;
  }
  return covariances;
}

}  // namespace

bool is_linear(const Demosaicer& demosaicer) {
  constexpr int size_px = 32;
  const Image one = random_mosaic(size_px, 0);
  const Image other = random_mosaic(size_px, 1);
  Image sum = one;
  for (std::size_t i = 0; i < sum.samples().size(); ++i) sum.samples()[i] += other.samples()[i];
  const Image rgb_one = demosaicer(one);
  const Image rgb_other = demosaicer(other);
  const Image rgb_sum = demosaicer(sum);
  float worst = 0.F;
  for (std::size_t i = 0; i < rgb_sum.samples().size(); ++i) {
    worst = std::max(worst, std::abs(rgb_sum.samples()[i] - rgb_one.samples()[i] - rgb_other.samples()[i]));
  }
  return worst < 1e-5F;  // rounding of sums of about ten products near 1
}

DemosaicNoise probe_by_impulses(const Demosaicer& demosaicer) {
  constexpr int size_px = 32;
  DemosaicNoise noise;
  for (int site = 0; site < 4; ++site) {
    const int x = size_px / 2 + site % 2;
    const int y = size_px / 2 + site / 2;
    Image mosaic(ColorModel::bayer, size_px, size_px);
    mosaic.at(0, x, y) = 1.F;
    SiteCovariances products{};
    add_products(demosaicer(mosaic), 0, size_px, products);
    const int color = cfa_color_at(CfaPattern::rggb, x, y);
    for (int seen_at = 0; seen_at < 4; ++seen_at) {
      for (int i = 0; i < 9; ++i) noise.covariance_gain[seen_at][color][i] += products[seen_at][i];
    }
  }
  return noise;
}

DemosaicNoise probe_by_noise(const Demosaicer& demosaicer) {
  constexpr float scale = 1.1F;
  constexpr double added_variance = scale * scale - 1.0;
  DemosaicNoise noise;
  const SiteCovariances equal = noise_covariances(demosaicer, 0, 1.F);
  for (int color = 0; color < 3; ++color) {
    // The same draws as before, so the difference has no noise of its own to speak of.
    const SiteCovariances scaled = noise_covariances(demosaicer, color, scale);
    for (int site = 0; site < 4; ++site) {
      for (int i = 0; i < 9; ++i) {
        noise.covariance_gain[site][color][i] = (scaled[site][i] - equal[site][i]) / added_variance;
      }
    }
  }
  return noise;
}

}  // namespace rdenoise
