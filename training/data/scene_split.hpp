// SPDX-License-Identifier: LGPL-2.1-or-later
// Which pictures train, which validate.
#pragma once

#include <string>
#include <vector>

namespace rdenoise::training {

enum class PictureUse { train, validate, none };

/// How pictures are told apart by their names. Patterns are ECMAScript regular expressions that may match anywhere in a
/// name; "" matches nothing.
struct SceneRule {
  std::string scene;     ///< its first group names the scene; "" or no match: the whole name does
  std::string hold_out;  ///< these validate; "": the first of every n scenes, in order of their names
  std::string exclude;   ///< these are not used
  int hold_out_every = 25;
};

/// Pictures of a scene are either all trained on or none of them: a scene of which one picture is held out validates
/// whole. The result has the order of the names.
[[nodiscard]] std::vector<PictureUse> split_by_scene(const std::vector<std::string>& names, const SceneRule& rule);

}  // namespace rdenoise::training
