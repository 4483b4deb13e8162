// SPDX-License-Identifier: LGPL-2.1-or-later
#include "image/output_file.hpp"

#include <cerrno>
#include <rdenoise/error.hpp>
#include <system_error>
#include <utility>

namespace rdenoise {

void throw_write_error(const std::string& name, const std::string& found) {
  throw Error(ErrorCode::io, "writing " + name + ": " + found);
}

OutputFile::OutputFile(const std::filesystem::path& path, std::string name)
    : name_(std::move(name)), file_(std::fopen(path.c_str(), "wb")) {
  if (!file_) throw_write_error(name_, std::generic_category().message(errno));
}

void OutputFile::close() {
  if (std::fclose(file_.release()) != 0) throw_write_error(name_, std::generic_category().message(errno));
}

}  // namespace rdenoise
