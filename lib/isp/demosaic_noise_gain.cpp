// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/isp.hpp>
#include <utility>

namespace rdenoise {
namespace {

/// By the method's answers to impulses at the four sites of the cell: what reaches a pixel from all sites of a colour,
/// averaged over the cell's pixels, is what one site sends to all pixels, summed over the cell's sites and over four.
DemosaicNoiseGain gain_of_kernels(DemosaicMethod method) {
  constexpr int size_px = 12;
  constexpr int middle_px = 4;  // far enough from every border for a 5×5 kernel
  DemosaicNoiseGain gain{};
  for (int site = 0; site < 4; ++site) {
    const int x = middle_px + site % 2;
    const int y = middle_px + site / 2;
    Image mosaic(ColorModel::bayer, size_px, size_px, CfaPattern::rggb);
    mosaic.at(0, x, y) = 1.F;
    const Image answer = demosaic(std::as_const(mosaic).view(), method, 1);
    auto& covariance = gain.covariance_per_site_variance[cfa_color_at(mosaic.cfa(), x, y)];
    for (int k = 0; k < 9; ++k) {
      const auto a = answer.plane(k / 3);
      const auto b = answer.plane(k % 3);
      for (std::size_t i = 0; i < a.size(); ++i) covariance[k] += 0.25F * a[i] * b[i];
    }
  }
  return gain;
}

}  // namespace

DemosaicNoiseGain demosaic_noise_gain(DemosaicMethod method) {
  if (method == DemosaicMethod::gbtf) return {};
  return gain_of_kernels(method);
}

}  // namespace rdenoise
