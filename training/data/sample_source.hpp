// SPDX-License-Identifier: LGPL-2.1-or-later
// All samples of a recipe: its pictures, its real pairs and its task put together.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "data/pair_set.hpp"
#include "data/picture_set.hpp"
#include "tasks/task.hpp"

namespace rdenoise::training {

/// Every number is drawn from the seed and the patch's number: sample i of a step is the same in any thread, process
/// and order.
class SampleSource {
 public:
  static constexpr int validation_px = 128;

  /// Reads all pictures and pairs.
  /// throws  Error{not_found|corrupt|io} for data that is missing, damaged or too small
  SampleSource(const Recipe& recipe, const NetworkSpec& spec, const std::filesystem::path& data);

  /// Patch `index` of the step's batch. Safe to call from many threads.
  [[nodiscard]] Sample training(std::int64_t step, int index) const;
  /// Whether this step's patches are of real pairs, whose σ is not known.
  [[nodiscard]] bool is_of_pairs(std::int64_t step) const noexcept;

  /// What validation is measured at: the task's levels, then "pairs" if real pairs are held out.
  [[nodiscard]] const std::vector<ValidationLevel>& validation_levels() const noexcept { return levels_; }
  [[nodiscard]] std::size_t validation_count(const ValidationLevel& level) const noexcept;
  /// The middle of a held-out picture, the same at every call.
  [[nodiscard]] Sample validation(const ValidationLevel& level, std::size_t index) const;
  [[nodiscard]] static bool is_of_pairs(const ValidationLevel& level) noexcept;

  [[nodiscard]] const PictureSet& pictures() const noexcept { return pictures_; }
  [[nodiscard]] const PairSet& pairs() const noexcept { return pairs_; }
  /// What the user should know: pictures that are too small, patches below the receptive field, repaired curves.
  [[nodiscard]] const std::vector<std::string>& remarks() const noexcept { return remarks_; }

 private:
  Recipe recipe_;
  std::vector<std::string> remarks_;
  std::unique_ptr<Task> task_;
  PictureSet pictures_;
  PairSet pairs_;
  std::vector<ValidationLevel> levels_;
};

}  // namespace rdenoise::training
