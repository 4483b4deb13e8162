// SPDX-License-Identifier: LGPL-2.1-or-later
// Variance stabilisation: signal-dependent noise becomes white noise, and back without bias. It lets a denoiser for
// white noise work on RAW and on anything else that has a noise model.
#pragma once

#include <memory>
#include <rdenoise/noise.hpp>
#include <span>

namespace rdenoise {

enum class StabilisedScale {
  unit_sigma,  ///< noise of σ = 1; black is 0
  unit_signal  ///< black is 0 and white is 1, as networks expect it; the noise has the σ that sigma() tells
};

/// The generalised Anscombe transform of variance(x) = a·x + b, shifted so that black stays 0:
/// T(x) = (2/a)·(√(a·x + c) − √c) with c = ⅜·a² + b, and its exact unbiased inverse, y with E[T(noisy y)] = s.
/// A pure Gaussian (a → 0) is scaled only; b = 0 is pure Poisson noise.
/// Below E[T(noisy black)] the inverse goes on as a straight line: a denoiser's remaining noise around black stays
/// centred there, where a clipped one would be lifted.
/// Source: Mäkitalo and Foi, "Optimal inversion of the generalized Anscombe transformation for Poisson-Gaussian noise",
/// IEEE TIP 2013.
///
/// A model with a level function v(x) has T(x) = ∫ dx/√v, and an inverse unbiased to second order in the noise.
/// Variance below 10⁻²⁴ counts as none, and the signal then passes unchanged with σ = 0.
class VarianceStabiliser {
 public:
  /// throws  Error{invalid_argument} if a or b is not finite, or a above 10⁶
  explicit VarianceStabiliser(const NoiseModel& noise, StabilisedScale scale = StabilisedScale::unit_sigma);

  /// σ of the noise after stabilisation; below a few photons it is less.
  [[nodiscard]] double sigma() const noexcept;

  /// Noisy normalised signal to stabilised values, in place. Nothing is clipped but what lies below the transform's
  /// domain, several σ below black.
  void stabilise(std::span<float> row) const noexcept;

  /// Denoised stabilised values, so expectations, to normalised signal, in place.
  void restore(std::span<float> row) const noexcept;

  /// The plain inverse of stabilise, for values that still carry their noise.
  void invert(std::span<float> row) const noexcept;

  struct Transform;

 private:
  std::shared_ptr<const Transform> transform_;
  float scale_ = 1.F;  ///< stabilised value = scale · value of unit σ
  double sigma_ = 1.0;
};

}  // namespace rdenoise
