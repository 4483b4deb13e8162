// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/source_list.hpp"

#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <rdenoise/error.hpp>
#include <rdenoise/picture_file.hpp>
#include <system_error>

#include "input.hpp"

namespace rdn {
namespace {

namespace fs = std::filesystem;

fs::path normalised(const fs::path& path) { return fs::absolute(path).lexically_normal(); }

Source source_of(const fs::path& path, fs::path relative) {
  Source source{normalised(path), std::move(relative), {}, 0, 0};
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    source.problem = errno == ENOENT ? "no such file" : std::strerror(errno);
  } else if (!S_ISREG(status.st_mode)) {
    source.problem = "expected a file, found something else";
  } else {
    source.size_bytes = static_cast<std::uintmax_t>(status.st_size);
    source.mtime_ns = static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec;
  }
  return source;
}

bool is_wanted_name(const fs::path& path) {
  return path.filename().native().front() != '.' && (is_raw_name(path) || rdenoise::picture_type_for_name(path));
}

class Lister {
 public:
  Lister(bool recursive, const fs::path& excluded) : recursive_(recursive), excluded_(normalised(excluded)) {}

  void add(const std::string& word) {
    if (word.size() > 1 && word.front() == '@' && !fs::exists(word)) return add_list(word.substr(1));
    add_path(word);
  }

  void add_list(const std::string& name) {
    if (name == "-") return add_lines(std::cin);
    errno = 0;
    std::ifstream stream(name);
    if (!stream)
      throw rdenoise::Error(errno == ENOENT ? rdenoise::ErrorCode::not_found : rdenoise::ErrorCode::io,
                            name + ": expected a list of files, found " + std::strerror(errno));
    add_lines(stream);
  }

  [[nodiscard]] std::vector<Source> take() {
    std::ranges::stable_sort(sources_, {}, &Source::path);
    const auto [first, last] = std::ranges::unique(sources_, {}, &Source::path);
    sources_.erase(first, last);
    return std::move(sources_);
  }

 private:
  void add_lines(std::istream& stream) {
    for (std::string line; std::getline(stream, line);) {
      if (!line.empty() && line.back() == '\r') line.pop_back();
      if (!line.empty()) add_path(line);
    }
  }

  void add_path(const fs::path& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) return add_folder(path);
    if (!fs::exists(path, error) && path.native().find_first_of("*?[") != std::string::npos) return add_glob(path);
    sources_.push_back(source_of(path, path.filename()));
  }

  void add_glob(const fs::path& pattern) {
    glob_t found{};
    if (::glob(pattern.c_str(), GLOB_TILDE, nullptr, &found) == 0) {
      for (std::size_t i = 0; i < found.gl_pathc; ++i) {
        const fs::path path = found.gl_pathv[i];
        if (fs::is_directory(path)) continue;
        sources_.push_back(source_of(path, path.filename()));
      }
    } else {
      sources_.push_back(source_of(pattern, pattern.filename()));
      sources_.back().problem = "no file matches";
    }
    ::globfree(&found);
  }

  void add_folder(const fs::path& folder) { add_entries(folder, folder); }

  void add_entries(const fs::path& folder, const fs::path& root) {
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    if (error) {
      sources_.push_back({normalised(folder), folder.lexically_relative(root), error.message(), 0, 0});
      return;
    }
    for (const fs::directory_entry& entry : entries) {
      const fs::path& path = entry.path();
      if (entry.is_directory(error)) {
        // A link to a folder above would lead round in circles.
        const bool goes_on = recursive_ && !entry.is_symlink(error) && path.filename().native().front() != '.';
        if (goes_on && normalised(path) != excluded_) add_entries(path, root);
      } else if (is_wanted_name(path)) {
        sources_.push_back(source_of(path, path.lexically_relative(root)));
      }
    }
  }

  bool recursive_;
  fs::path excluded_;
  std::vector<Source> sources_;
};

}  // namespace

std::vector<Source> list_sources(const SourceArguments& arguments, const fs::path& excluded) {
  Lister lister(arguments.recursive, excluded);
  for (const std::string& word : arguments.inputs) lister.add(word);
  if (!arguments.files_from.empty()) lister.add_list(arguments.files_from);
  return lister.take();
}

}  // namespace rdn
