// SPDX-License-Identifier: LGPL-2.1-or-later
// Noise models added and moved to other levels.
#pragma once

#include <rdenoise/noise.hpp>

namespace rdenoise {

/// Sum of independent noises of one channel. As long as all are lines the sum is one; else it is a level function.
class NoiseSum {
 public:
  /// weight²·variance at the channel's own level
  void add(const NoiseModel& noise, double weight);
  /// The same variance at every level.
  void add_constant(double variance) noexcept { constant_ += variance; }

  [[nodiscard]] NoiseModel model() const;

 private:
  NoiseModel line_;  ///< without constant_
  std::optional<NoiseLevelFunction> function_;
  double constant_ = 0.0;
};

/// The noise of gain·x + offset, for noise of x.
[[nodiscard]] NoiseModel rescaled(const NoiseModel& noise, double gain, double offset);

/// Mean of the variance over the levels 0 … 1.
[[nodiscard]] double mean_variance(const NoiseModel& noise) noexcept;

}  // namespace rdenoise
