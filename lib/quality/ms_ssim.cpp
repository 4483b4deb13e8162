// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <rdenoise/quality.hpp>

#include "quality/same_shape.hpp"
#include "quality/ssim_means.hpp"
#include "quality/ssim_scales.hpp"

namespace rdenoise {

std::optional<double> ms_ssim(const Image& reference, const Image& test) {
  require_same_shape(reference, test);
  if (std::min(reference.width_px(), reference.height_px()) < ssim_scales_min_side_px) return std::nullopt;
  Plane a = luma(reference);
  Plane b = luma(test);
  double product = 1.0;
  for (std::size_t scale = 0; scale < ssim_scale_weights.size(); ++scale) {
    if (scale > 0) {
      a = halved(a.view(), BeyondBorder::repeated);
      b = halved(b.view(), BeyondBorder::repeated);
    }
    const SsimMeans means = ssim_means(a.view(), b.view());
    // Luminance counts at the coarsest scale only.
    const bool coarsest = scale + 1 == ssim_scale_weights.size();
    product *= ssim_scale_factor(coarsest ? means.ssim : means.contrast_structure, ssim_scale_weights[scale]);
  }
  return product;
}

}  // namespace rdenoise
