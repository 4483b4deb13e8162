// SPDX-License-Identifier: LGPL-2.1-or-later
// A folder of files that appear in it together, or not at all.
#pragma once

#include <filesystem>

namespace rdn {

/// Files are written to staging(), a hidden folder in the final one; commit() moves them up. Without commit the
/// destructor removes all that was made, the folder too unless it was there before.
class OutputFolder {
 public:
  /// Makes the folder if there is none; its parent must exist.
  /// throws  Error{io} that names it if it is a file, or nothing can be written there
  explicit OutputFolder(std::filesystem::path path);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] const std::filesystem::path& staging() const noexcept { return staging_; }

  /// Replaces files of the same names, leaves others as they are.
  /// throws  Error{io}
  void commit();

 private:
  std::filesystem::path path_;
  std::filesystem::path staging_;
  bool is_new_ = false;
  bool committed_ = false;
};

}  // namespace rdn
