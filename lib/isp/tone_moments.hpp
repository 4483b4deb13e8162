// SPDX-License-Identifier: LGPL-2.1-or-later
// Moments of a tone curve over the width of the noise, direct and from a table.
#pragma once

#include <rdenoise/isp.hpp>
#include <vector>

#include "isp/gaussian_moments.hpp"

namespace rdenoise {

/// Curve and clip of a developed sample.
struct ToneOutput {
  ToneCurve curve = ToneCurve::srgb;
  bool clipped = true;

  [[nodiscard]] double operator()(double linear) const noexcept {
    const double encoded = encode_tone(curve, static_cast<float>(linear));
    return clipped ? std::clamp(encoded, 0.0, 1.0) : encoded;
  }
};

/// Moments of the output for a linear Gaussian signal, computed each time.
class DirectToneMoments {
 public:
  explicit DirectToneMoments(const ToneOutput& output) : output_(output) {}
  [[nodiscard]] FirstTwoMoments operator()(double mean, double sigma) const { return gaussian_moments(mean, sigma, output_); }

 private:
  ToneOutput output_;
};

/// The same from a table, for whole pictures: σ of the output within 3 % of the direct one (1 % but for the foot of
/// BT.709, which has a kink) for means of −0.25 … 1.5 in encoded signal, nearest entry beyond.
class ToneMomentTable {
 public:
  explicit ToneMomentTable(const ToneOutput& output);
  [[nodiscard]] FirstTwoMoments operator()(double mean, double sigma) const;

 private:
  struct Entry {
    float shift;        ///< (mean of the output − curve at the mean) / σ
    float sigma_ratio;  ///< σ of the output / σ
  };
  [[nodiscard]] const Entry& entry(int level, int width) const noexcept;
  /// Noise narrower than the steps of the table, near a kink: rare, and computed directly.
  [[nodiscard]] bool is_narrow_at_a_clip(double mean, double sigma, double encoded) const noexcept;

  ToneOutput output_;
  std::vector<Entry> entries_;
};

}  // namespace rdenoise
