// SPDX-License-Identifier: LGPL-2.1-or-later
// Which results a lower precision should leave in floating point: those that cost most quality for the work they would
// save.
#pragma once

#include <functional>
#include <rdenoise/network.hpp>
#include <span>
#include <vector>

namespace rdenoise {

/// A result that could be left.
struct ResultLoss {
  int result = 0;               ///< index of its relu
  double mac_share = 0.0;       ///< of the network's multiply-accumulates, those that read it and would be in float
  std::vector<double> loss_db;  ///< by noise level: PSNR that it costs
};

/// The shares of ResultLoss, for each of these results. A convolution to few channels computes in float anyway.
[[nodiscard]] std::vector<double> float_mac_shares(const NetworkSpec& spec, std::span<const int> results);
/// The same with all that read these results.
[[nodiscard]] std::vector<double> reading_mac_shares(const NetworkSpec& spec, std::span<const int> results);

struct FloatLimits {
  double target_loss_db = 0.02;         ///< what the choice goes for, if target_share is enough for it
  double target_share = 1.0 / 3.0;      ///< of the multiply-accumulates
  double acceptable_loss_db = 0.035;    ///< else for this: pictures that calibration has not seen lose up to 0.05
  double acceptable_share = 2.0 / 3.0;  ///< with this at most
};

struct FloatChoice {
  std::vector<int> results;     ///< ascending
  double mac_share = 0.0;       ///< of them all
  std::vector<double> loss_db;  ///< by noise level, measured, with them in float
};

/// Greedy: adds the result that costs most at the level that loses most, for its share of the work, until the measured
/// loss is within the limits, then drops again what is not needed for that. Losses of single results add up about, but
/// measuring after each step is what counts. measure  loss by noise level with these results in float, ascending
[[nodiscard]] FloatChoice choose_float_results(
    std::span<const ResultLoss> candidates, const FloatLimits& limits,
    const std::function<std::vector<double>(std::span<const int> in_float)>& measure);

}  // namespace rdenoise
