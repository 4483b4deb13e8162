// SPDX-License-Identifier: LGPL-2.1-or-later
// Left of a divider the frames as they come to an element, right of it as they leave it.
#pragma once

#include <gst/gst.h>

#include <atomic>
#include <deque>
#include <mutex>

#include "gst_handle.hpp"

namespace rdn::preview {

/// Copies the columns left of divider_px of each plane from `before` to `after`, and draws the divider: two pixels of
/// white. Both frames have these caps (video/x-raw or video/x-bayer). False if the memory of one does not fit the caps.
bool show_split(GstCaps* caps, GstBuffer* before, GstBuffer* after, int divider_px);

/// Sits on the pads of an element that makes each frame into one other frame with the same time stamp, or drops it.
/// It costs a copy of what is left of the divider: no second branch of the pipeline, and no frame waits for another.
class SplitView {
 public:
  explicit SplitView(GstElement* element);
  SplitView(const SplitView&) = delete;
  SplitView& operator=(const SplitView&) = delete;
  ~SplitView();

  // threads: safe
  void show(bool on) noexcept { is_on_ = on; }
  [[nodiscard]] bool is_on() const noexcept { return is_on_; }
  /// 0: all denoised … 1: nothing
  void set_divider(double share_of_width) noexcept;
  [[nodiscard]] double divider() const noexcept { return share_of_width_; }

 private:
  static GstPadProbeReturn on_frame_before(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn on_frame_after(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  [[nodiscard]] Buffer take_before(GstClockTime pts);

  Pad sink_;
  Pad src_;
  gulong before_probe_ = 0;
  gulong after_probe_ = 0;
  std::atomic<bool> is_on_{false};
  std::atomic<double> share_of_width_{0.5};
  std::mutex mutex_;
  std::deque<Buffer> before_;  ///< frames inside the element, oldest first
};

}  // namespace rdn::preview
