// SPDX-License-Identifier: LGPL-2.1-or-later
// How well the waves of all scales agree in phase at each pixel: near 1 at edges and lines of any contrast.
#pragma once

#include <vector>

#include "quality/fourier_transform.hpp"
#include "quality/log_gabor.hpp"
#include "quality/plane.hpp"

namespace rdenoise {

/// The measure PC_2 of Kovesi, "Image features from phase congruency", Videre 1(3), 1999, summed over orientations,
/// with noise compensation. One object serves pictures of one size.
class PhaseCongruency {
 public:
  PhaseCongruency(int width_px, int height_px);

  /// 0 … 1 for each pixel, [height, width]; 0 where the picture has no waves at all. The picture counts as periodic.
  /// Does not depend on the mean, and hardly on the contrast.
  [[nodiscard]] std::vector<double> of(const PlaneView& plane) const;

 private:
  FourierTransform2d transform_;
  LogGaborBank bank_;
};

}  // namespace rdenoise
