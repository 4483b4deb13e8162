// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/raw.hpp>

namespace rdenoise {
namespace {

// Fewer covered pixels tell their variance worse than to 3 %.
constexpr std::int64_t least_black_pixels = 2000;

std::array<double, 3> variance_by_color(const OpticalBlack& black, const RawMetadata& metadata, CfaPattern cfa) {
  std::array<double, 3> variance{};
  std::array<int, 3> sites{};
  for (int site = 0; site < 4; ++site) {
    const auto color = static_cast<std::size_t>(cfa_color_at(cfa, site % 2, site / 2));
    const double range_dn = metadata.white_level_dn - metadata.black_level_dn[static_cast<std::size_t>(site)];
    variance[color] += black.variance_dn2[static_cast<std::size_t>(site)] / (range_dn * range_dn);
    ++sites[color];
  }
  for (std::size_t c = 0; c < 3; ++c) variance[c] /= sites[c];
  return variance;
}

}  // namespace

NoisePriors noise_priors(const RawMetadata& metadata, CfaPattern cfa) {
  NoisePriors priors;
  if (metadata.optical_black && metadata.optical_black->pixel_count >= least_black_pixels) {
    priors.black_variance = variance_by_color(*metadata.optical_black, metadata, cfa);
  }
  if (metadata.noise_profile) {
    priors.profile = metadata.noise_profile;
    priors.profile->confidence = 0.5;
  }
  return priors;
}

}  // namespace rdenoise
