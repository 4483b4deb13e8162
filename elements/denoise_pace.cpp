// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise_pace.hpp"

#include <chrono>
#include <cmath>
#include <utility>

namespace rdenoise::gst {
namespace {

constexpr std::size_t frames_of_a_measurement = 16;
/// Between what frames take and what is reported, so that not every slow frame makes the pipeline reckon anew.
constexpr double latency_margin = 1.2;

double now_s() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

GstClockTime whole_ms(double time_ms) { return static_cast<GstClockTime>(std::ceil(time_ms)) * GST_MSECOND; }

bool is_live(GstPad* sink_pad) {
  GstQuery* query = gst_query_new_latency();
  gboolean live = FALSE;
  if (gst_pad_peer_query(sink_pad, query)) gst_query_parse_latency(query, &live, nullptr, nullptr);
  gst_query_unref(query);
  return live != FALSE;
}

}  // namespace

void DenoisePace::note_qos(GstEvent* qos) {
  GstQOSType type = GST_QOS_TYPE_OVERFLOW;
  GstClockTimeDiff lateness = 0;
  gst_event_parse_qos(qos, &type, nullptr, &lateness, nullptr);
  if (type == GST_QOS_TYPE_THROTTLE) return;
  const std::lock_guard lock(mutex_);
  has_reports_ = true;
  lateness_ms_ = static_cast<double>(lateness) / GST_MSECOND;
}

gboolean DenoisePace::answer_latency(GstPad* sink_pad, GstQuery* query) {
  if (!gst_pad_peer_query(sink_pad, query)) return FALSE;
  gboolean live = FALSE;
  GstClockTime least = 0;
  GstClockTime most = GST_CLOCK_TIME_NONE;
  gst_query_parse_latency(query, &live, &least, &most);
  const std::lock_guard lock(mutex_);
  is_live_ = live != FALSE;
  told_latency_ = added_latency();
  if (GST_CLOCK_TIME_IS_VALID(most)) most += told_latency_;
  gst_query_set_latency(query, live, least + told_latency_, most);
  return TRUE;
}

GstStructure* DenoisePace::stats() const {
  const std::lock_guard lock(mutex_);
  return gst_structure_new("rdenoise-stats", "frames", G_TYPE_UINT64, denoised_, "dropped", G_TYPE_UINT64, dropped_,
                           "cost-mean-ms", G_TYPE_DOUBLE, costs_.mean_ms(), "cost-p95-ms", G_TYPE_DOUBLE,
                           costs_.percentile_95_ms(), "budget-ms", G_TYPE_DOUBLE, frame_ms_, "latency", G_TYPE_UINT64,
                           added_latency(), "model", G_TYPE_STRING, model_.c_str(), "quality", G_TYPE_STRING,
                           quality_.c_str(), "switches", G_TYPE_UINT64, switches_, nullptr);
}

void DenoisePace::reset() {
  governor_ = QualityGovernor();
  const std::lock_guard lock(mutex_);
  costs_.clear();
  lateness_ms_.reset();
  has_reports_ = false;
  is_live_.reset();
  is_passthrough_ = false;
  frame_ms_ = 0.0;
  measured_latency_.reset();
  told_latency_ = 0;
  denoised_ = dropped_ = switches_ = 0;
  quality_.clear();
  model_.clear();
}

void DenoisePace::begin_frames(double frame_ms) {
  forget_lateness();
  const std::lock_guard lock(mutex_);
  frame_ms_ = frame_ms;
  costs_.clear();
  measured_latency_.reset();
}

void DenoisePace::forget_lateness() {
  governor_.forget_lateness();
  const std::lock_guard lock(mutex_);
  lateness_ms_.reset();
}

void DenoisePace::frame_dropped() {
  const std::lock_guard lock(mutex_);
  ++dropped_;
}

void DenoisePace::set_passthrough(bool passthrough) {
  const std::lock_guard lock(mutex_);
  is_passthrough_ = passthrough;
}

void DenoisePace::begin_levels(int level_count) { governor_ = QualityGovernor(level_count); }

void DenoisePace::set_in_use(const std::string& quality, const std::string& model) {
  const std::lock_guard lock(mutex_);
  quality_ = quality;
  model_ = model;
  costs_.clear();  // another network's
}

bool DenoisePace::has_deadline(GstPad* sink_pad) {
  std::unique_lock lock(mutex_);
  if (!is_live_) {
    lock.unlock();  // the answer may come by answer_latency of another thread
    const bool live = is_live(sink_pad);
    lock.lock();
    is_live_ = live;
  }
  return *is_live_ || has_reports_;
}

std::optional<QualityChange> DenoisePace::frame_done(GstElement* element, double cost_ms) {
  FrameTiming timing{.cost_ms = cost_ms};
  bool is_news = false;
  {
    const std::lock_guard lock(mutex_);
    ++denoised_;
    costs_.add(now_s(), cost_ms);
    is_news = update_latency();
    timing.budget_ms = frame_ms_;
    timing.is_live = is_live_.value_or(false);
    timing.lateness_ms = std::exchange(lateness_ms_, std::nullopt);
  }
  if (is_news) gst_element_post_message(element, gst_message_new_latency(GST_OBJECT(element)));
  const std::optional<QualityChange> change = governor_.frame_done(timing);
  if (change) {
    const std::lock_guard lock(mutex_);
    ++switches_;
  }
  return change;
}

/// In live streams, what is measured; before that one frame, the most that it may be if it keeps up.
GstClockTime DenoisePace::added_latency() const {
  if (!is_live_.value_or(false) || is_passthrough_) return 0;
  return measured_latency_.value_or(whole_ms(frame_ms_));
}

/// returns  true if the pipeline has to ask anew
bool DenoisePace::update_latency() {
  if (costs_.frame_count() >= frames_of_a_measurement) {
    const double cost_ms = costs_.percentile_95_ms();
    const GstClockTime cost = whole_ms(cost_ms);
    const GstClockTime with_margin = whole_ms(latency_margin * cost_ms);
    const GstClockTime reported = added_latency();
    if (cost > reported || 2 * with_margin < reported) measured_latency_ = with_margin;
  }
  const GstClockTime told = std::exchange(told_latency_, added_latency());
  return told != told_latency_;
}

}  // namespace rdenoise::gst
