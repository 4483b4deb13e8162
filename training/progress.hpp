// SPDX-License-Identifier: LGPL-2.1-or-later
// What a running training says of itself: lines, a bar on a terminal, or JSON lines.
#pragma once

#include <chrono>
#include <iosfwd>
#include <optional>
#include <string>

#include "learning_curve.hpp"

namespace rdenoise::training {

struct Progress {
  std::int64_t step = 0;
  std::int64_t steps = 0;  ///< of the whole recipe
  double patches_per_s = 0.0;
  double left_s = 0.0;                   ///< at this pace; infinite while the pace is not known
  std::optional<CurvePoint> validation;  ///< present at a validation
  bool best = false;                     ///< this validation is the best so far
};

/// One line of text.
[[nodiscard]] std::string progress_line(const Progress& progress);
/// One JSON object; psnr_db or right_percent has the levels as keys, sigmas by their number. What is not finite is
/// null.
[[nodiscard]] std::string progress_json(const Progress& progress);
/// A bar of fixed width with what is left; fits 80 columns.
[[nodiscard]] std::string progress_bar(const Progress& progress, const std::optional<CurvePoint>& last_validation);

enum class ProgressStyle { lines, bar, json };

/// Writes what is reported; a bar is drawn anew at most five times a second and lines appear above it.
class ProgressPrinter {
 public:
  ProgressPrinter(std::ostream& out, ProgressStyle style) : out_(out), style_(style) {}
  ~ProgressPrinter();
  ProgressPrinter(const ProgressPrinter&) = delete;
  ProgressPrinter& operator=(const ProgressPrinter&) = delete;

  void report(const Progress& progress);
  /// A message of its own, such as a warning; not part of JSON lines.
  void say(const std::string& message);

 private:
  void clear_bar();

  std::ostream& out_;
  ProgressStyle style_;
  bool bar_shown_ = false;
  std::chrono::steady_clock::time_point bar_drawn_;
  std::optional<CurvePoint> last_validation_;
};

}  // namespace rdenoise::training
