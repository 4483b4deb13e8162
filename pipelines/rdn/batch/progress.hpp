// SPDX-License-Identifier: LGPL-2.1-or-later
// How far a batch is, on stderr.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

#include "batch/file_report.hpp"

namespace rdn {

enum class ProgressStyle {
  bar,    ///< one line that is drawn over, with the time left; failures stay above it
  lines,  ///< a line for each file
  json    ///< a JSON object on a line for each file: done, total, eta_seconds, and those of the report
};

/// bar on a terminal, else lines; json if the user wants JSON.
[[nodiscard]] ProgressStyle progress_style(bool json);

class Progress {
 public:
  /// total_bytes  of the sources that are to be converted: what the time left is reckoned by
  Progress(ProgressStyle style, std::size_t total_files, std::uintmax_t total_bytes);
  /// threads  any
  void file_settled(const FileReport& report);
  /// Ends the bar's line.
  void finish();

 private:
  [[nodiscard]] double eta_seconds() const;
  void draw_bar() const;

  ProgressStyle style_;
  std::size_t total_files_;
  std::uintmax_t total_bytes_;
  std::mutex mutex_;
  std::size_t settled_files_ = 0;
  std::uintmax_t settled_bytes_ = 0;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace rdn
