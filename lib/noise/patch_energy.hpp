// SPDX-License-Identifier: LGPL-2.1-or-later
// What the estimator knows of a picture: for a sample of small patches, their brightness and how their energy spreads
// over spatial frequency.
#pragma once

#include <rdenoise/image.hpp>
#include <span>
#include <vector>

namespace rdenoise {

inline constexpr int patch_size_px = 6;

/// One patch in the orthonormal 6×6 DCT, coefficient (u, v). White noise of variance s² has energy s² in every
/// coefficient, independently; texture sits mostly in the low ones. So `low_energy` tells how textured a patch is, and
/// choosing patches by it does not bias the noise read from `high_energy`. Patches are small, so that textured pictures
/// have flat ones too.
struct PatchEnergy {
  float mean = 0.F;         ///< signal
  float low_energy = 0.F;   ///< mean square of the coefficients with 1 ≤ u + v < 8
  float high_energy = 0.F;  ///< mean square of the coefficients with u + v ≥ 8
  float minimum = 0.F;      ///< darkest pixel
  float maximum = 0.F;      ///< brightest pixel
};

inline constexpr int least_high_frequency = 8;
inline constexpr int low_coefficient_count = 29;
inline constexpr int high_coefficient_count = 6;

/// Patches on a regular grid over all the channels (which share one noise model), at most about max_patches in all,
/// overlapping where the picture is small. Channels smaller than a patch give none.
[[nodiscard]] std::vector<PatchEnergy> sample_patches(std::span<const ConstChannelView> channels, int max_patches);

}  // namespace rdenoise
