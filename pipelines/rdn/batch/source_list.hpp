// SPDX-License-Identifier: LGPL-2.1-or-later
// The files of a batch, from what the user named.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rdn {

struct Source {
  std::filesystem::path path;      ///< absolute
  std::filesystem::path relative;  ///< below the folder that the user named; else the file's name
  std::string problem;             ///< why it cannot be read; empty if nothing is known against it
  std::uintmax_t size_bytes = 0;
  std::int64_t mtime_ns = 0;  ///< since 1970
};

struct SourceArguments {
  std::vector<std::string> inputs;  ///< files, folders, globs, @LIST
  std::string files_from;           ///< a file with a path on each line; "-" is stdin
  bool recursive = false;
};

/// Sorted by path, each file once. Of a folder those files whose names end like a RAW photo's or a picture's; hidden
/// ones and those below `excluded` are left out. What does not exist is listed with its problem.
///
/// excluded  the output folder, which may lie in an input folder
/// throws  Error{not_found|io} for a list that cannot be read
[[nodiscard]] std::vector<Source> list_sources(const SourceArguments& arguments, const std::filesystem::path& excluded);

}  // namespace rdn
