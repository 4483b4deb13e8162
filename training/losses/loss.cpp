// SPDX-License-Identifier: LGPL-2.1-or-later
#include "losses/loss.hpp"

#include <cmath>
#include <rdenoise/error.hpp>

#include "losses/noise_map_losses.hpp"
#include "losses/pixel_losses.hpp"
#include "losses/structural_similarity.hpp"

namespace rdenoise::training {
namespace {

/// Wang et al. cut their window of σ 1.5 px at 5 px.
int window_radius_px(double sigma_px) { return static_cast<int>(std::ceil(sigma_px * 5.0 / 1.5)); }

}  // namespace

LossKind Loss::kind_at(std::int64_t step) const noexcept {
  LossKind kind = recipe_.kind;
  for (const LossSwitch& next : recipe_.switches) {
    const double from = next.step >= 0 ? static_cast<double>(next.step) : next.share * static_cast<double>(steps_);
    if (static_cast<double>(step) >= from) kind = next.kind;
  }
  return kind;
}

torch::Tensor Loss::operator()(const NetworkOutput& output, const LossTarget& target, std::int64_t step) const {
  const torch::Tensor& estimate = output.picture;
  const LossPixels pixels = recipe_.centre_only ? LossPixels::centre : LossPixels::all;
  switch (kind_at(step)) {
    case LossKind::power:
      return power_loss(estimate, target.clean, target.sigma, recipe_.power, recipe_.sigma_power);
    case LossKind::l2:
      return squared_loss(estimate, target.clean);
    case LossKind::l1:
      return absolute_loss(estimate, target.clean);
    case LossKind::ssim:
      return ssim_loss(estimate, target.clean, {recipe_.ssim_sigma_px, window_radius_px(recipe_.ssim_sigma_px)},
                       pixels);
    case LossKind::ms_ssim:
      return ms_ssim_loss(estimate, target.clean, {recipe_.scales_px}, pixels);
    case LossKind::mix:
      return mix_loss(estimate, target.clean, recipe_.mix_alpha, {recipe_.scales_px}, pixels);
    case LossKind::residual:
      return residual_loss(estimate, target.clean);
    case LossKind::cbdnet:
      return cbdnet_loss(estimate, target.clean, output.noise_estimate,
                         target.true_sigma ? target.sigma : torch::Tensor(),
                         {recipe_.asymmetry, recipe_.asymmetric_weight, recipe_.variation_weight});
  }
  throw Error(ErrorCode::internal, "measuring the loss: expected a known kind, found another");
}

}  // namespace rdenoise::training
