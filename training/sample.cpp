// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sample.hpp"

#include <algorithm>
#include <cmath>

namespace rdenoise::training {

Sample with_measured_sigma(Image clean, Image noisy) {
  double squares = 0.0;
  const auto a = clean.samples();
  const auto b = noisy.samples();
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = static_cast<double>(b[i]) - a[i];
    squares += difference * difference;
  }
  const double variance = squares / static_cast<double>(a.size());
  Sample sample{std::move(clean), std::move(noisy), {}, {}};
  sample.sigma = Image(sample.clean.color_model(), sample.clean.width_px(), sample.clean.height_px());
  std::ranges::fill(sample.sigma.samples(), static_cast<float>(std::sqrt(variance)));
  sample.told_variance = Image(ColorModel::gray, sample.clean.width_px(), sample.clean.height_px());
  std::ranges::fill(sample.told_variance.samples(), static_cast<float>(variance));
  return sample;
}

}  // namespace rdenoise::training
