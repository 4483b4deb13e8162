// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/scene_split.hpp"

#include <regex>
#include <set>

namespace rdenoise::training {
namespace {

class Pattern {
 public:
  explicit Pattern(const std::string& text) : empty_(text.empty()), regex_(text) {}
  [[nodiscard]] bool finds(const std::string& name) const { return !empty_ && std::regex_search(name, regex_); }
  /// The first group; the whole name where there is none.
  [[nodiscard]] std::string first_group(const std::string& name) const {
    std::smatch match;
    return !empty_ && std::regex_search(name, match, regex_) && match.size() > 1 ? match[1].str() : name;
  }

 private:
  bool empty_;
  std::regex regex_;
};

}  // namespace

std::vector<PictureUse> split_by_scene(const std::vector<std::string>& names, const SceneRule& rule) {
  const Pattern scene(rule.scene);
  const Pattern hold_out(rule.hold_out);
  const Pattern exclude(rule.exclude);
  std::vector<std::string> scenes;
  std::set<std::string> all_scenes;
  std::set<std::string> held_out;
  for (const std::string& name : names) {
    scenes.push_back(scene.first_group(name));
    if (exclude.finds(name)) continue;
    all_scenes.insert(scenes.back());
    if (hold_out.finds(name)) held_out.insert(scenes.back());
  }
  if (rule.hold_out.empty()) {
    int number = 0;
    for (const std::string& name : all_scenes)
      if (number++ % rule.hold_out_every == 0) held_out.insert(name);
  }
  std::vector<PictureUse> uses;
  for (std::size_t i = 0; i < names.size(); ++i)
    uses.push_back(exclude.finds(names[i])        ? PictureUse::none
                   : held_out.contains(scenes[i]) ? PictureUse::validate
                                                  : PictureUse::train);
  return uses;
}

}  // namespace rdenoise::training
