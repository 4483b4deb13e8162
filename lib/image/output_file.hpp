// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

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

/// The same in memory.
class MemoryFile {
 public:
  /// throws  Error{io}; `name` is for messages
  explicit MemoryFile(std::string name);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  [[nodiscard]] std::FILE* get() const noexcept { return file_; }

  /// What was written. The stream is closed.
  /// throws  Error{io}
  [[nodiscard]] std::vector<std::byte> bytes();

 private:
  std::string name_;
  char* data_ = nullptr;  ///< the C library's, from malloc
  std::size_t size_bytes_ = 0;
  std::FILE* file_ = nullptr;
};

}  // namespace rdenoise
