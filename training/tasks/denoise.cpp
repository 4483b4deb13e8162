// SPDX-License-Identifier: LGPL-2.1-or-later
// Noise of the recipe's model on the signal of the network's domain.
#include <cmath>
#include <optional>
#include <string>

#include "domains/domain.hpp"
#include "tasks/task.hpp"
#include "training_noise.hpp"
#include "yuv420_noise.hpp"

namespace rdenoise::training {
namespace {

// Pictures use their whole range; sensors are seldom exposed so. The mosaic is darker by up to this.
constexpr double max_underexposure_ev = 2.0;

class DenoiseTask final : public Task {
 public:
  explicit DenoiseTask(const Recipe& recipe) : domain_(find_domain(recipe.network.input)), noise_(recipe.noise) {}

  int crop_px(int patch_px) const override { return patch_px * cell_edge_px(domain_.input); }

  Sample make(Image crop, int patch_px, PatchRandom& random, const ValidationLevel* level) const override {
    CameraParameters camera;
    if (domain_.has_camera) {
      camera = cameras_.draw(random.seed(), random.patch());
      camera.exposure_ev += static_cast<float>(random.uniform(0.0, max_underexposure_ev));
    }
    Image signal = domain_.to_signal(std::move(crop), camera);
    if (domain_.input == InputDomain::yuv420) {
      const Yuv420Noise noise =
          level != nullptr ? Yuv420Noise{.luma = {.model = NoiseModel::gaussian(level->value), .clip = noise_.clip}}
                           : draw_yuv420_noise(noise_, patch_px, random);
      return with_yuv420_noise(std::move(signal), noise, random.noise_seed());
    }
    PatchNoise noise;
    if (level != nullptr)
      noise = {.model = NoiseModel::gaussian(level->value), .clip = noise_.clip};
    else
      noise = draw_noise(noise_, domain_.input, patch_px, random);
    return with_noise(std::move(signal), noise, random.noise_seed());
  }

  std::vector<ValidationLevel> validation_levels() const override {
    std::vector<ValidationLevel> levels;
    for (const int sigma_8bit : {15, 25, 50})
      if (noise_.min_8bit <= sigma_8bit && sigma_8bit <= noise_.max_8bit)
        levels.push_back({"σ" + std::to_string(sigma_8bit), 0, static_cast<double>(sigma_8bit)});
    // Noise that the network isn't trained on would choose the wrong weights as the best.
    if (levels.empty()) {
      const auto middle_8bit = static_cast<int>(std::lround(0.5 * (noise_.min_8bit + noise_.max_8bit)));
      levels.push_back({"σ" + std::to_string(middle_8bit), 0, static_cast<double>(middle_8bit)});
    }
    return levels;
  }

 private:
  const Domain& domain_;
  NoiseRecipe noise_;
  CameraSimulator cameras_{CameraKind::unprocessing};
};

}  // namespace

std::unique_ptr<Task> make_denoise_task(const Recipe& recipe) { return std::make_unique<DenoiseTask>(recipe); }

}  // namespace rdenoise::training
