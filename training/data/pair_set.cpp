// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/pair_set.hpp"

#include <algorithm>
#include <map>
#include <rdenoise/error.hpp>
#include <rdenoise/parallel.hpp>
#include <string_view>

#include "data/picture_folder.hpp"
#include "data/picture_set.hpp"
#include "data/scene_split.hpp"

namespace rdenoise::training {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view noisy_folder = "noisy";
constexpr std::string_view mean_folder = "mean";
constexpr std::string_view noisy_mark = "_real";
constexpr std::string_view mean_mark = "_mean";

/// Takes the mark off the name's end, if it has it.
bool take_off(std::string& name, std::string_view mark) {
  if (!name.ends_with(mark)) return false;
  name.resize(name.size() - mark.size());
  return true;
}

void add_half(std::map<std::string, PairPaths>& pairs, const std::string& name, const fs::path& path, bool noisy) {
  PairPaths& pair = pairs[name];
  pair.name = name;
  (noisy ? pair.noisy : pair.mean) = path;
}

bool holds(const Image& picture, int side_px) {
  return picture.width_px() >= side_px && picture.height_px() >= side_px;
}

}  // namespace

std::vector<PairPaths> pairs_below(const fs::path& data, const std::string& folder) {
  std::map<std::string, PairPaths> pairs;
  for (const fs::path& path : pictures_below(data / folder)) {
    const std::string parent = path.parent_path().filename().string();
    std::string name = name_below(data, fs::path(path).replace_extension());
    if (parent == noisy_folder || parent == mean_folder) {
      const std::string pair = name_below(data, path.parent_path().parent_path() / path.stem());
      add_half(pairs, pair, path, parent == noisy_folder);
    } else if (take_off(name, noisy_mark)) {
      add_half(pairs, name, path, true);
    } else if (take_off(name, mean_mark)) {
      add_half(pairs, name, path, false);
    }
  }
  if (pairs.empty())
    throw Error(ErrorCode::not_found, "reading real pairs: expected noisy/ and mean/, or NAME_real and NAME_mean, in " +
                                          (data / folder).string() + ", found neither");
  std::vector<PairPaths> complete;
  for (const auto& [name, pair] : pairs) {
    if (pair.noisy.empty() || pair.mean.empty())
      throw Error(ErrorCode::not_found, "reading real pairs: expected a " +
                                            std::string(pair.noisy.empty() ? "noisy" : "mean") + " picture beside " +
                                            (pair.noisy.empty() ? pair.mean : pair.noisy).string() + ", found none");
    complete.push_back(pair);
  }
  return complete;
}

PairSet::PairSet(const DataRecipe& recipe, ColorModel color_model, const fs::path& data, int train_px, int validate_px,
                 std::vector<std::string>& remarks) {
  std::vector<PairPaths> pairs;
  for (const std::string& folder : recipe.pairs) {
    const std::vector<PairPaths> found = pairs_below(data, folder);
    pairs.insert(pairs.end(), found.begin(), found.end());
  }
  if (pairs.empty()) return;
  std::vector<std::string> names;
  for (const PairPaths& pair : pairs) names.push_back(pair.name);
  const std::vector<PictureUse> uses =
      split_by_scene(names, {recipe.pair_scene, recipe.pair_hold_out, recipe.exclude, recipe.hold_out_every});

  struct Read {
    StoredPicture noisy, mean;
    bool large_enough = false;
  };
  std::vector<Read> read(pairs.size());
  WorkerPool(0).run(static_cast<int>(pairs.size()), [&](int, int index) {
    const auto i = static_cast<std::size_t>(index);
    if (uses[i] == PictureUse::none) return;
    const Image noisy = read_training_picture(pairs[i].noisy, color_model, 0);
    const Image mean = read_training_picture(pairs[i].mean, color_model, 0);
    if (noisy.width_px() != mean.width_px() || noisy.height_px() != mean.height_px())
      throw Error(ErrorCode::corrupt, "reading " + pairs[i].noisy.string() + ": expected the size of " +
                                          pairs[i].mean.string() + ", found another");
    read[i] = {stored(noisy), stored(mean), holds(noisy, uses[i] == PictureUse::validate ? validate_px : train_px)};
  });
  std::size_t too_small = 0;
  for (std::size_t i = 0; i < read.size(); ++i) {
    if (uses[i] == PictureUse::none) continue;
    if (!read[i].large_enough) {
      ++too_small;
      continue;
    }
    const bool validates = uses[i] == PictureUse::validate;
    (validates ? held_out_noisy_ : noisy_).push_back(std::move(read[i].noisy));
    (validates ? held_out_mean_ : mean_).push_back(std::move(read[i].mean));
  }
  if (too_small > 0)
    remarks.push_back(std::to_string(too_small) + " real pairs are smaller than their crops; left out");
  if (noisy_.empty())
    throw Error(ErrorCode::not_found,
                "reading real pairs below " + data.string() + ": expected one of a scene that trains, of at least " +
                    std::to_string(train_px) + " px, found none among " + std::to_string(pairs.size()));
  held_out_noisy_ = spread_choice(std::move(held_out_noisy_), PictureSet::max_held_out);
  held_out_mean_ = spread_choice(std::move(held_out_mean_), PictureSet::max_held_out);
}

Sample PairSet::draw(int side_px, PatchRandom& random) const {
  const auto chosen = static_cast<std::size_t>(random.below(static_cast<int>(noisy_.size())));
  const PatchPlace place = draw_place(noisy_[chosen], side_px, random);
  return with_measured_sigma(crop(mean_[chosen], place, side_px), crop(noisy_[chosen], place, side_px));
}

Sample PairSet::held_out(std::size_t index, int side_px) const {
  const PatchPlace place = middle_place(held_out_noisy_[index], side_px);
  return with_measured_sigma(crop(held_out_mean_[index], place, side_px), crop(held_out_noisy_[index], place, side_px));
}

}  // namespace rdenoise::training
