// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/psnr_ssim.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <rdenoise/quality.hpp>

namespace rdenoise::training {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

double mean_of(double sum, int count) noexcept { return count > 0 ? sum / count : none; }

}  // namespace

PsnrSsim psnr_ssim(const Image& reference, Image test) {
  for (float& sample : test.samples()) sample = std::clamp(sample, 0.F, 1.F);
  return {psnr_db(reference, test), ssim(reference, test).value_or(none)};
}

void MeanPsnrSsim::add(const PsnrSsim& figures) noexcept {
  sum_.psnr_db += figures.psnr_db;
  ++psnr_count_;
  if (std::isnan(figures.ssim)) return;
  sum_.ssim += figures.ssim;
  ++ssim_count_;
}

PsnrSsim MeanPsnrSsim::mean() const noexcept {
  return {mean_of(sum_.psnr_db, psnr_count_), mean_of(sum_.ssim, ssim_count_)};
}

}  // namespace rdenoise::training
