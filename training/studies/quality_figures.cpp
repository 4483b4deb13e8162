// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/quality_figures.hpp"

#include <cmath>
#include <limits>
#include <rdenoise/quality.hpp>

namespace rdenoise::training {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

}  // namespace

QualityFigures quality_figures(const Image& reference, const Image& test) {
  const auto features = feature_similarity(reference, test);
  return {l2(reference, test),
          psnr_db(reference, test),
          l1(reference, test),
          ssim(reference, test).value_or(none),
          ms_ssim(reference, test).value_or(none),
          iw_ssim(reference, test).value_or(none),
          gmsd(reference, test).value_or(none),
          features ? features->fsim : none,
          features ? features->fsimc : none};
}

void MeanQuality::add(const QualityFigures& figures) {
  for (std::size_t i = 0; i < figures.size(); ++i) {
    if (std::isnan(figures[i])) continue;
    sum_[i] += figures[i];
    ++count_[i];
  }
}

QualityFigures MeanQuality::mean() const {
  QualityFigures means{};
  for (std::size_t i = 0; i < means.size(); ++i) means[i] = count_[i] > 0 ? sum_[i] / count_[i] : none;
  return means;
}

}  // namespace rdenoise::training
