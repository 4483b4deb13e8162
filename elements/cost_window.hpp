// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <deque>

namespace rdenoise::gst {

/// What the frames of the last seconds took.
class CostWindow {
 public:
  /// now_s  of a clock that never goes back
  void add(double now_s, double cost_ms);
  void clear() noexcept { frames_.clear(); }

  [[nodiscard]] std::size_t frame_count() const noexcept { return frames_.size(); }
  /// 0 without frames, both.
  [[nodiscard]] double mean_ms() const noexcept;
  /// The least cost that 95 % of the frames do not exceed.
  [[nodiscard]] double percentile_95_ms() const;

 private:
  struct Frame {
    double time_s;
    double cost_ms;
  };
  std::deque<Frame> frames_;
};

}  // namespace rdenoise::gst
