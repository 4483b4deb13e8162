// SPDX-License-Identifier: LGPL-2.1-or-later
#include "losses/structural_similarity.hpp"

namespace rdenoise::training {
namespace {

constexpr double c1 = 0.01 * 0.01;
constexpr double c2 = 0.03 * 0.03;
constexpr int whole_patch = 0;

/// Gaussian weights of the n samples of a line for each wanted sample of it, for each σ: [σ, 1, 1, wanted, n]. They sum
/// to 1 over n.
torch::Tensor window_weights(const std::vector<double>& sigmas_px, int radius_px, std::int64_t n, LossPixels pixels,
                             const torch::TensorOptions& options) {
  const torch::Tensor places = torch::arange(n, options);
  const torch::Tensor wanted = pixels == LossPixels::all ? places : places.narrow(0, n / 2, 1);
  const torch::Tensor distance = wanted.view({1, 1, 1, -1, 1}) - places;
  torch::Tensor weights =
      torch::exp(-0.5 * (distance / torch::tensor(sigmas_px, options).view({-1, 1, 1, 1, 1})).square());
  if (radius_px != whole_patch) weights = weights * (distance.abs() <= radius_px).to(weights.scalar_type());
  return weights / weights.sum(-1, /*keepdim=*/true);
}

/// Weighted means around pixels for several windows at once: [n, channels, h, w] → [σ, n, channels, …, …]. Two products
/// with matrices, because a window of σ 8 px is as large as a patch and a convolution would not be cheaper.
struct LocalMean {
  torch::Tensor down;
  torch::Tensor across;

  LocalMean(const std::vector<double>& sigmas_px, int radius_px, LossPixels pixels, const torch::Tensor& like)
      : down(window_weights(sigmas_px, radius_px, like.size(2), pixels, like.options())),
        across(window_weights(sigmas_px, radius_px, like.size(3), pixels, like.options()).transpose(-1, -2)) {}

  torch::Tensor operator()(const torch::Tensor& x) const {
    return torch::matmul(torch::matmul(down, x.unsqueeze(0)), across);
  }
};

/// The two factors of SSIM, [σ, n, channels, …, …].
struct Similarity {
  torch::Tensor luminance;
  torch::Tensor contrast_structure;
};

Similarity similarity(const torch::Tensor& estimate, const torch::Tensor& clean, const LocalMean& mean) {
  // Variances do not change with a common shift, and around 0 less of them is lost to rounding.
  const torch::Tensor shift = clean.mean({1, 2, 3}, /*keepdim=*/true).detach();
  const torch::Tensor x = estimate - shift;
  const torch::Tensor y = clean - shift;
  const torch::Tensor mean_x = mean(x);
  const torch::Tensor mean_y = mean(y);
  const torch::Tensor variances = mean(x.square() + y.square()) - mean_x.square() - mean_y.square();
  const torch::Tensor covariance = mean(x * y) - mean_x * mean_y;
  const torch::Tensor level_x = mean_x + shift;
  const torch::Tensor level_y = mean_y + shift;
  return {(2.0 * level_x * level_y + c1) / (level_x.square() + level_y.square() + c1),
          (2.0 * covariance + c2) / (variances + c2)};
}

torch::Tensor ms_ssim_loss_by(const LocalMean& mean, const torch::Tensor& estimate, const torch::Tensor& clean) {
  const Similarity all = similarity(estimate, clean, mean);
  const std::int64_t coarsest = all.luminance.size(0) - 1;
  return 1.0 - (all.luminance[coarsest] * all.contrast_structure.prod(0)).mean();
}

}  // namespace

torch::Tensor ssim_map(const torch::Tensor& estimate, const torch::Tensor& clean, const SsimWindow& window,
                       LossPixels pixels) {
  const Similarity one = similarity(estimate, clean, {{window.sigma_px}, window.radius_px, pixels, clean});
  return (one.luminance * one.contrast_structure)[0];
}

torch::Tensor ssim_loss(const torch::Tensor& estimate, const torch::Tensor& clean, const SsimWindow& window,
                        LossPixels pixels) {
  return 1.0 - ssim_map(estimate, clean, window, pixels).mean();
}

torch::Tensor ms_ssim_loss(const torch::Tensor& estimate, const torch::Tensor& clean, const MsSsimScales& scales,
                           LossPixels pixels) {
  return ms_ssim_loss_by({scales.sigmas_px, whole_patch, pixels, clean}, estimate, clean);
}

torch::Tensor mix_loss(const torch::Tensor& estimate, const torch::Tensor& clean, double alpha,
                       const MsSsimScales& scales, LossPixels pixels) {
  const LocalMean mean(scales.sigmas_px, whole_patch, pixels, clean);
  const LocalMean coarsest({scales.sigmas_px.back()}, whole_patch, pixels, clean);
  const torch::Tensor absolute = coarsest((estimate - clean).abs()).mean();
  return alpha * ms_ssim_loss_by(mean, estimate, clean) + (1.0 - alpha) * absolute;
}

}  // namespace rdenoise::training
