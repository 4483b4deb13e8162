// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/output_name.hpp"

#include <rdenoise/picture_file.hpp>
#include <string_view>

#include "command.hpp"
#include "input.hpp"

namespace rdn {
namespace {

namespace fs = std::filesystem;

void replace_all(std::string& text, std::string_view field, const std::string& value) {
  for (std::size_t at = text.find(field); at != std::string::npos; at = text.find(field, at + value.size()))
    text.replace(at, field.size(), value);
}

std::string ending_for(const fs::path& source, BatchFormat format) {
  switch (format) {
    case BatchFormat::dng:
    case BatchFormat::dng_linear:
      return ".dng";
    case BatchFormat::tiff:
      return ".tiff";
    case BatchFormat::png:
      return ".png";
    case BatchFormat::jpeg:
      return ".jpg";
    case BatchFormat::as_input:
      break;
  }
  const bool is_picture = !is_raw_name(source) && rdenoise::picture_type_for_name(source);
  return is_picture ? source.extension().string() : ".dng";
}

}  // namespace

void check_pattern(const std::string& pattern) {
  std::string rest = pattern;
  replace_all(rest, "{ext}", "");
  const std::size_t before = rest.size();
  replace_all(rest, "{name}", "");
  if (rest.size() == before || rest.find_first_of("{}/") != std::string::npos || pattern.front() == '.')
    throw UsageError("--name: expected a pattern with {name}, {ext} and no folders, found " + pattern);
}

fs::path output_name(const fs::path& relative, const OutputNaming& naming) {
  const std::string ext = relative.extension().string();
  std::string name = naming.pattern;
  replace_all(name, "{ext}", ext.empty() ? ext : ext.substr(1));
  replace_all(name, "{name}", relative.stem().string());
  return relative.parent_path() / (name + ending_for(relative, naming.format));
}

fs::path numbered(const fs::path& name, int number) {
  return name.parent_path() / (name.stem().string() + "-" + std::to_string(number) + name.extension().string());
}

}  // namespace rdn
