// SPDX-License-Identifier: LGPL-2.1-or-later
// Real pairs: a noisy photograph, and the mean of many of the same scene.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/patch_random.hpp"
#include "data/stored_picture.hpp"
#include "data_recipe.hpp"
#include "sample.hpp"

namespace rdenoise::training {

struct PairPaths {
  std::string name;  ///< below the data folder, without ending and marks: what patterns are matched against
  std::filesystem::path noisy;
  std::filesystem::path mean;
};

/// Pairs of a folder: noisy/NAME and mean/NAME, or NAME_real.* and NAME_mean.*; sorted by name.
/// throws  Error{not_found} if there is no such folder, no pair in it, or a picture without its partner, which is named
[[nodiscard]] std::vector<PairPaths> pairs_below(const std::filesystem::path& data, const std::string& folder);

class PairSet {
 public:
  /// Scenes are told apart by pair_scene: by default the name without the number at its end, as crops of a scene have
  /// it. Without pairs in the recipe, or without room for a scene that validates, the sets are empty.
  ///
  /// throws  Error{not_found} as pairs_below, or if no pair is left to train on; Error{corrupt} if the two pictures of
  /// a
  ///         pair differ in size
  PairSet(const DataRecipe& recipe, ColorModel color_model, const std::filesystem::path& data, int train_px,
          int validate_px, std::vector<std::string>& remarks);

  /// A patch of a pair, every pair as likely; σ is measured.
  [[nodiscard]] Sample draw(int side_px, PatchRandom& random) const;
  /// The middle of a held-out pair.
  [[nodiscard]] Sample held_out(std::size_t index, int side_px) const;

  [[nodiscard]] bool empty() const noexcept { return noisy_.empty(); }
  [[nodiscard]] std::size_t count() const noexcept { return noisy_.size(); }
  [[nodiscard]] std::size_t held_out_count() const noexcept { return held_out_noisy_.size(); }

 private:
  std::vector<StoredPicture> noisy_;
  std::vector<StoredPicture> mean_;
  std::vector<StoredPicture> held_out_noisy_;
  std::vector<StoredPicture> held_out_mean_;
};

}  // namespace rdenoise::training
