// SPDX-License-Identifier: LGPL-2.1-or-later
// Joint denoising and demosaicing of the loss study: Zhao, Gallo, Frosio, Kautz, "Loss functions for image restoration
// with neural networks", IEEE TCI 2017, section V-A: a noisy mosaic, clipped, demosaiced bilinearly. The target is the
// picture itself; its values are taken as they are, without a camera.
#include <rdenoise/isp.hpp>
#include <utility>

#include "data/stored_picture.hpp"
#include "tasks/task.hpp"
#include "training_noise.hpp"

namespace rdenoise::training {
namespace {

constexpr int margin_px = 2;  // the kernel reaches 1; the mosaic's phase must stay

class DemosaicTask final : public Task {
 public:
  explicit DemosaicTask(const Recipe& recipe) : noise_(recipe.noise) {}

  int crop_px(int patch_px) const override { return patch_px + 2 * margin_px; }

  Sample make(Image crop, int patch_px, PatchRandom& random, const ValidationLevel* level) const override {
    PatchNoise noise;
    if (level != nullptr)
      noise.model = NoiseModel::gaussian(level->value);
    else
      noise = draw_noise(noise_, InputDomain::rgb, crop.width_px(), random);
    Image mosaic = mosaic_from_rgb(crop, CfaPattern::rggb);
    noise.clip = true;
    add_patch_noise(mosaic, noise, random.noise_seed());
    const Image noisy = demosaic(std::as_const(mosaic).view(), DemosaicMethod::bilinear, 1);
    // σ and what is told are those of the sites' noise: interpolated colours have less, and errors of their own.
    Sample whole = with_known_noise(std::move(crop), noisy, noise);
    const auto inner = [&](const Image& image) { return cut(image, margin_px, margin_px, patch_px); };
    return {inner(whole.clean), inner(whole.noisy), inner(whole.sigma), inner(whole.told_variance)};
  }

  std::vector<ValidationLevel> validation_levels() const override {
    return {{"σ0", 0, 0.0}, {"σ15", 0, 15.0}, {"σ25", 0, 25.0}};
  }

 private:
  NoiseRecipe noise_;
};

}  // namespace

std::unique_ptr<Task> make_demosaic_task(const Recipe& recipe) { return std::make_unique<DemosaicTask>(recipe); }

}  // namespace rdenoise::training
