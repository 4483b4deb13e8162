// SPDX-License-Identifier: LGPL-2.1-or-later
// Denoising, deblocking and super-resolution by one network: DnCNN-3, see deblock.cpp. Each patch is of one of them.
#include <algorithm>
#include <array>

#include "data/stored_picture.hpp"
#include "tasks/task.hpp"

namespace rdenoise::training {
namespace {

class GeneralTask final : public Task {
 public:
  explicit GeneralTask(const Recipe& recipe)
      : parts_{make_denoise_task(recipe), make_deblock_task(recipe), make_super_resolution_task(recipe)} {
    std::copy_n(recipe.task.shares.begin(), parts_.size(), shares_.begin());
  }

  int crop_px(int patch_px) const override {
    int greatest = 0;
    for (const auto& part : parts_) greatest = std::max(greatest, part->crop_px(patch_px));
    return greatest;
  }

  Sample make(Image crop, int patch_px, PatchRandom& random, const ValidationLevel* level) const override {
    const Task& part = *parts_[level != nullptr ? static_cast<std::size_t>(level->part) : draw_part(random)];
    const int wanted_px = part.crop_px(patch_px);
    const int offset_px = (crop.width_px() - wanted_px) / 2;
    return part.make(cut(crop, offset_px, offset_px, wanted_px), patch_px, random, level);
  }

  std::vector<ValidationLevel> validation_levels() const override {
    std::vector<ValidationLevel> levels;
    for (std::size_t i = 0; i < parts_.size(); ++i)
      for (ValidationLevel level : parts_[i]->validation_levels()) {
        level.part = static_cast<int>(i);
        if (shares_[i] > 0.0) levels.push_back(level);
      }
    return levels;
  }

 private:
  std::size_t draw_part(PatchRandom& random) const {
    double place = random.uniform(0.0, shares_[0] + shares_[1] + shares_[2]);
    std::size_t part = 0;
    while (part + 1 < shares_.size() && (place >= shares_[part] || shares_[part] == 0.0)) place -= shares_[part++];
    return part;
  }

  std::array<std::unique_ptr<Task>, 3> parts_;
  std::array<double, 3> shares_{};
};

}  // namespace

std::unique_ptr<Task> make_general_task(const Recipe& recipe) { return std::make_unique<GeneralTask>(recipe); }

}  // namespace rdenoise::training
