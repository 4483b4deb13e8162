// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/class_set.hpp"

#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/parallel.hpp>
#include <rdenoise/resize.hpp>

#include "data/picture_folder.hpp"
#include "data/picture_set.hpp"
#include "data/scene_split.hpp"
#include "domains/domain.hpp"

namespace rdenoise::training {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t validation_seed = 0x76616c6964ULL;
constexpr double largest_zoom = 1.25;  // the picture may be this much larger than the square, so squares show parts

Image with_shorter_side(const Image& picture, double shorter_px) {
  const double scale = shorter_px / std::min(picture.width_px(), picture.height_px());
  const auto side = [&](int px) { return std::max(static_cast<int>(std::lround(px * scale)), 1); };
  return resize(picture, side(picture.width_px()), side(picture.height_px()), ResizeFilter::area, 1);
}

}  // namespace

ClassSet::ClassSet(const Recipe& recipe, const fs::path& data) : recipe_(recipe) {
  if (recipe.task.kind != "classify")
    throw Error(ErrorCode::invalid_argument,
                "reading pictures by class: expected the task classify, found " + recipe.task.kind);
  for (std::size_t label = 0; label < recipe.task.classes.size(); ++label)
    read_class(data, recipe.data.folders[label], static_cast<int>(label));
}

void ClassSet::read_class(const fs::path& data, const std::string& folder, int label) {
  const std::vector<fs::path> paths = pictures_below(data / folder);
  std::vector<std::string> names;
  for (const fs::path& path : paths) names.push_back(name_below(data, path));
  const std::vector<PictureUse> uses = split_by_scene(
      names, {recipe_.data.scene, recipe_.data.hold_out, recipe_.data.exclude, recipe_.data.hold_out_every});
  const ColorModel kept = find_domain(recipe_.network.input).stored;
  const double shorter_px = largest_zoom * recipe_.task.side_px;
  std::vector<ClassPicture> read(paths.size());
  WorkerPool(0).run(static_cast<int>(paths.size()), [&](int, int index) {
    const auto i = static_cast<std::size_t>(index);
    if (uses[i] == PictureUse::none) return;
    const Image full = read_training_picture(paths[i], kept, 0);
    read[i] = {stored(with_shorter_side(full, shorter_px)), std::min(full.width_px(), full.height_px()) / shorter_px,
               label};
  });
  std::vector<ClassPicture>& train = training_.emplace_back();
  const std::size_t held_out_before = held_out_.size();
  for (std::size_t i = 0; i < read.size(); ++i)
    if (uses[i] != PictureUse::none) (uses[i] == PictureUse::train ? train : held_out_).push_back(std::move(read[i]));
  const std::size_t validating = held_out_.size() - held_out_before;
  if (train.empty() || validating == 0)
    throw Error(ErrorCode::not_found,
                "reading pictures of class " + recipe_.task.classes[static_cast<std::size_t>(label)] + " in " +
                    (data / folder).string() + ": expected some to train and some to validate on, found " +
                    std::to_string(train.size()) + " and " + std::to_string(validating));
}

ClassSet::View ClassSet::viewed(const ClassPicture& picture, double zoom) const {
  return {stored(with_shorter_side(as_image(picture.picture), zoom * recipe_.task.side_px)),
          std::max(1.0, picture.reduction * largest_zoom / zoom)};
}

Image ClassSet::with_noise(const View& view, const PatchPlace& place, PatchNoise noise, NoiseSeed seed) const {
  noise.model.a /= view.reduction * view.reduction;
  noise.model.b /= view.reduction * view.reduction;
  Image square = crop(view.picture, place, recipe_.task.side_px);
  add_patch_noise(square, noise, seed);
  return square;
}

LabelledPicture ClassSet::training(std::int64_t step, int index) const {
  PatchRandom random(recipe_.seed, static_cast<std::uint64_t>(step) * static_cast<std::uint64_t>(recipe_.data.batch) +
                                       static_cast<std::uint64_t>(index));
  const auto& of_class = training_[static_cast<std::size_t>(random.below(static_cast<int>(training_.size())))];
  const ClassPicture& chosen = of_class[static_cast<std::size_t>(random.below(static_cast<int>(of_class.size())))];
  const View view = viewed(chosen, random.uniform(1.0, largest_zoom));
  PatchPlace place = draw_place(view.picture, recipe_.task.side_px, random);
  place.turn &= 4;  // mirrored or not; a face upside down is none
  const PatchNoise noise = draw_noise(recipe_.noise, recipe_.network.input, recipe_.task.side_px, random);
  return {with_noise(view, place, noise, random.noise_seed()), chosen.label};
}

LabelledPicture ClassSet::validation(int index, double sigma_8bit) const {
  const ClassPicture& picture = held_out_[static_cast<std::size_t>(index)];
  const View view = viewed(picture, 1.0);
  const PatchNoise noise{.model = NoiseModel::gaussian(sigma_8bit), .sigma_scale = {}, .clip = recipe_.noise.clip};
  const PatchRandom random(validation_seed, static_cast<std::uint64_t>(index));
  return {with_noise(view, middle_place(view.picture, recipe_.task.side_px), noise, random.noise_seed()),
          picture.label};
}

}  // namespace rdenoise::training
