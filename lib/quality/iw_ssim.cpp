// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <numeric>
#include <rdenoise/quality.hpp>

#include "quality/information_weights.hpp"
#include "quality/laplacian_pyramid.hpp"
#include "quality/same_shape.hpp"
#include "quality/ssim_means.hpp"
#include "quality/ssim_scales.hpp"

namespace rdenoise {

std::optional<double> iw_ssim(const Image& reference, const Image& test) {
  require_same_shape(reference, test);
  if (std::min(reference.width_px(), reference.height_px()) < ssim_scales_min_side_px) return std::nullopt;
  constexpr std::size_t scale_count = ssim_scale_weights.size();
  const std::vector<DoublePlane> a = laplacian_pyramid(luma(reference).view(), scale_count);
  const std::vector<DoublePlane> b = laplacian_pyramid(luma(test).view(), scale_count);
  // Unlike those of MS-SSIM, the authors' code divides the published weights by their sum of 1.0001.
  const double weight_sum = std::accumulate(ssim_scale_weights.begin(), ssim_scale_weights.end(), 0.0);
  double product = 1.0;
  for (std::size_t scale = 0; scale < scale_count; ++scale) {
    const bool is_coarsest = scale + 1 == scale_count;
    std::vector<double> weights;
    if (!is_coarsest) {
      // The low-pass rest is no parent.
      const bool has_parent = scale + 2 < scale_count;
      const DoublePlaneView parent = a[scale + 1].view();
      weights = information_weights(a[scale].view(), b[scale].view(), has_parent ? &parent : nullptr);
    }
    const SsimMeans means = ssim_means(a[scale].view(), b[scale].view(), weights);
    product *=
        ssim_scale_factor(is_coarsest ? means.ssim : means.contrast_structure, ssim_scale_weights[scale] / weight_sum);
  }
  return product;
}

}  // namespace rdenoise
