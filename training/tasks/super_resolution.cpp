// SPDX-License-Identifier: LGPL-2.1-or-later
// What reduction by 2, 3 or 4 took away, after bicubic enlargement to the old size; as in DnCNN-3, see deblock.cpp.
#include <algorithm>
#include <rdenoise/resize.hpp>
#include <string>

#include "data/stored_picture.hpp"
#include "tasks/task.hpp"

namespace rdenoise::training {
namespace {

constexpr int common_multiple = 12;  // of all factors
// The kernels reach 2 pixels of the small picture; the second one sees what the first one mirrored.
constexpr int least_margin_px = 4 * (2 + 2);

class SuperResolutionTask final : public Task {
 public:
  explicit SuperResolutionTask(const Recipe& recipe) : factors_(recipe.task.factors) {}

  int crop_px(int patch_px) const override {
    const int least_px = patch_px + 2 * least_margin_px;
    return (least_px + common_multiple - 1) / common_multiple * common_multiple;
  }

  Sample make(Image crop, int patch_px, PatchRandom& random, const ValidationLevel* level) const override {
    const int factor = level != nullptr
                           ? static_cast<int>(level->value)
                           : factors_[static_cast<std::size_t>(random.below(static_cast<int>(factors_.size())))];
    const int side_px = crop.width_px();
    const Image small = resize(crop, side_px / factor, side_px / factor, ResizeFilter::bicubic, 1);
    Image blurred = resize(small, side_px, side_px, ResizeFilter::bicubic, 1);
    for (float& sample : blurred.samples()) sample = std::clamp(sample, 0.F, 1.F);
    const int slack_px = side_px - patch_px - 2 * least_margin_px;
    const int x_px = least_margin_px + random.below(slack_px + 1);
    const int y_px = least_margin_px + random.below(slack_px + 1);
    return with_measured_sigma(cut(crop, x_px, y_px, patch_px), cut(blurred, x_px, y_px, patch_px));
  }

  std::vector<ValidationLevel> validation_levels() const override {
    std::vector<ValidationLevel> levels;
    for (const int factor : factors_) levels.push_back({"x" + std::to_string(factor), 0, static_cast<double>(factor)});
    return levels;
  }

 private:
  std::vector<int> factors_;
};

}  // namespace

std::unique_ptr<Task> make_super_resolution_task(const Recipe& recipe) {
  return std::make_unique<SuperResolutionTask>(recipe);
}

}  // namespace rdenoise::training
