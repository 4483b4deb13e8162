// SPDX-License-Identifier: LGPL-2.1-or-later
// The mean of the generalised Anscombe transform, by numerical integration, in photons.
#pragma once

#include <vector>

namespace rdenoise {

/// E f(z), f(z) = 2·√max(z + ⅜ + σ², 0), of z = (Poisson number of mean y) + (normal number of deviation σ).
/// Source: Mäkitalo and Foi, IEEE TIP 2013, eq. 6 and 7.
class AnscombeMean {
 public:
  /// read_sigma         σ ≥ 0, in photons
  /// greatest_photons   y goes from 0 to here, < 500
  AnscombeMean(double read_sigma, double greatest_photons);

  struct Value {
    double mean;
    double slope;  ///< its derivative by y
  };
  [[nodiscard]] Value operator()(double photons) const;

 private:
  std::vector<double> mean_at_count_;  ///< E f(k + σ·normal) for each count k
};

}  // namespace rdenoise
