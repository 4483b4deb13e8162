// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <rdenoise/quality.hpp>

#include "quality/same_shape.hpp"
#include "quality/ssim_means.hpp"

namespace rdenoise {

std::optional<double> ssim(const Image& reference, const Image& test) {
  require_same_shape(reference, test);
  if (std::min(reference.width_px(), reference.height_px()) < ssim_window_px) return std::nullopt;
  double sum = 0.0;
  for (int c = 0; c < reference.plane_count(); ++c) {
    sum += ssim_means(plane_view(reference, c), plane_view(test, c)).ssim;
  }
  return sum / reference.plane_count();
}

}  // namespace rdenoise
