// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <string>

namespace rdenoise {

/// Writes a document, atomically.  throws  Error{io}
void write_svg_text(const std::filesystem::path& path, const std::string& svg);

}  // namespace rdenoise
