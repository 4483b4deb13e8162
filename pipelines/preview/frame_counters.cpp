// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_counters.hpp"

namespace rdn::preview {
namespace {

constexpr std::chrono::seconds fps_window{2};
/// More than can be between entry and exit; older ones were dropped on the way.
constexpr std::size_t most_frames_inside = 64;

}  // namespace

FrameCounters::FrameCounters(GstElement* queue, GstElement* last)
    : queue_(GST_ELEMENT(gst_object_ref(queue))),
      entry_(gst_element_get_static_pad(queue, "sink")),
      taken_pad_(gst_element_get_static_pad(queue, "src")),
      exit_(gst_element_get_static_pad(last, "src")) {
  probes_[0] = gst_pad_add_probe(entry_.get(), GST_PAD_PROBE_TYPE_BUFFER, on_entry, this, nullptr);
  probes_[1] = gst_pad_add_probe(taken_pad_.get(), GST_PAD_PROBE_TYPE_BUFFER, on_taken, this, nullptr);
  probes_[2] = gst_pad_add_probe(exit_.get(), GST_PAD_PROBE_TYPE_BUFFER, on_exit, this, nullptr);
}

FrameCounters::~FrameCounters() {
  gst_pad_remove_probe(entry_.get(), probes_[0]);
  gst_pad_remove_probe(taken_pad_.get(), probes_[1]);
  gst_pad_remove_probe(exit_.get(), probes_[2]);
}

GstPadProbeReturn FrameCounters::on_entry(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<FrameCounters*>(data);
  const std::scoped_lock lock(self->mutex_);
  ++self->entered_;
  self->inside_.emplace_back(GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info)), Clock::now());
  if (self->inside_.size() > most_frames_inside) self->inside_.pop_front();
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn FrameCounters::on_taken(GstPad* /*pad*/, GstPadProbeInfo* /*info*/, gpointer data) {
  auto* self = static_cast<FrameCounters*>(data);
  const std::scoped_lock lock(self->mutex_);
  ++self->taken_;
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn FrameCounters::on_exit(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<FrameCounters*>(data);
  const GstClockTime pts = GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info));
  const Clock::time_point now = Clock::now();
  const std::scoped_lock lock(self->mutex_);
  ++self->shown_;
  self->shown_lately_.push_back(now);
  while (now - self->shown_lately_.front() > fps_window) self->shown_lately_.pop_front();
  while (!self->inside_.empty()) {
    const auto [entered_pts, entered_at] = self->inside_.front();
    self->inside_.pop_front();
    if (entered_pts != pts) continue;
    self->latencies_.add(std::chrono::duration<double, std::milli>(now - entered_at).count());
    break;
  }
  return GST_PAD_PROBE_OK;
}

FrameFigures FrameCounters::figures() const {
  guint waiting = 0;
  g_object_get(queue_.get(), "current-level-buffers", &waiting, nullptr);
  const Clock::time_point now = Clock::now();
  const std::scoped_lock lock(mutex_);
  while (!shown_lately_.empty() && now - shown_lately_.front() > fps_window) shown_lately_.pop_front();
  FrameFigures figures;
  figures.shown = shown_;
  const std::uint64_t gone_on = taken_ + waiting;
  figures.waived = entered_ > gone_on ? entered_ - gone_on : 0;
  if (shown_lately_.size() > 1) {
    const std::chrono::duration<double> span = shown_lately_.back() - shown_lately_.front();
    if (span.count() > 0.0) figures.fps = static_cast<double>(shown_lately_.size() - 1) / span.count();
  }
  figures.latency_p50_ms = latencies_.percentile_ms(0.50);
  figures.latency_p95_ms = latencies_.percentile_ms(0.95);
  figures.latency_p99_ms = latencies_.percentile_ms(0.99);
  figures.latency_max_ms = latencies_.max_ms();
  return figures;
}

}  // namespace rdn::preview
