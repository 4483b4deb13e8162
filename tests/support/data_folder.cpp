// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/data_folder.hpp"

#include <cstdlib>

namespace rdenoise::test {

std::optional<std::filesystem::path> data_folder(std::string_view name) {
  const char* root = std::getenv("RDENOISE_TEST_DATA");
  if (root == nullptr) return std::nullopt;
  std::filesystem::path folder = std::filesystem::path(root) / name;
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) return std::nullopt;
  return folder;
}

std::string no_data_message(std::string_view name) {
  return "no folder " + std::string(name) + " below RDENOISE_TEST_DATA";
}

}  // namespace rdenoise::test
