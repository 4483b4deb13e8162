// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames on their way through a preview: how many, how long, how many lost.
#pragma once

#include <gst/gst.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <utility>

#include "gst_handle.hpp"
#include "latency_histogram.hpp"

namespace rdn::preview {

struct FrameFigures {
  std::uint64_t shown = 0;      ///< frames that left the last element
  std::uint64_t waived = 0;     ///< dropped before they were looked at, since a newer one was there
  double fps = 0.0;             ///< over the last two seconds
  double latency_p50_ms = 0.0;  ///< from the queue's entry to the last element's exit
  double latency_p95_ms = 0.0;
  double latency_p99_ms = 0.0;
  double latency_max_ms = 0.0;
};

/// Counts at the entry of `queue` and the exits of `queue` and `last`.
class FrameCounters {
 public:
  FrameCounters(GstElement* queue, GstElement* last);
  FrameCounters(const FrameCounters&) = delete;
  FrameCounters& operator=(const FrameCounters&) = delete;
  ~FrameCounters();

  [[nodiscard]] FrameFigures figures() const;

 private:
  using Clock = std::chrono::steady_clock;
  static GstPadProbeReturn on_entry(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn on_taken(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn on_exit(GstPad* pad, GstPadProbeInfo* info, gpointer self);

  Element queue_;
  Pad entry_;
  Pad taken_pad_;
  Pad exit_;
  gulong probes_[3] = {};
  mutable std::mutex mutex_;
  std::deque<std::pair<GstClockTime, Clock::time_point>> inside_;  ///< time stamps of frames, and when they entered
  mutable std::deque<Clock::time_point> shown_lately_;
  LatencyHistogram latencies_;
  std::uint64_t entered_ = 0;
  std::uint64_t taken_ = 0;
  std::uint64_t shown_ = 0;
};

}  // namespace rdn::preview
