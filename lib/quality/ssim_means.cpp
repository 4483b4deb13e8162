// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quality/ssim_means.hpp"

#include <cmath>

namespace rdenoise {
namespace {

enum Moment { reference_sum, test_sum, reference_squares, test_squares, products, moment_count };

/// One row of locally weighted sums; double, because variances are small differences of large sums.
using MomentRow = std::array<std::vector<double>, moment_count>;

using Window = std::array<double, ssim_window_px>;

/// Weighted sums along the row, windows inside it only.
void filter_row(std::span<const float> reference, std::span<const float> test, const Window& window, MomentRow& dst) {
  const std::size_t valid_px = reference.size() - ssim_window_px + 1;
  for (auto& moment : dst) moment.assign(valid_px, 0.0);
  for (int tap = 0; tap < ssim_window_px; ++tap) {
    const double weight = window[tap];
    for (std::size_t x = 0; x < valid_px; ++x) {
      const double a = reference[x + tap];
      const double b = test[x + tap];
      dst[reference_sum][x] += weight * a;
      dst[test_sum][x] += weight * b;
      dst[reference_squares][x] += weight * a * a;
      dst[test_squares][x] += weight * b * b;
      dst[products][x] += weight * a * b;
    }
  }
}

/// Adds the SSIM of each window of one row of windows to the sums.
void add_windows(const MomentRow& moments, SsimMeans& sums) {
  for (std::size_t x = 0; x < moments[0].size(); ++x) {
    const double mean_a = moments[reference_sum][x];
    const double mean_b = moments[test_sum][x];
    const double variance_a = moments[reference_squares][x] - mean_a * mean_a;
    const double variance_b = moments[test_squares][x] - mean_b * mean_b;
    const double covariance = moments[products][x] - mean_a * mean_b;
    const double luminance = (2.0 * mean_a * mean_b + ssim_c1) / (mean_a * mean_a + mean_b * mean_b + ssim_c1);
    const double contrast_structure = (2.0 * covariance + ssim_c2) / (variance_a + variance_b + ssim_c2);
    sums.ssim += luminance * contrast_structure;
    sums.contrast_structure += contrast_structure;
  }
}

}  // namespace

std::array<double, ssim_window_px> ssim_window() noexcept {
  Window window{};
  double sum = 0.0;
  for (int i = 0; i < ssim_window_px; ++i) {
    const double distance_px = i - ssim_window_px / 2;
    window[i] = std::exp(-distance_px * distance_px / (2.0 * ssim_window_sigma_px * ssim_window_sigma_px));
    sum += window[i];
  }
  for (double& weight : window) weight /= sum;
  return window;
}

SsimMeans ssim_means(const PlaneView& reference, const PlaneView& test) {
  const Window window = ssim_window();
  // The last eleven filtered rows, so that memory does not grow with the picture.
  std::array<MomentRow, ssim_window_px> ring;
  const std::size_t valid_width_px = reference.width_px - ssim_window_px + 1;
  const int valid_height_px = reference.height_px - ssim_window_px + 1;
  MomentRow moments;
  SsimMeans sums{};
  for (int y = 0; y < reference.height_px; ++y) {
    filter_row(reference.row(y), test.row(y), window, ring[y % ssim_window_px]);
    const int first_y = y - ssim_window_px + 1;
    if (first_y < 0) continue;
    for (int m = 0; m < moment_count; ++m) {
      moments[m].assign(valid_width_px, 0.0);
      for (int tap = 0; tap < ssim_window_px; ++tap) {
        const double weight = window[tap];
        const std::vector<double>& row = ring[(first_y + tap) % ssim_window_px][m];
        for (std::size_t x = 0; x < valid_width_px; ++x) moments[m][x] += weight * row[x];
      }
    }
    add_windows(moments, sums);
  }
  const double count = static_cast<double>(valid_width_px) * valid_height_px;
  return {sums.ssim / count, sums.contrast_structure / count};
}

}  // namespace rdenoise
