// SPDX-License-Identifier: LGPL-2.1-or-later
#include "test_set_folder.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

namespace rdenoise::training {
namespace {

namespace fs = std::filesystem;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

std::optional<fs::path> find_test_set(const fs::path& data, const std::string& name) {
  std::error_code error;
  std::vector<fs::path> found;
  if (lower(data.filename().string()) == lower(name)) found.push_back(data);
  for (fs::recursive_directory_iterator entry(data, error), end; !error && entry != end; entry.increment(error))
    if (entry->is_directory(error) && lower(entry->path().filename().string()) == lower(name))
      found.push_back(entry->path());
  if (found.empty()) return std::nullopt;
  return *std::ranges::min_element(found);
}

}  // namespace rdenoise::training
