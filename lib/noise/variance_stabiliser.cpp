// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/variance_stabilisation.hpp>
#include <string>

#include "noise/stabilising_transform.hpp"

namespace rdenoise {
namespace {

// A σ of 10⁻¹² is far below the rounding of a float.
constexpr double least_variance = 1e-24;
constexpr double greatest_slope = 1e6;

void check(const NoiseModel& noise) {
  if (!std::isfinite(noise.a) || !std::isfinite(noise.b) || noise.a > greatest_slope) {
    throw Error(ErrorCode::invalid_argument,
                "stabilising variance: expected finite a and b, a of at most 1e6, found a " + std::to_string(noise.a) +
                    ", b " + std::to_string(noise.b));
  }
}

std::shared_ptr<const VarianceStabiliser::Transform> make_transform(const NoiseModel& noise) {
  check(noise);
  if (noise.level_function) {
    const auto& levels = noise.level_function->variance;
    if (!std::ranges::all_of(levels, [](float v) { return std::isfinite(v); }))
      throw Error(ErrorCode::invalid_argument, "stabilising variance: expected a finite level function, found another");
    if (*std::ranges::max_element(levels) < least_variance) return nullptr;
    return make_level_transform(*noise.level_function);
  }
  // Noise that falls with the signal has no photons: the variance at half the range is as good as any.
  const double a = std::max(noise.a, 0.0);
  const double b = noise.a >= 0.0 ? std::max(noise.b, 0.0) : noise.variance(0.5);
  if (a + b < least_variance) return nullptr;
  return make_anscombe_transform(a, b);
}

}  // namespace

VarianceStabiliser::VarianceStabiliser(const NoiseModel& noise, StabilisedScale scale)
    : transform_(make_transform(noise)) {
  if (!transform_) {
    sigma_ = 0.0;
    return;
  }
  if (scale == StabilisedScale::unit_sigma) return;
  float white = 1.F;
  transform_->stabilise({&white, 1}, 1.F);
  scale_ = 1.F / white;
  sigma_ = scale_;
}

double VarianceStabiliser::sigma() const noexcept { return sigma_; }

void VarianceStabiliser::stabilise(std::span<float> row) const noexcept {
  if (transform_) transform_->stabilise(row, scale_);
}

void VarianceStabiliser::restore(std::span<float> row) const noexcept {
  if (transform_) transform_->restore(row, scale_);
}

void VarianceStabiliser::invert(std::span<float> row) const noexcept {
  if (transform_) transform_->invert(row, scale_);
}

}  // namespace rdenoise
