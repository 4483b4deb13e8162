// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/atomic_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <random>
#include <rdenoise/error.hpp>
#include <string>
#include <system_error>

namespace rdenoise {
namespace {

constexpr int max_attempts = 100;

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
  throw Error(ErrorCode::io, "writing " + path.string() + ": " + std::generic_category().message(error));
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
  std::random_device random;
  // The ending stays last, because some writers choose the format by it.
  const std::string stem = (path_.parent_path() / ("." + path_.stem().string() + ".")).string();
  for (int attempt = 0; attempt < max_attempts; ++attempt) {
    temporary_ = stem + std::to_string(random()) + path_.extension().string();
    // Not mkstemp: that would make the file private, where users expect what their umask says.
    const int fd = ::open(temporary_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
    if (fd >= 0) {
      ::close(fd);
      return;
    }
    if (errno != EEXIST) fail(path_, errno);
  }
  fail(path_, EEXIST);
}

AtomicFile::~AtomicFile() {
  if (!committed_) ::unlink(temporary_.c_str());
}

void AtomicFile::commit() {
  const int fd = ::open(temporary_.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail(path_, errno);
  const int synced = ::fsync(fd);
  const int error = errno;
  ::close(fd);
  if (synced != 0) fail(path_, error);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail(path_, errno);
  committed_ = true;
}

}  // namespace rdenoise
