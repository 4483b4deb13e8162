// SPDX-License-Identifier: LGPL-2.1-or-later
// The recipe's section [loss]: what a network is trained to make small, and when that changes.
#pragma once

#include <toml++/toml.h>

#include <rdenoise/network.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace rdenoise::training {

enum class LossKind {
  power,     ///< |error|^p / σ^q
  l2,        ///< squared error
  l1,        ///< absolute error
  ssim,      ///< 1 − SSIM
  ms_ssim,   ///< 1 − MS-SSIM
  mix,       ///< MS-SSIM and absolute error
  residual,  ///< DnCNN's: half the squared length of a patch's error
  cbdnet     ///< squared error, and two terms for the network's noise estimate
};

/// As recipes write it: "ms-ssim".
[[nodiscard]] std::string_view to_string(LossKind kind) noexcept;

/// From `share` of the recipe's steps on, or from `step` on if that is not negative.
struct LossSwitch {
  LossKind kind = LossKind::l1;
  double share = 0.0;
  std::int64_t step = -1;
};

/// The parameters are those of all kinds that the run goes through; where they come from stands with the losses.
struct LossRecipe {
  LossKind kind = LossKind::power;
  std::vector<LossSwitch> switches;  ///< in their order

  double power = 2.0;                                      ///< power: p
  double sigma_power = 1.0;                                ///< power: q
  bool centre_only = false;                                ///< ssim, ms-ssim, mix: of the patch's middle pixel only
  double ssim_sigma_px = 1.5;                              ///< ssim: of its window
  std::vector<double> scales_px{0.5, 1.0, 2.0, 4.0, 8.0};  ///< ms-ssim, mix: σ of the windows, rising
  double mix_alpha = 0.84;                                 ///< mix: share of MS-SSIM
  double asymmetry = 0.3;                                  ///< cbdnet: α
  double asymmetric_weight = 0.5;                          ///< cbdnet: λ_asymm
  double variation_weight = 0.05;                          ///< cbdnet: λ_TV
};

/// Keys: kind; switch_to, a kind or a list of kinds, with switch_at (share of the steps, 0 … 1) or switch_at_step, as
/// many; and the parameters above that belong to a kind in use.
///
/// table  nullptr: all defaults
/// throws  Error{corrupt} naming `where`, for unknown keys, other types, values out of range, and cbdnet for a network
///         that does not estimate its noise
[[nodiscard]] LossRecipe parse_loss(const toml::table* table, const std::string& where, const NetworkSpec& spec);

}  // namespace rdenoise::training
