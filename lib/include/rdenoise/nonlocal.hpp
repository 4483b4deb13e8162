// SPDX-License-Identifier: LGPL-2.1-or-later
// Denoising by similar blocks: BM3D, and the filter that NN3D puts behind a network.
#pragma once

#include <memory>
#include <rdenoise/image.hpp>

namespace rdenoise {

/// How groups of similar blocks are formed and put back. Distances are mean squared differences of pixels.
struct BlockGrouping {
  int block_px = 8;                  ///< edge of a block, 2 … 16
  int step_px = 3;                   ///< between reference blocks, ≥ 1
  int search_px = 39;                ///< edge of the search window around the reference block, odd, 1 … 39
  int max_blocks = 16;               ///< in a group, a power of two, 1 … 32
  double max_distance_8bit2 = 3000;  ///< of a block from the reference, in squared 8-bit steps
  double kaiser_beta = 2.0;          ///< window of a block when it is put back; 0: flat
};

/// The two steps of BM3D and their constants.
struct Bm3dProfile {
  BlockGrouping hard_threshold;
  double threshold_sigmas = 2.7;  ///< λ of the hard threshold, in σ
  BlockGrouping wiener;
};

/// The authors' normal profile up to σ = 40, and theirs for strong noise above: constants of their program, from which
/// the published tables come. They differ from the paper's in matching distances and, above 40, in the first step. But
/// the hard threshold stays at 2.7 σ above 40, where theirs is 2.8: here that comes 0.02 to 0.03 dB nearer the
/// published PSNR.
///
/// Source: Dabov et al., "Image denoising by sparse 3-D transform-domain collaborative filtering", IEEE TIP 2007
[[nodiscard]] Bm3dProfile bm3d_profile(double sigma_8bit) noexcept;

struct NonlocalOptions {
  int n_threads = 0;  ///< 0: all cores. The result does not depend on it
};

/// BM3D for white noise of known σ, both steps; nothing is clipped. rgb is CBM3D: opponent colours, blocks matched on
/// the luminance. Blocks of the first step are transformed by bior1.5, those of the second by a DCT; across a group,
/// by Haar.
///
/// Source: Dabov et al., IEEE TIP 2007; colour: Dabov et al., "Color image denoising via sparse 3D collaborative
/// filtering with grouping constraint in luminance-chrominance space", ICIP 2007.
///
/// noisy       gray or rgb, any size
/// sigma_8bit  the same in every plane; 0 returns the picture itself
/// throws      Error{invalid_argument} for a negative or infinite σ, Error{unsupported} for bayer
[[nodiscard]] Image bm3d(const Image& noisy, double sigma_8bit, const NonlocalOptions& options = {});
[[nodiscard]] Image bm3d(const Image& noisy, double sigma_8bit, const Bm3dProfile& profile,
                         const NonlocalOptions& options = {});

/// The non-local filter of NN3D. Blocks are grouped once, by likeness in a guide picture; any picture of that size can
/// then be filtered in those groups: Haar across a group, each detail q of each pixel times q²/(q² + τ²), the mean
/// kept. Where blocks overlap, the estimates of a group weigh 1/Σ f², with f the factors of its coefficients.
///
/// Source: Cruz et al., "Nonlocality-reinforced convolutional neural networks for image denoising", IEEE SPL 2018
///
/// threads  filter() may be called from several
class NonlocalFilter {
 public:
  /// Blocks of 10×10 in groups of the 32 nearest, as in the paper, every 3 pixels.
  [[nodiscard]] static BlockGrouping paper_grouping() noexcept;

  /// guide   gray or rgb; rgb blocks are matched on the mean of the planes
  /// throws  Error{invalid_argument} for a grouping out of range, Error{unsupported} for bayer
  explicit NonlocalFilter(const Image& guide, const BlockGrouping& grouping = paper_grouping(),
                          const NonlocalOptions& options = {});
  ~NonlocalFilter();
  NonlocalFilter(NonlocalFilter&&) noexcept;
  NonlocalFilter& operator=(NonlocalFilter&&) noexcept;

  /// tau_8bit  ≥ 0, in 8-bit steps; 0 changes nothing but rounding
  /// throws    Error{invalid_argument} if the picture differs from the guide in size or colour model, or τ is negative
  [[nodiscard]] Image filter(const Image& picture, double tau_8bit) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rdenoise
