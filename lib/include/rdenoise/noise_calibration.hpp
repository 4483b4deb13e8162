// SPDX-License-Identifier: LGPL-2.1-or-later
// The noise of a camera from frames made for the purpose: the photon-transfer curve, variance against mean.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <rdenoise/image.hpp>
#include <rdenoise/noise.hpp>
#include <span>
#include <vector>

namespace rdenoise {

/// One patch, or the mean of several. The relative standard deviation of `variance` is √(2/degrees_of_freedom).
struct PhotonTransferPoint {
  double mean = 0.0;      ///< signal
  double variance = 0.0;  ///< of the noise, signal²
  double degrees_of_freedom = 0.0;
  bool accepted = true;  ///< false: an outlier, left out of the fit
};

/// Patches that tell nothing.
struct UnusablePatches {
  std::size_t clipped = 0;     ///< touch the darkest or the brightest value that can be stored, or white
  std::size_t constant = 0;    ///< all samples the same: noise below the quantisation step
  std::size_t not_finite = 0;  ///< NaN or infinity
};

/// The curve of one colour, and the line through it.
struct PhotonTransferCurve {
  std::vector<PhotonTransferPoint> points;
  UnusablePatches unusable;
  NoiseModel model;
  double a_error = 0.0;  ///< standard error
  double b_error = 0.0;
  double r_squared =
      0.0;  ///< share of the (weighted) scatter of the variance that the line explains; of accepted points
  /// Scatter of the accepted points about the line over what chance alone gives: about 1, more where texture or a line
  /// that bends adds to it.
  double excess_scatter = 0.0;
  /// 0 … 1, see NoiseCalibrator.
  double confidence = 0.0;
};

struct NoiseCalibration {
  ColorModel color_model = ColorModel::bayer;
  NoiseProfile profile;  ///< the models of the curves; the least of their confidences
  std::array<PhotonTransferCurve, 3> curves;
  int pair_count = 0;
  int single_count = 0;
};

struct CalibrationOptions {
  int patch_size_px = 16;  ///< edge, in samples of a channel (bayer: of one site); 4 … 256
};

/// Collects frames of one camera setting and fits the noise model of each colour to all of them.
///
/// A pair of frames of the same scene: the variance of a patch is half of that of the difference, so that what both
/// share (the scene, the fixed pattern of the sensor) falls out; a change of brightness between the two does too.
/// Janesick, "Photon Transfer", SPIE Press 2007, chapter 5. A single frame: the mean square behind a filter of second
/// differences along both axes, which flat and evenly shaded patches pass with their noise alone; Immerkær, "Fast noise
/// variance estimation", CVIU 1996, eq. 1–2. That includes the sensor's fixed pattern, and texture counts as noise
/// until the fit throws it out.
///
/// The fit: weighted least squares, weights by each variance's own spread under the fitted line (not under the measured
/// variance, which would favour what came out low by chance); points beyond 3.5 standard deviations are left out, and
/// all is repeated until nothing changes. a and b are 0 or above.
///
/// confidence = share · 1/(1 + (e/0.1)²) · 1/max(1, excess_scatter²), where share is that of accepted patches among all
/// that are not clipped, and e the mean relative standard error of the fitted variance at signals 0.1, 0.3, … 0.9. So
/// it is a half where the variance is known to 10 %, low where all frames have about the same level, because a and b
/// cannot be told apart then, and low for scenes full of texture, which makes noise of its own.
class NoiseCalibrator {
 public:
  /// throws  Error{invalid_argument} for a patch size out of range
  explicit NoiseCalibrator(const CalibrationOptions& options = {});

  /// throws  Error{invalid_argument} if the frames differ in layout from each other or from those before, are the same
  ///         sample by sample, or hold no whole patch
  void add_pair(const ConstFrameView& first, const ConstFrameView& second);
  void add_frame(const ConstFrameView& frame);

  /// throws  Error{invalid_argument} if there is no usable patch in some colour; says how many were clipped, constant
  ///         or not finite
  [[nodiscard]] NoiseCalibration fit() const;

 private:
  void check_layout(const ConstFrameView& frame);

  CalibrationOptions options_;
  std::optional<ConstFrameView> layout_;  ///< of the first frame; its memory is not looked at again
  NoiseCalibration collected_;
};

/// Mean of all finite samples of each colour; what shows whether two frames are exposures of the same.
[[nodiscard]] std::array<double, 3> mean_levels(const ConstFrameView& frame);

/// Means over the accepted points, in at most `count` groups of equal size along the levels: for charts, where tens of
/// thousands of patches would hide each other.
[[nodiscard]] std::vector<PhotonTransferPoint> grouped_by_level(std::span<const PhotonTransferPoint> points,
                                                                std::size_t count);

}  // namespace rdenoise
