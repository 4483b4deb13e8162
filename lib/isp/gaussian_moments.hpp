// SPDX-License-Identifier: LGPL-2.1-or-later
// Moments of a function of a Gaussian variable.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace rdenoise {

struct FirstTwoMoments {
  double mean = 0.0;
  double mean_square = 0.0;

  [[nodiscard]] double variance() const noexcept { return std::max(0.0, mean_square - mean * mean); }
};

/// Equally spaced nodes with the normal density as weight. Not Gauss-Hermite: the functions here have kinks (clipping,
/// the foot of a tone curve), which a rule of high degree sees by chance only. For a kink the error is that of the
/// trapezoid, (step²/12)·density·change of slope: below 0.2 % of σ.
class NormalNodes {
 public:
  static constexpr int count = 64;
  static constexpr double reach = 4.5;  ///< in σ; beyond it lies less than 1e-5 of a Gaussian

  NormalNodes() noexcept {
    double weight_sum = 0.0;
    double square_sum = 0.0;
    for (int i = 0; i < count; ++i) {
      z_[i] = reach * ((2.0 * i + 1.0) / count - 1.0);
      weight_[i] = std::exp(-0.5 * z_[i] * z_[i]);
      weight_sum += weight_[i];
      square_sum += weight_[i] * z_[i] * z_[i];
    }
    // The cut tails are made up for: variance 1 exactly.
    for (double& z : z_) z *= std::sqrt(weight_sum / square_sum);
    for (double& weight : weight_) weight /= weight_sum;
  }

  /// E[f(u)] and E[f(u)²] for u of the given mean and σ. f takes and gives double.
  template <typename Function>
  [[nodiscard]] FirstTwoMoments moments(double mean, double sigma, const Function& f) const {
    FirstTwoMoments sum;
    for (int i = 0; i < count; ++i) {
      const double y = f(mean + sigma * z_[i]);
      sum.mean += weight_[i] * y;
      sum.mean_square += weight_[i] * y * y;
    }
    return sum;
  }

 private:
  std::array<double, count> z_{};
  std::array<double, count> weight_{};
};

/// E[f(u)] and E[f(u)²] for a Gaussian u.
template <typename Function>
[[nodiscard]] FirstTwoMoments gaussian_moments(double mean, double sigma, const Function& f) {
  static const NormalNodes nodes;
  return nodes.moments(mean, sigma, f);
}

}  // namespace rdenoise
