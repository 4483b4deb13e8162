// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <rdenoise/error.hpp>
#include <string>
#include <system_error>

namespace rdenoise {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
  throw Error(ErrorCode::io, "writing " + path.string() + ": " + std::generic_category().message(error));
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
  // The ending stays last, because some writers choose the format by it.
  std::string pattern = (path_.parent_path() / ("." + path_.stem().string() + ".XXXXXX")).string();
  const std::string ending = path_.extension().string();
  pattern += ending;
  const int fd = ::mkstemps(pattern.data(), static_cast<int>(ending.size()));
  if (fd < 0) fail(path_, errno);
  // mkstemps makes it private; a user expects the usual permissions.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  ::fchmod(fd, 0666 & ~mask);
  ::close(fd);
  temporary_ = pattern;
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
