// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/picture_set.hpp"

#include <algorithm>
#include <rdenoise/error.hpp>
#include <rdenoise/parallel.hpp>

#include "data/picture_folder.hpp"
#include "data/scene_split.hpp"

namespace rdenoise::training {
namespace {

namespace fs = std::filesystem;

bool holds(const StoredPicture& picture, int side_px) {
  return picture.width_px >= side_px && picture.height_px >= side_px;
}

}  // namespace

PatchPlace draw_place(const StoredPicture& picture, int side_px, PatchRandom& random) {
  const int x_px = random.below(picture.width_px - side_px + 1);
  const int y_px = random.below(picture.height_px - side_px + 1);
  return {x_px, y_px, random.below(8)};
}

PatchPlace middle_place(const StoredPicture& picture, int side_px) noexcept {
  return {(picture.width_px - side_px) / 4 * 2, (picture.height_px - side_px) / 4 * 2, 0};
}

std::vector<StoredPicture> spread_choice(std::vector<StoredPicture> pictures, std::size_t count) {
  if (pictures.size() <= count) return pictures;
  std::vector<StoredPicture> chosen;
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(std::move(pictures[i * pictures.size() / count]));
  return chosen;
}

PictureSet::PictureSet(const DataRecipe& recipe, ColorModel color_model, const fs::path& data, int train_px,
                       int validate_px, std::vector<std::string>& remarks) {
  std::vector<fs::path> paths;
  std::vector<std::string> names;
  for (const std::string& folder : recipe.folders)
    for (const fs::path& path : pictures_below(data / folder)) {
      paths.push_back(path);
      names.push_back(name_below(data, path));
    }
  const std::vector<PictureUse> uses =
      split_by_scene(names, {recipe.scene, recipe.hold_out, recipe.exclude, recipe.hold_out_every});

  std::vector<std::vector<StoredPicture>> read(paths.size());
  WorkerPool(0).run(static_cast<int>(paths.size()), [&](int, int index) {
    const auto i = static_cast<std::size_t>(index);
    if (uses[i] == PictureUse::none) return;
    const Image full = read_training_picture(paths[i], color_model, recipe.max_side_px);
    if (uses[i] == PictureUse::validate)
      read[i].push_back(stored(full));
    else
      for (const double scale : recipe.scales)
        for (const double detail_px : recipe.details_px)
          read[i].push_back(stored(softened(reduced(full, scale), detail_px)));
  });

  std::size_t too_small = 0;
  std::vector<StoredPicture> held_out;
  for (std::size_t i = 0; i < read.size(); ++i) {
    const bool validates = uses[i] == PictureUse::validate;
    for (StoredPicture& picture : read[i]) {
      if (!holds(picture, validates ? validate_px : train_px))
        ++too_small;
      else
        (validates ? held_out : pictures_).push_back(std::move(picture));
    }
  }
  if (too_small > 0)
    remarks.push_back(std::to_string(too_small) + " pictures (at a scale) are smaller than their crops of " +
                      std::to_string(train_px) + " px for training, " + std::to_string(validate_px) +
                      " px for validation; they are left out");
  const auto require_some = [&](const std::vector<StoredPicture>& pictures, int side_px, const std::string& purpose) {
    if (pictures.empty())
      throw Error(ErrorCode::not_found, "reading training data below " + data.string() +
                                            ": expected pictures of at least " + std::to_string(side_px) + " px to " +
                                            purpose + ", found none among " + std::to_string(paths.size()));
  };
  require_some(pictures_, train_px, "train on");
  require_some(held_out, validate_px, "validate on");
  held_out_ = spread_choice(std::move(held_out), max_held_out);
  for (const StoredPicture& picture : pictures_)
    cumulative_area_.push_back((cumulative_area_.empty() ? 0.0 : cumulative_area_.back()) +
                               static_cast<double>(picture.width_px) * picture.height_px);
}

Image PictureSet::draw_crop(int side_px, PatchRandom& random) const {
  const double area = random.uniform(0.0, cumulative_area_.back());
  const auto chosen = std::upper_bound(cumulative_area_.begin(), cumulative_area_.end() - 1, area);
  const StoredPicture& picture = pictures_[static_cast<std::size_t>(chosen - cumulative_area_.begin())];
  return crop(picture, draw_place(picture, side_px, random), side_px);
}

}  // namespace rdenoise::training
