// SPDX-License-Identifier: LGPL-2.1-or-later
// Small text files.
#pragma once

#include <filesystem>
#include <string_view>

namespace rdenoise {

/// Writes to a temporary file beside `path` and renames it, so no partial file is ever left under the final name.
/// throws  Error{io} that names the file
void write_text_file(const std::filesystem::path& path, std::string_view text);

/// True for the name of a temporary file that a writer of this library would use for an output called `output_name`
/// until it is whole: what a process that was killed leaves behind.
[[nodiscard]] bool is_temporary_name_of(const std::filesystem::path& name, const std::filesystem::path& output_name);

}  // namespace rdenoise
