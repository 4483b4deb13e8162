// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/white_noise_psnr.hpp"

#include <utility>

namespace rdenoise::training {

Denoiser study_denoiser(Model model) { return {std::move(model), {.precision = Precision::f32}}; }

MeanPsnr white_noise_psnr(const StudyRun& run, Denoiser& denoiser, const std::vector<EvalItem>& pictures,
                          const WhiteNoise& noise) {
  MeanPsnr sum;
  for (std::size_t place = 0; place < pictures.size(); ++place) {
    run.stop_if_asked();
    const ModelPicture clean = read_in_domain(pictures[place].clean, denoiser.model().spec.params.input);
    const ModelPicture noisy = with_white_noise(clean, noise.sigma_8bit, 0, place);
    ModelPicture result = noisy;
    const ConstFrameView view = view_of(noisy);
    denoiser.denoise(view, view_of(result), uniform_profile(view.color_model, NoiseModel::gaussian(noise.told_8bit)));
    const PictureScore score = score_picture(clean, noisy, result);
    sum.noisy_db += score.psnr_noisy_db;
    sum.denoised_db += score.psnr_db;
  }
  const auto count = static_cast<double>(pictures.size());
  return {sum.noisy_db / count, sum.denoised_db / count};
}

}  // namespace rdenoise::training
