// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chart/svg_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <rdenoise/error.hpp>

#include "base/atomic_file.hpp"

namespace rdenoise {

void write_svg_text(const std::filesystem::path& path, const std::string& svg) {
  AtomicFile file(path);
  errno = 0;
  std::ofstream stream(file.temporary(), std::ios::binary);
  stream << svg;
  stream.close();
  if (!stream) {
    throw Error(ErrorCode::io,
                "writing " + path.string() + ": expected a file that takes the drawing, found " + std::strerror(errno));
  }
  file.commit();
}

}  // namespace rdenoise
