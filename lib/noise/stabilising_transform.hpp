// SPDX-License-Identifier: LGPL-2.1-or-later
// What a variance stabiliser computes, in units of σ = 1.
#pragma once

#include <memory>
#include <rdenoise/variance_stabilisation.hpp>
#include <span>

namespace rdenoise {

struct VarianceStabiliser::Transform {
  virtual ~Transform() = default;
  /// Signal to scale · stabilised value, in place.
  virtual void stabilise(std::span<float> row, float scale) const noexcept = 0;
  /// Mean of stabilised values, times scale, to signal.
  virtual void restore(std::span<float> row, float scale) const noexcept = 0;
  virtual void invert(std::span<float> row, float scale) const noexcept = 0;
};

/// Of variance a·x + b, a ≥ 0, b ≥ 0 and not both 0.
[[nodiscard]] std::shared_ptr<const VarianceStabiliser::Transform> make_anscombe_transform(double a, double b);

/// Of variance by a level function that is not 0 everywhere.
[[nodiscard]] std::shared_ptr<const VarianceStabiliser::Transform> make_level_transform(
    const NoiseLevelFunction& variance);

}  // namespace rdenoise
