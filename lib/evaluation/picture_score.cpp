// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <rdenoise/evaluation.hpp>
#include <rdenoise/noise.hpp>
#include <rdenoise/quality.hpp>

namespace rdenoise {

Image with_white_noise(const Image& clean, double sigma_8bit, std::uint64_t seed, std::size_t place) {
  Image noisy = clean;
  const NoiseProfile noise = uniform_profile(clean.color_model(), NoiseModel::gaussian(sigma_8bit));
  add_noise(clean.view(), noisy.view(), noise, {.seed = seed, .stream = static_cast<std::uint32_t>(place)});
  return noisy;
}

PictureScore score_picture(const Image& clean, const Image& noisy, Image& result) {
  for (float& sample : result.samples()) sample = std::clamp(sample, 0.F, 1.F);
  return {psnr_db(clean, noisy), psnr_db(clean, result), ssim(clean, result)};
}

}  // namespace rdenoise
