// SPDX-License-Identifier: LGPL-2.1-or-later
// Names of output files.
#pragma once

#include <filesystem>
#include <string>

namespace rdn {

/// as_input: RAW photos as DNG, pictures in their own format.
enum class BatchFormat { as_input, dng, dng_linear, tiff, png, jpeg };

struct OutputNaming {
  BatchFormat format = BatchFormat::as_input;
  std::string pattern = "{name}";  ///< {name}: the source's without its ending; {ext}: its ending without the dot
};

/// throws  UsageError for a pattern with other fields, with a slash, or without {name}
void check_pattern(const std::string& pattern);

/// The output of a source at `relative`, below the output folder: in the same folder, named by the pattern, with the
/// format's ending.
[[nodiscard]] std::filesystem::path output_name(const std::filesystem::path& relative, const OutputNaming& naming);

/// The same name with a number before its ending: a-2.png.
[[nodiscard]] std::filesystem::path numbered(const std::filesystem::path& name, int number);

}  // namespace rdn
