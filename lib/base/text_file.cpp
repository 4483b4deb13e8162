// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cerrno>
#include <cstring>
#include <fstream>
#include <rdenoise/error.hpp>
#include <rdenoise/text_file.hpp>
#include <string>

#include "base/atomic_file.hpp"

namespace rdenoise {

void write_text_file(const std::filesystem::path& path, std::string_view text) {
  AtomicFile file(path);
  errno = 0;
  std::ofstream stream(file.temporary(), std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) {
    throw Error(ErrorCode::io,
                "writing " + path.string() + ": expected a file that takes the text, found " + std::strerror(errno));
  }
  file.commit();
}

bool is_temporary_name_of(const std::filesystem::path& name, const std::filesystem::path& output_name) {
  const std::string text = name.string();
  const std::string begin = "." + output_name.stem().string() + ".";
  const std::string end = output_name.extension().string();
  if (text.size() <= begin.size() + end.size() || !text.starts_with(begin) || !text.ends_with(end)) return false;
  const std::string_view number = std::string_view(text).substr(begin.size(), text.size() - begin.size() - end.size());
  return number.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace rdenoise
