// SPDX-License-Identifier: LGPL-2.1-or-later
// A recursive average over the frames of a video, for a denoiser that can be told how much noise is left where.
#pragma once

#include <memory>
#include <rdenoise/image.hpp>
#include <rdenoise/noise.hpp>
#include <rdenoise/noise_share.hpp>

namespace rdenoise {

struct AveragedFrame {
  ConstFrameView frame;
  const NoiseShare* noise = nullptr;
};

/// Each pixel of the result is a weighted mean of this frame's and of the last result's, and so of ever older ones. The
/// weight is that of a Kalman filter for a signal that stands still, with as much process noise as the frame's
/// difference from the last result cannot be explained by noise, over a window of cells: where something moves, the
/// frame stays as it is, and its noise, too. Nothing is moved along: there is no motion compensation.
/// Source: Kalman, "A new approach to linear filtering and prediction problems", 1960; the weight by local innovation
/// as in Dubois and Sabri, "Noise reduction in image sequences using motion-compensated temporal filtering", IEEE
/// Trans. Communications 1984.
/// threads  one frame at a time
class TemporalAverage {
 public:
  /// n_threads  0: all cores
  explicit TemporalAverage(int n_threads);
  ~TemporalAverage();
  TemporalAverage(TemporalAverage&&) noexcept;
  TemporalAverage& operator=(TemporalAverage&&) noexcept;

  /// frame  any colour model; one of another shape, format or levels begins anew
  /// noise  of `frame` as it is: what differs by more has moved
  /// returns  the first frame itself, with all its noise; then the average with the frame's shape, in 15 bits: integers
  ///          shifted up, or down if they have 16; of floats, signals from −0.5 to 1.5. Good until the next call, or as
  ///          long as the first frame is
  /// throws  Error{invalid_argument} for an empty frame, or a profile of other channels
  [[nodiscard]] AveragedFrame add(const ConstFrameView& frame, const NoiseProfile& noise);

  /// The next frame is the first.
  void reset() noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rdenoise
