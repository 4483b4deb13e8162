// SPDX-License-Identifier: LGPL-2.1-or-later
// The two measures that papers on real noise report, and their means.
#pragma once

#include <rdenoise/image.hpp>

namespace rdenoise::training {

struct PsnrSsim {
  double psnr_db = 0.0;
  double ssim = 0.0;  ///< NaN for pictures smaller than its window
};

/// Of the test picture clipped to 0 … 1, against the reference; peak 1.
/// throws  Error{invalid_argument} if sizes or channels differ
[[nodiscard]] PsnrSsim psnr_ssim(const Image& reference, Image test);

/// Means; SSIM over the pictures that were large enough for it, NaN if none was.
class MeanPsnrSsim {
 public:
  void add(const PsnrSsim& figures) noexcept;
  [[nodiscard]] PsnrSsim mean() const noexcept;

 private:
  PsnrSsim sum_;
  int psnr_count_ = 0;
  int ssim_count_ = 0;
};

}  // namespace rdenoise::training
