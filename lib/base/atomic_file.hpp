// SPDX-License-Identifier: LGPL-2.1-or-later
// A file that appears under its name only when it is whole.
#pragma once

#include <filesystem>

namespace rdenoise {

/// Reserves a temporary name beside `path`. Write to temporary(), then commit() syncs and renames it; a destructor
/// without commit removes it.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  [[nodiscard]] const std::filesystem::path& temporary() const noexcept { return temporary_; }
  /// throws  Error{io}
  void commit();

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  bool committed_ = false;
};

}  // namespace rdenoise
