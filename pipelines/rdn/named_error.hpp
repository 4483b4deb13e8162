// SPDX-License-Identifier: LGPL-2.1-or-later
// Errors that say which file they are about.
#pragma once

#include <filesystem>
#include <rdenoise/error.hpp>
#include <utility>

namespace rdn {

/// The same error with the file's path in front, unless its message names the file already.
[[nodiscard]] rdenoise::Error named(const rdenoise::Error& error, const std::filesystem::path& path);

/// Runs `work`; an Error that leaves it names `path`.
template <typename Work>
decltype(auto) naming(const std::filesystem::path& path, Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (const rdenoise::Error& error) {
    throw named(error, path);
  }
}

}  // namespace rdn
