// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/evaluation.hpp>
#include <rdenoise/noise.hpp>
#include <rdenoise/quality.hpp>

namespace rdenoise {

ModelPicture with_white_noise(const ModelPicture& clean, double sigma_8bit, std::uint64_t seed, std::size_t place) {
  ModelPicture noisy = clean;
  const ConstFrameView view = view_of(clean);
  const NoiseProfile noise = uniform_profile(view.color_model, NoiseModel::gaussian(sigma_8bit));
  add_noise(view, view_of(noisy), noise, {.seed = seed, .stream = static_cast<std::uint32_t>(place)});
  return noisy;
}

PictureScore score_picture(const ModelPicture& clean, const ModelPicture& noisy, ModelPicture& result) {
  clip(result);
  const Image& reference = measured_image(clean);
  return {psnr_db(reference, measured_image(noisy)), psnr_db(reference, measured_image(result)),
          ssim(reference, measured_image(result)), psnr_yuv_db(clean, result)};
}

}  // namespace rdenoise
