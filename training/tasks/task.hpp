// SPDX-License-Identifier: LGPL-2.1-or-later
// What a network is to undo: how a crop of a clean picture becomes a pair of patches. A new task is one file and one
// line in task.cpp.
#pragma once

#include <filesystem>
#include <memory>
#include <rdenoise/image.hpp>
#include <string>
#include <vector>

#include "data/patch_random.hpp"
#include "recipe.hpp"
#include "sample.hpp"

namespace rdenoise::training {

/// One column of the validation: "σ25", "Q20", "x3".
struct ValidationLevel {
  std::string label;
  int part = 0;        ///< of a task made of several
  double value = 0.0;  ///< σ in 8-bit steps, JPEG quality, factor
};

class Task {
 public:
  virtual ~Task() = default;

  /// Side of the crop from which a patch is made; what is more than the patch keeps borders out of it.
  [[nodiscard]] virtual int crop_px(int patch_px) const { return patch_px; }

  /// crop    encoded, as the domain stores it, crop_px(patch_px) squared
  /// level   of the degradation; nullptr: drawn
  [[nodiscard]] virtual Sample make(Image crop, int patch_px, PatchRandom& random,
                                    const ValidationLevel* level) const = 0;

  [[nodiscard]] virtual std::vector<ValidationLevel> validation_levels() const = 0;
};

/// The recipe's task: denoise, deblock, super-resolution, general, denoise+demosaic or camera.
///
/// data     folder in which the recipe's response curves lie
/// remarks  gets what the user should know
/// throws   Error{unsupported} for classify, which has no pairs; Error{not_found|corrupt} for the response curves
[[nodiscard]] std::unique_ptr<Task> make_task(const Recipe& recipe, const std::filesystem::path& data,
                                              std::vector<std::string>& remarks);

[[nodiscard]] std::unique_ptr<Task> make_denoise_task(const Recipe& recipe);
[[nodiscard]] std::unique_ptr<Task> make_deblock_task(const Recipe& recipe);
[[nodiscard]] std::unique_ptr<Task> make_super_resolution_task(const Recipe& recipe);
[[nodiscard]] std::unique_ptr<Task> make_general_task(const Recipe& recipe);
[[nodiscard]] std::unique_ptr<Task> make_demosaic_task(const Recipe& recipe);
[[nodiscard]] std::unique_ptr<Task> make_camera_task(const Recipe& recipe, const std::filesystem::path& data,
                                                     std::vector<std::string>& remarks);

}  // namespace rdenoise::training
