// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/sample_source.hpp"

#include "domains/domain.hpp"

namespace rdenoise::training {
namespace {

constexpr std::uint64_t validation_seed = 0x76616c6964ULL;
constexpr const char* pairs_label = "pairs";

}  // namespace

SampleSource::SampleSource(const Recipe& recipe, const NetworkSpec& spec, const std::filesystem::path& data)
    : recipe_(recipe),
      task_(make_task(recipe, data, remarks_)),
      pictures_(recipe.data, find_domain(recipe.network.input).stored, data, task_->crop_px(recipe.data.patch_px),
                task_->crop_px(validation_px), remarks_),
      pairs_(recipe.data, find_domain(recipe.network.input).stored, data, recipe.data.patch_px, validation_px,
             remarks_),
      levels_(task_->validation_levels()) {
  if (pairs_.held_out_count() > 0) levels_.push_back({pairs_label, 0, 0.0});
  const int field_px = 2 * receptive_radius_px(spec) + 1;
  if (recipe.data.patch_px < field_px)
    remarks_.push_back("a patch of " + std::to_string(recipe.data.patch_px) +
                       " px shows less than the network looks at, " + std::to_string(field_px) + " px");
}

bool SampleSource::is_of_pairs(std::int64_t step) const noexcept {
  return !pairs_.empty() && recipe_.data.pair_batches == "alternate" && step % 2 == 1;
}

bool SampleSource::is_of_pairs(const ValidationLevel& level) noexcept { return level.label == pairs_label; }

Sample SampleSource::training(std::int64_t step, int index) const {
  const int patch_px = recipe_.data.patch_px;
  PatchRandom random(recipe_.seed, static_cast<std::uint64_t>(step) * static_cast<std::uint64_t>(recipe_.data.batch) +
                                       static_cast<std::uint64_t>(index));
  if (is_of_pairs(step)) return pairs_.draw(patch_px, random);
  return task_->make(pictures_.draw_crop(task_->crop_px(patch_px), random), patch_px, random, nullptr);
}

std::size_t SampleSource::validation_count(const ValidationLevel& level) const noexcept {
  return is_of_pairs(level) ? pairs_.held_out_count() : pictures_.held_out().size();
}

Sample SampleSource::validation(const ValidationLevel& level, std::size_t index) const {
  if (is_of_pairs(level)) return pairs_.held_out(index, validation_px);
  PatchRandom random(validation_seed, index);
  const StoredPicture& picture = pictures_.held_out()[index];
  const int side_px = task_->crop_px(validation_px);
  return task_->make(crop(picture, middle_place(picture, side_px), side_px), validation_px, random, &level);
}

}  // namespace rdenoise::training
