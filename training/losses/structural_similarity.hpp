// SPDX-License-Identifier: LGPL-2.1-or-later
// Losses by structural similarity, after Zhao, Gallo, Frosio, Kautz, "Loss functions for image restoration with neural
// networks", IEEE Transactions on Computational Imaging 2017.
#pragma once

#include <torch/torch.h>

#include <vector>

namespace rdenoise::training {

/// Of which pixels the loss is taken. The paper takes the middle one of each patch, whose windows the patch holds whole
/// and which costs next to nothing; the mean over all learns from every pixel.
enum class LossPixels { all, centre };

struct SsimWindow {
  double sigma_px = 1.5;
  int radius_px = 5;  ///< Wang et al.'s 11 × 11; windows are cut at the patch's border and weigh 1 all the same
};

/// SSIM of each pixel (or of the middle one, [n, channels, 1, 1]): K1 0.01, K2 0.03, peak 1.
/// Source: Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error visibility to structural similarity",
/// IEEE TIP 2004, equation 13.
[[nodiscard]] torch::Tensor ssim_map(const torch::Tensor& estimate, const torch::Tensor& clean,
                                     const SsimWindow& window = {}, LossPixels pixels = LossPixels::all);

/// 1 − SSIM (Zhao et al., section III.B), mean over pixels and channels.
[[nodiscard]] torch::Tensor ssim_loss(const torch::Tensor& estimate, const torch::Tensor& clean,
                                      const SsimWindow& window = {}, LossPixels pixels = LossPixels::all);

struct MsSsimScales {
  /// Instead of a pyramid, windows of growing σ at full size. The largest gives the luminance; all give contrast and
  /// structure. A window is as large as the patch.
  std::vector<double> sigmas_px{0.5, 1.0, 2.0, 4.0, 8.0};
};

/// 1 − l_M·Π cs_j (Zhao et al., section III.C), all exponents 1.
[[nodiscard]] torch::Tensor ms_ssim_loss(const torch::Tensor& estimate, const torch::Tensor& clean,
                                         const MsSsimScales& scales = {}, LossPixels pixels = LossPixels::all);

/// α·L_MS-SSIM + (1 − α)·G_M·|estimate − clean| (Zhao et al., section III.D): G_M, the window of the largest σ, lets
/// the absolute error count where MS-SSIM looks.
[[nodiscard]] torch::Tensor mix_loss(const torch::Tensor& estimate, const torch::Tensor& clean, double alpha = 0.84,
                                     const MsSsimScales& scales = {}, LossPixels pixels = LossPixels::all);

}  // namespace rdenoise::training
