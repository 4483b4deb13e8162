// SPDX-License-Identifier: LGPL-2.1-or-later
// When to change to a cheaper network, and when back. Knows neither GStreamer nor networks: levels are numbers, 0 the
// one that was asked for, each further one cheaper.
#pragma once

#include <optional>
#include <vector>

namespace rdenoise::gst {

struct QualityGovernorOptions {
  int settle_frames = 4;  ///< after a change: what downstream says then is about frames from before
  int late_frames = 3;    ///< late in a row, and not catching up
  double headroom = 0.7;  ///< part of the budget that a dearer level may be expected to take
  int hold_frames = 90;   ///< on a level before a dearer one is tried; doubled each time that fails
  int longest_hold_frames = 16 * 90;
};

/// One frame, as it was.
struct FrameTiming {
  double cost_ms = 0.0;
  double budget_ms = 0.0;             ///< until the next frame comes; 0: not known
  bool is_live = false;               ///< frames come whether or not the last one is done
  std::optional<double> lateness_ms;  ///< what downstream has reported since the frame before; below 0: early
};

enum class QualityReason { late, too_slow, time_to_spare };
[[nodiscard]] const char* to_string(QualityReason reason) noexcept;

struct QualityChange {
  int from = 0;
  int to = 0;
  QualityReason why = QualityReason::late;
  double cost_ms = 0.0;    ///< of a frame on the old level, mean
  double budget_ms = 0.0;  ///< as FrameTiming's
};

/// Down a level when frames of a live source pile up by more than one frame, or when downstream says several times in
/// a row that frames are late and not catching up. Up a level after hold_frames that were in time, if what the dearer
/// one would take (its cost relative to the present one was seen when it was left) fits the budget with headroom; a
/// dearer level that has to be left again soon is tried ever more seldom. Without a deadline, neither live nor with
/// reports, it stays where it is.
class QualityGovernor {
 public:
  /// level_count  1 or more
  explicit QualityGovernor(int level_count = 1, const QualityGovernorOptions& options = {});

  /// After each frame. The next one is for the level that is then current.
  std::optional<QualityChange> frame_done(const FrameTiming& timing);
  [[nodiscard]] int level() const noexcept { return level_; }
  /// After a flush or gap: what was late does not matter any more. The level stays.
  void forget_lateness() noexcept;

 private:
  [[nodiscard]] bool is_late(const FrameTiming& timing) noexcept;
  [[nodiscard]] bool piles_up(const FrameTiming& timing) noexcept;
  [[nodiscard]] bool may_go_up(const FrameTiming& timing) const noexcept;
  void learn_cost(double cost_ms) noexcept;
  QualityChange change_to(int level, QualityReason why, double budget_ms);

  QualityGovernorOptions options_;
  int level_count_;
  int level_ = 0;
  int frames_here_ = 0;     ///< since the last change
  int frames_in_time_ = 0;  ///< since the last late one
  int late_frames_ = 0;     ///< in a row
  double last_lateness_ms_ = 0.0;
  double backlog_ms_ = 0.0;    ///< by which a live source is ahead
  double mean_cost_ms_ = 0.0;  ///< on this level, of the last frames
  double left_cost_ms_ = 0.0;  ///< on the level above, when it was left downwards
  int hold_frames_;
  bool was_tried_ = false;          ///< this level was reached upwards
  std::vector<double> cost_above_;  ///< by level: cost of the next dearer one, relative to its own; 0: not known
};

}  // namespace rdenoise::gst
