// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <rdenoise/quality.hpp>

#include "quality/same_shape.hpp"
#include "quality/ssim_means.hpp"

namespace rdenoise {
namespace {

/// Section 3.2 of the paper, finest scale first.
constexpr std::array<double, 5> scale_weights = {0.0448, 0.2856, 0.3001, 0.2363, 0.1333};
constexpr int min_side_px = ssim_window_px << (scale_weights.size() - 1);

}  // namespace

std::optional<double> ms_ssim(const Image& reference, const Image& test) {
  require_same_shape(reference, test);
  if (std::min(reference.width_px(), reference.height_px()) < min_side_px) return std::nullopt;
  Plane a = luma(reference);
  Plane b = luma(test);
  double product = 1.0;
  for (std::size_t scale = 0; scale < scale_weights.size(); ++scale) {
    if (scale > 0) {
      a = halved(a.view(), BeyondBorder::repeated);
      b = halved(b.view(), BeyondBorder::repeated);
    }
    const SsimMeans means = ssim_means(a.view(), b.view());
    // Luminance counts at the coarsest scale only. Pictures that contradict each other have a negative mean, which has
    // no such power: they count as unlike.
    const bool coarsest = scale + 1 == scale_weights.size();
    product *= std::pow(std::max(0.0, coarsest ? means.ssim : means.contrast_structure), scale_weights[scale]);
  }
  return product;
}

}  // namespace rdenoise
