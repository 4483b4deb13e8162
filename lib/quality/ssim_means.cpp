// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quality/ssim_means.hpp"

#include <cmath>
#include <rdenoise/parallel.hpp>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

enum Moment { reference_sum, test_sum, reference_squares, test_squares, products, moment_count };

/// One row of locally weighted sums; double, because variances are small differences of large sums.
using MomentRow = std::array<std::vector<double>, moment_count>;

using Window = std::array<double, ssim_window_px>;

/// Adds the row's products from one place of the window.
RDENOISE_VECTOR_CLONES
void add_products(const double* reference, const double* test, double weight, std::size_t count, MomentRow& dst) {
  double* sum_a = dst[reference_sum].data();
  double* sum_b = dst[test_sum].data();
  double* sum_aa = dst[reference_squares].data();
  double* sum_bb = dst[test_squares].data();
  double* sum_ab = dst[products].data();
  for (std::size_t x = 0; x < count; ++x) {
    const double a = weight * reference[x];
    const double b = weight * test[x];
    sum_a[x] += a;
    sum_b[x] += b;
    sum_aa[x] += a * reference[x];
    sum_bb[x] += b * test[x];
    sum_ab[x] += a * test[x];
  }
}

/// Weighted sums along the row, windows inside it only.
template <typename Sample>
void filter_row(std::span<const Sample> reference, std::span<const Sample> test, const Window& window, MomentRow& dst) {
  const std::size_t valid_px = reference.size() - ssim_window_px + 1;
  for (auto& moment : dst) moment.assign(valid_px, 0.0);
  const std::vector<double> a(reference.begin(), reference.end());
  const std::vector<double> b(test.begin(), test.end());
  for (int tap = 0; tap < ssim_window_px; ++tap) add_products(&a[tap], &b[tap], window[tap], valid_px, dst);
}

RDENOISE_VECTOR_CLONES
void add_weighted_row(const std::vector<double>& row, double weight, std::vector<double>& sums) {
  for (std::size_t x = 0; x < sums.size(); ++x) sums[x] += weight * row[x];
}

/// Sums over the windows of a row.
struct RowSums {
  SsimMeans weighted{};
  double weight = 0.0;
  SsimMeans plain{};
};

RowSums sums_of_windows(const MomentRow& moments, std::span<const double> weights) {
  RowSums sums;
  for (std::size_t x = 0; x < moments[0].size(); ++x) {
    const double mean_a = moments[reference_sum][x];
    const double mean_b = moments[test_sum][x];
    const double variance_a = moments[reference_squares][x] - mean_a * mean_a;
    const double variance_b = moments[test_squares][x] - mean_b * mean_b;
    const double covariance = moments[products][x] - mean_a * mean_b;
    const double luminance = (2.0 * mean_a * mean_b + ssim_c1) / (mean_a * mean_a + mean_b * mean_b + ssim_c1);
    const double contrast_structure = (2.0 * covariance + ssim_c2) / (variance_a + variance_b + ssim_c2);
    sums.plain.ssim += luminance * contrast_structure;
    sums.plain.contrast_structure += contrast_structure;
    if (weights.empty()) continue;
    sums.weight += weights[x];
    sums.weighted.ssim += weights[x] * luminance * contrast_structure;
    sums.weighted.contrast_structure += weights[x] * contrast_structure;
  }
  return sums;
}

/// The windows of rows begin … end − 1. The last eleven filtered rows are kept, so memory does not grow with the
/// picture.
template <typename Sample>
void measure_rows(const BasicPlaneView<Sample>& reference, const BasicPlaneView<Sample>& test,
                  std::span<const double> weights, int begin, int end, std::span<RowSums> row_sums) {
  const Window window = ssim_window();
  std::array<MomentRow, ssim_window_px> ring;
  const std::size_t valid_width_px = reference.width_px - ssim_window_px + 1;
  MomentRow moments;
  for (int y = begin; y < end + ssim_window_px - 1; ++y) {
    filter_row(reference.row(y), test.row(y), window, ring[y % ssim_window_px]);
    const int first_y = y - ssim_window_px + 1;
    if (first_y < begin) continue;
    for (int m = 0; m < moment_count; ++m) {
      moments[m].assign(valid_width_px, 0.0);
      for (int tap = 0; tap < ssim_window_px; ++tap) {
        add_weighted_row(ring[(first_y + tap) % ssim_window_px][m], window[tap], moments[m]);
      }
    }
    const auto row_weights = weights.empty() ? weights : weights.subspan(first_y * valid_width_px, valid_width_px);
    row_sums[first_y] = sums_of_windows(moments, row_weights);
  }
}

template <typename Sample>
SsimMeans measured(const BasicPlaneView<Sample>& reference, const BasicPlaneView<Sample>& test,
                   std::span<const double> weights) {
  constexpr int least_rows = 32;
  const int valid_height_px = reference.height_px - ssim_window_px + 1;
  // By rows, and these added in order: the sum does not depend on the number of threads.
  std::vector<RowSums> row_sums(valid_height_px);
  parallel_bands(valid_height_px, least_rows, 0,
                 [&](int begin, int end) { measure_rows(reference, test, weights, begin, end, row_sums); });
  RowSums sums;
  for (const RowSums& row : row_sums) {
    sums.plain.ssim += row.plain.ssim;
    sums.plain.contrast_structure += row.plain.contrast_structure;
    sums.weighted.ssim += row.weighted.ssim;
    sums.weighted.contrast_structure += row.weighted.contrast_structure;
    sums.weight += row.weight;
  }
  if (sums.weight > 0.0) return {sums.weighted.ssim / sums.weight, sums.weighted.contrast_structure / sums.weight};
  const double count = static_cast<double>(reference.width_px - ssim_window_px + 1) * valid_height_px;
  return {sums.plain.ssim / count, sums.plain.contrast_structure / count};
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

SsimMeans ssim_means(const PlaneView& reference, const PlaneView& test, std::span<const double> weights) {
  return measured(reference, test, weights);
}

SsimMeans ssim_means(const DoublePlaneView& reference, const DoublePlaneView& test, std::span<const double> weights) {
  return measured(reference, test, weights);
}

}  // namespace rdenoise
