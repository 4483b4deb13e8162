// SPDX-License-Identifier: LGPL-2.1-or-later
#include "image/output_file.hpp"

#include <cerrno>
#include <cstdlib>
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

MemoryFile::MemoryFile(std::string name) : name_(std::move(name)), file_(::open_memstream(&data_, &size_bytes_)) {
  if (file_ == nullptr) throw_write_error(name_, std::generic_category().message(errno));
}

MemoryFile::~MemoryFile() {
  if (file_ != nullptr) std::fclose(file_);
  std::free(data_);
}

std::vector<std::byte> MemoryFile::bytes() {
  if (std::fclose(std::exchange(file_, nullptr)) != 0) throw_write_error(name_, std::generic_category().message(errno));
  const auto* begin = reinterpret_cast<const std::byte*>(data_);
  return {begin, begin + size_bytes_};
}

}  // namespace rdenoise
