// SPDX-License-Identifier: LGPL-2.1-or-later
// The nine measures by which Zhao et al. compare losses.
#pragma once

#include <array>
#include <rdenoise/image.hpp>
#include <string_view>

namespace rdenoise::training {

inline constexpr std::array<std::string_view, 9> quality_names{"l2",      "psnr_db", "l1",   "ssim", "ms_ssim",
                                                               "iw_ssim", "gmsd",    "fsim", "fsimc"};
inline constexpr std::size_t psnr_place = 1;
inline constexpr std::size_t ssim_place = 3;
using QualityFigures = std::array<double, quality_names.size()>;

/// In the order of quality_names; NaN where the picture is too small for a measure.
/// throws  Error{invalid_argument} if sizes or channels differ
[[nodiscard]] QualityFigures quality_figures(const Image& reference, const Image& test);

/// Means, each over the pictures that were large enough for it; NaN if none was.
class MeanQuality {
 public:
  void add(const QualityFigures& figures);
  [[nodiscard]] QualityFigures mean() const;

 private:
  QualityFigures sum_{};
  std::array<int, quality_names.size()> count_{};
};

}  // namespace rdenoise::training
