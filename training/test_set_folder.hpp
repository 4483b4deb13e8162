// SPDX-License-Identifier: LGPL-2.1-or-later
// Test sets by the names that the papers call them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace rdenoise::training {

/// `data` itself or a folder anywhere below it of that name, in any case; of several the first by path.
[[nodiscard]] std::optional<std::filesystem::path> find_test_set(const std::filesystem::path& data,
                                                                 const std::string& name);

}  // namespace rdenoise::training
