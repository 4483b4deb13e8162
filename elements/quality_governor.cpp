// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quality_governor.hpp"

#include <algorithm>

namespace rdenoise::gst {
namespace {

/// Frames that the running mean of the cost goes back.
constexpr int cost_memory_frames = 16;

}  // namespace

const char* to_string(QualityReason reason) noexcept {
  switch (reason) {
    case QualityReason::late:
      return "late";
    case QualityReason::too_slow:
      return "too-slow";
    case QualityReason::time_to_spare:
      return "time-to-spare";
  }
  return "";
}

QualityGovernor::QualityGovernor(int level_count, const QualityGovernorOptions& options)
    : options_(options),
      level_count_(level_count),
      hold_frames_(options.hold_frames),
      cost_above_(static_cast<std::size_t>(level_count), 0.0) {}

std::optional<QualityChange> QualityGovernor::frame_done(const FrameTiming& timing) {
  learn_cost(timing.cost_ms);
  // A level that is too slow by far is not worth settling on; the first frame alone may be slow for other reasons.
  const bool is_far_too_slow = timing.budget_ms > 0.0 && timing.cost_ms >= 2.0 * timing.budget_ms;
  if (frames_here_ < (is_far_too_slow ? 2 : options_.settle_frames + 1)) return std::nullopt;
  // A tried level that has lasted is no failure any more.
  if (was_tried_ && frames_here_ >= 4 * hold_frames_) {
    was_tried_ = false;
    hold_frames_ = options_.hold_frames;
  }
  const bool late = is_late(timing);
  const bool piling_up = piles_up(timing);
  if (late || piling_up) {
    if (level_ + 1 < level_count_)
      return change_to(level_ + 1, late ? QualityReason::late : QualityReason::too_slow, timing.budget_ms);
    frames_in_time_ = 0;
    return std::nullopt;
  }
  if (may_go_up(timing)) return change_to(level_ - 1, QualityReason::time_to_spare, timing.budget_ms);
  return std::nullopt;
}

void QualityGovernor::forget_lateness() noexcept {
  late_frames_ = 0;
  last_lateness_ms_ = 0.0;
  backlog_ms_ = 0.0;
}

bool QualityGovernor::is_late(const FrameTiming& timing) noexcept {
  if (!timing.lateness_ms) {
    ++frames_in_time_;
    return false;
  }
  const double lateness_ms = *timing.lateness_ms;
  const bool is_catching_up = lateness_ms < last_lateness_ms_;
  last_lateness_ms_ = lateness_ms;
  if (lateness_ms <= 0.0) {
    late_frames_ = 0;
    ++frames_in_time_;
    return false;
  }
  frames_in_time_ = 0;
  late_frames_ = is_catching_up ? 0 : late_frames_ + 1;
  return late_frames_ >= options_.late_frames;
}

bool QualityGovernor::piles_up(const FrameTiming& timing) noexcept {
  if (!timing.is_live || timing.budget_ms <= 0.0) return false;
  backlog_ms_ = std::max(0.0, backlog_ms_ + timing.cost_ms - timing.budget_ms);
  return backlog_ms_ > timing.budget_ms;
}

bool QualityGovernor::may_go_up(const FrameTiming& timing) const noexcept {
  if (level_ == 0 || std::min(frames_here_, frames_in_time_) < hold_frames_) return false;
  if (timing.budget_ms <= 0.0) return true;  // nothing to compare with: a try will tell
  const double expected_ms = mean_cost_ms_ * cost_above_[static_cast<std::size_t>(level_)];
  return expected_ms <= options_.headroom * timing.budget_ms;
}

void QualityGovernor::learn_cost(double cost_ms) noexcept {
  ++frames_here_;
  // The first frame after a change finds cold caches.
  const int known = frames_here_ - 1;
  if (known <= 1) {
    mean_cost_ms_ = cost_ms;
  } else {
    mean_cost_ms_ += (cost_ms - mean_cost_ms_) / std::min(known, cost_memory_frames);
  }
  if (left_cost_ms_ > 0.0 && known >= 1 && known <= cost_memory_frames && mean_cost_ms_ > 0.0)
    cost_above_[static_cast<std::size_t>(level_)] = left_cost_ms_ / mean_cost_ms_;
}

QualityChange QualityGovernor::change_to(int level, QualityReason why, double budget_ms) {
  const QualityChange change{level_, level, why, mean_cost_ms_, budget_ms};
  const bool is_down = level > level_;
  if (is_down && was_tried_) hold_frames_ = std::min(2 * hold_frames_, options_.longest_hold_frames);
  was_tried_ = !is_down;
  left_cost_ms_ = is_down ? mean_cost_ms_ : 0.0;
  level_ = level;
  frames_here_ = 0;
  frames_in_time_ = 0;
  mean_cost_ms_ = 0.0;
  forget_lateness();
  return change;
}

}  // namespace rdenoise::gst
