// SPDX-License-Identifier: LGPL-2.1-or-later
// A network's picture with noise of one strength everywhere, and back.
#pragma once

#include <array>
#include <rdenoise/network.hpp>
#include <rdenoise/variance_stabilisation.hpp>
#include <span>
#include <vector>

#include "denoise/noise_map.hpp"

namespace rdenoise {

/// Variance stabilisers for the planes of a picture and the sites of its 2×2 cells.
class PictureStabiliser {
 public:
  /// Makes the stabilisers anew if the noise is not that of the last call.
  ///
  /// noise   by plane
  /// throws  Error{invalid_argument} for noise that VarianceStabiliser refuses
  void prepare(std::span<const CellNoise> noise);

  /// What the noise is after stabilisation: white, nearly alike in all planes and sites.
  [[nodiscard]] std::span<const CellNoise> stabilised_noise() const noexcept { return stabilised_; }

  /// In place; the picture's origin is the origin of a 2×2 cell.
  ///
  /// scratch  half the picture's width, rounded up
  void stabilise(TensorView picture, std::span<float> scratch) const;

  /// Denoised stabilised values to signal.
  void restore(ConstTensorView denoised, TensorView picture, std::span<float> scratch) const;

 private:
  std::vector<CellNoise> noise_;
  std::vector<CellNoise> stabilised_;
  std::vector<std::array<VarianceStabiliser, 4>> stabilisers_;  ///< by plane; site by site of the cell
};

}  // namespace rdenoise
