// SPDX-License-Identifier: LGPL-2.1-or-later
// The clean pictures of a recipe in memory, and crops of them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/patch_random.hpp"
#include "data/stored_picture.hpp"
#include "data_recipe.hpp"

namespace rdenoise::training {

/// A square place anywhere in a picture, turned in one of eight ways.
[[nodiscard]] PatchPlace draw_place(const StoredPicture& picture, int side_px, PatchRandom& random);
/// The square in the middle of a picture, not turned; it begins at even coordinates.
[[nodiscard]] PatchPlace middle_place(const StoredPicture& picture, int side_px) noexcept;

/// Up to `count` of the pictures, spread over all of them.
[[nodiscard]] std::vector<StoredPicture> spread_choice(std::vector<StoredPicture> pictures, std::size_t count);

class PictureSet {
 public:
  static constexpr std::size_t max_held_out = 12;

  /// Reads all pictures in parallel. Those that validate are kept at their own size, at most max_held_out of them.
  ///
  /// train_px, validate_px  sides of the crops that must fit; smaller pictures are left out with a remark
  /// throws  Error{not_found} if a folder is missing or empty, or if no picture trains or none validates
  PictureSet(const DataRecipe& recipe, ColorModel color_model, const std::filesystem::path& data, int train_px,
             int validate_px, std::vector<std::string>& remarks);

  /// From a picture chosen by its area.
  [[nodiscard]] Image draw_crop(int side_px, PatchRandom& random) const;

  [[nodiscard]] const std::vector<StoredPicture>& pictures() const noexcept { return pictures_; }
  [[nodiscard]] const std::vector<StoredPicture>& held_out() const noexcept { return held_out_; }

 private:
  std::vector<StoredPicture> pictures_;  ///< at every scale
  std::vector<double> cumulative_area_;
  std::vector<StoredPicture> held_out_;
};

}  // namespace rdenoise::training
