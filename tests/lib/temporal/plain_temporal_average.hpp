// SPDX-License-Identifier: LGPL-2.1-or-later
// The average over time in plain loops and double precision, cell by cell.
#pragma once

#include <rdenoise/image.hpp>
#include <rdenoise/noise.hpp>
#include <vector>

namespace rdenoise::test {

class PlainTemporalAverage {
 public:
  void add(const ConstFrameView& frame, const NoiseProfile& noise);

  /// By channel, row by row.
  [[nodiscard]] const std::vector<std::vector<double>>& samples() const { return samples_; }
  /// By cell, row by row.
  [[nodiscard]] const std::vector<double>& sigma_shares() const { return shares_; }

 private:
  std::vector<std::vector<double>> samples_;
  std::vector<double> shares_;
};

}  // namespace rdenoise::test
