// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace rdenoise {

[[noreturn]] void throw_write_error(const std::string& name, const std::string& found);

/// A C stream for the libraries that want one.
class OutputFile {
 public:
  /// throws  Error{io}; `name` is for messages
  OutputFile(const std::filesystem::path& path, std::string name);

  [[nodiscard]] std::FILE* get() const noexcept { return file_.get(); }

  /// Flushes what is still buffered; without it the file may be cut off unnoticed.
  /// throws  Error{io}
  void close();

 private:
  struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  std::string name_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace rdenoise
