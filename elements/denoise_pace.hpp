// SPDX-License-Identifier: LGPL-2.1-or-later
// What rdenoise knows of time: what its frames take, how much time there is for them, and what it tells others of that.
#pragma once

#include <gst/gst.h>

#include <mutex>
#include <optional>
#include <string>

#include "cost_window.hpp"
#include "quality_governor.hpp"

namespace rdenoise::gst {

class DenoisePace {
 public:
  // ---- from any thread ----
  /// Notes how late frames are downstream. A throttled stream is not late.
  void note_qos(GstEvent* qos);
  /// Answers GST_QUERY_LATENCY: what upstream says, and in live streams what this element adds.
  gboolean answer_latency(GstPad* sink_pad, GstQuery* query);
  /// For the property `stats`. transfer full
  [[nodiscard]] GstStructure* stats() const;

  // ---- from the streaming thread, and while there is none ----
  /// Forgets all.
  void reset();
  /// Frames of other caps, or after a flush or gap.
  /// frame_ms  from one frame to the next; 0: not known
  void begin_frames(double frame_ms);
  void forget_lateness();
  void frame_dropped();
  /// These go through untouched from now on, in no time.
  void set_passthrough(bool passthrough);
  /// Networks from which the governor may choose, the first in use.
  void begin_levels(int level_count);
  void set_in_use(const std::string& quality, const std::string& model);
  /// True if frames come or are waited for at their times: by a live source, or a sink that says how late they are.
  [[nodiscard]] bool has_deadline(GstPad* sink_pad);
  /// Learns from a frame what it took.
  /// returns  a change of level for the next frame
  [[nodiscard]] std::optional<QualityChange> frame_done(GstElement* element, double cost_ms);

 private:
  [[nodiscard]] GstClockTime added_latency() const;
  bool update_latency();

  mutable std::mutex mutex_;  ///< guards all but the governor, which is the streaming thread's
  CostWindow costs_;
  std::optional<double> lateness_ms_;  ///< reported since the last frame
  bool has_reports_ = false;
  std::optional<bool> is_live_;
  bool is_passthrough_ = false;
  double frame_ms_ = 0.0;
  std::optional<GstClockTime> measured_latency_;
  GstClockTime told_latency_ = 0;  ///< what the pipeline has reckoned with
  guint64 denoised_ = 0;
  guint64 dropped_ = 0;
  guint64 switches_ = 0;
  std::string quality_;
  std::string model_;
  QualityGovernor governor_;
};

}  // namespace rdenoise::gst
