// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recipe_text.hpp"

#include <toml++/toml.h>

#include <map>
#include <optional>
#include <rdenoise/error.hpp>
#include <sstream>

namespace rdenoise::training {
namespace {

toml::table parsed(const std::string& text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw Error(ErrorCode::corrupt, "reading a recipe: expected TOML, found: " + std::string(error.description()));
  }
}

std::string printed(const toml::node& node) {
  std::ostringstream text;
  text << toml::node_view<const toml::node>(node);
  return text.str();
}

struct Setting {
  std::string section;  ///< empty: above the sections
  std::string key;
  std::string value;  ///< as TOML

  [[nodiscard]] std::string line() const { return key + " = " + value + "\n"; }
};

bool is_bare_key(const std::string& text) {
  return !text.empty() && text.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == std::string::npos;
}

std::string as_toml(const std::string& value) {
  if (value.find('\n') == std::string::npos) {
    try {
      // A comment would swallow what follows it in the recipe's line.
      if (toml::parse("value = " + value).size() == 1 && value.find('#') == std::string::npos) return value;
    } catch (const toml::parse_error&) {  // no TOML, so a string without quotes
    }
  }
  std::ostringstream quoted;
  quoted << toml::value<std::string>(value);
  return quoted.str();
}

Setting parse_setting(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string path = text.substr(0, equals);
  const std::size_t dot = path.find('.');
  Setting setting;
  setting.section = dot == std::string::npos ? "" : path.substr(0, dot);
  setting.key = dot == std::string::npos ? path : path.substr(dot + 1);
  if (equals == std::string::npos || equals + 1 == text.size() || !is_bare_key(setting.key) ||
      (dot != std::string::npos && !is_bare_key(setting.section)))
    throw Error(ErrorCode::invalid_argument, "changing a setting: expected section.key=value, found \"" + text + "\"");
  setting.value = as_toml(text.substr(equals + 1));
  return setting;
}

/// Byte offset of a place that toml++ counts in lines and code points, both from 1.
std::size_t offset_of(const std::string& text, const toml::source_position& place) {
  std::size_t at = 0;
  for (std::uint32_t line = 1; line < place.line; ++line) at = text.find('\n', at) + 1;
  for (std::uint32_t column = 1; column < place.column && at < text.size(); ++column) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  }
  return at;
}

void collect(const toml::table& table, const std::string& prefix, std::map<std::string, std::string>& settings) {
  for (const auto& [key, value] : table) {
    const std::string path = prefix + std::string(key.str());
    if (const toml::table* inner = value.as_table())
      collect(*inner, path + ".", settings);
    else
      settings[path] = printed(value);
  }
}

}  // namespace

std::string with_setting(const std::string& recipe, const std::string& text) {
  const Setting setting = parse_setting(text);
  const toml::table root = parsed(recipe);
  const toml::table* section = setting.section.empty() ? &root : root[setting.section].as_table();
  std::string changed = recipe;
  if (section == nullptr) {
    if (!changed.empty() && changed.back() != '\n') changed += '\n';
    changed += "\n[" + setting.section + "]\n" + setting.line();
  } else if (const toml::node* present = section->get(setting.key)) {
    const std::size_t begin = offset_of(recipe, present->source().begin);
    changed.replace(begin, offset_of(recipe, present->source().end) - begin, setting.value);
  } else if (setting.section.empty()) {
    changed.insert(0, setting.line());
  } else {
    std::size_t line_end = recipe.find('\n', offset_of(recipe, section->source().begin));
    if (line_end == std::string::npos) {
      changed += '\n';
      line_end = recipe.size();
    }
    changed.insert(line_end + 1, setting.line());
  }
  // Sections written in other ways (dotted keys, inline tables) may not take a new line.
  const toml::table after = parsed(changed);
  const toml::table* target = setting.section.empty() ? &after : after[setting.section].as_table();
  if (target == nullptr || !target->contains(setting.key))
    throw Error(ErrorCode::invalid_argument, "changing " + text + ": expected a [" + setting.section +
                                                 "] section in the recipe, found it written in another way");
  return changed;
}

std::vector<std::string> differing_settings(const std::string& first, const std::string& second) {
  std::map<std::string, std::string> a;
  std::map<std::string, std::string> b;
  collect(parsed(first), "", a);
  collect(parsed(second), "", b);
  std::map<std::string, std::string> all = a;
  all.insert(b.begin(), b.end());
  std::vector<std::string> differences;
  for (const auto& [path, unused] : all) {
    const std::string in_a = a.contains(path) ? a[path] : "nothing";
    const std::string in_b = b.contains(path) ? b[path] : "nothing";
    if (in_a != in_b) differences.push_back(path + " (" + in_a + " and " + in_b + ")");
  }
  return differences;
}

}  // namespace rdenoise::training
