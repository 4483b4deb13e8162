// SPDX-License-Identifier: LGPL-2.1-or-later
// JPEG artefacts, as one of the tasks of DnCNN-3: Zhang, Zuo, Chen, Meng, Zhang, "Beyond a Gaussian denoiser", IEEE TIP
// 2017, section IV-A. Gray pictures are compressed as gray ones, colour with 4:2:0.
#include <rdenoise/jpeg.hpp>

#include "data/stored_picture.hpp"
#include "tasks/task.hpp"

namespace rdenoise::training {
namespace {

constexpr int block_px = 16;  // of 4:2:0 colour

class DeblockTask final : public Task {
 public:
  explicit DeblockTask(const Recipe& recipe)
      : least_quality_(recipe.task.jpeg_quality[0]), greatest_quality_(recipe.task.jpeg_quality[1]) {}

  int crop_px(int patch_px) const override { return patch_px + block_px; }

  Sample make(Image crop, int patch_px, PatchRandom& random, const ValidationLevel* level) const override {
    const int quality = level != nullptr ? static_cast<int>(level->value)
                                         : least_quality_ + random.below(greatest_quality_ - least_quality_ + 1);
    const Image compressed = jpeg_round_trip(crop, {.quality = quality});
    // The blocks of a patch begin anywhere.
    const int x_px = random.below(block_px + 1);
    const int y_px = random.below(block_px + 1);
    return with_measured_sigma(cut(crop, x_px, y_px, patch_px), cut(compressed, x_px, y_px, patch_px));
  }

  std::vector<ValidationLevel> validation_levels() const override {
    return {{"Q10", 0, 10.0}, {"Q20", 0, 20.0}, {"Q30", 0, 30.0}, {"Q40", 0, 40.0}};
  }

 private:
  int least_quality_;
  int greatest_quality_;
};

}  // namespace

std::unique_ptr<Task> make_deblock_task(const Recipe& recipe) { return std::make_unique<DeblockTask>(recipe); }

}  // namespace rdenoise::training
