// SPDX-License-Identifier: LGPL-2.1-or-later
// What the papers report on the usual test sets: white noise of known σ, PSNR in dB.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rdenoise::training {

/// Methods with figures for this set (Set12, BSD68, CBSD68, Kodak24), the oldest first; none for other sets.
[[nodiscard]] std::vector<std::string_view> published_methods(std::string_view set);

/// Of a method on a set; nothing where the paper has none.
/// Sources: BM3D, DnCNN: Zhang et al., "Beyond a Gaussian denoiser" (TIP 2017), tables II and III; CBM3D, CDnCNN,
/// FFDNet: Zhang et al., "FFDNet" (TIP 2018), tables II to IV, as in the authors' repositories.
[[nodiscard]] std::optional<double> published_psnr_db(std::string_view set, std::string_view method, double sigma_8bit);

}  // namespace rdenoise::training
