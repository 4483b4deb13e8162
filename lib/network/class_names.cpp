// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/class_names.hpp"

#include <algorithm>
#include <rdenoise/error.hpp>

namespace rdenoise {

bool is_class_name(std::string_view text) noexcept {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !text.empty() && std::ranges::all_of(text, allowed) && text != "auto" && text != "none";
}

std::string join_class_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

std::vector<std::string> parse_class_names(std::string_view text) {
  const auto refuse = [&](const std::string& expected) {
    throw Error(ErrorCode::corrupt,
                "reading model metadata, classes: expected " + expected + ", found \"" + std::string(text) + "\"");
  };
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string name(text.substr(begin, end - begin));
    if (!is_class_name(name)) refuse(std::string("between commas ") + class_name_rule);
    if (std::ranges::find(names, name) != names.end()) refuse("each class once");
    names.push_back(name);
    begin = end + 1;
  }
  return names;
}

}  // namespace rdenoise
