// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the real test data lies. Use:
//   const auto folder = data_folder("test-gray/set12");
//   if (!folder) GTEST_SKIP() << no_data_message("test-gray/set12");
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace rdenoise::test {

/// A folder below the one that the environment variable RDENOISE_TEST_DATA names; nullopt if there is none.
[[nodiscard]] std::optional<std::filesystem::path> data_folder(std::string_view name);

[[nodiscard]] std::string no_data_message(std::string_view name);

}  // namespace rdenoise::test
