// SPDX-License-Identifier: LGPL-2.1-or-later
// rdenoise under deadlines: what it does when frames are late, and what it tells of its time. A GstHarness is a live
// source; costs are not known here, so budgets are far from them.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "elements/denoised_frames.hpp"
#include "elements/element_harness.hpp"
#include "elements/element_models.hpp"
#include "elements/element_stats.hpp"

namespace rdenoise::test {
namespace {

const NoiseProfile noise = uniform_profile(ColorModel::yuv, NoiseModel::gaussian(20));

/// No network takes a minute, and none as little as a nanosecond.
constexpr const char* one_a_minute = "1/60";
constexpr const char* far_too_many = "1000000000/1";

class Pace : public testing::Test {
 protected:
  const FrameLayout layout = default_layout(*find_pixel_format("I420"), 32, 24);
  /// A frame, the same again and again, each by itself; it has to come out as the network makes it that was in use
  /// before.
  void push_frame(ElementHarness& rdenoise) {
    const std::string model = stats_of(rdenoise.element()).model;
    const Buffer frame(make_frame(layout, 3));
    const Buffer out = rdenoise.push_and_pull(gst_buffer_ref(frame.get()));
    ASSERT_NE(out, nullptr);
    if (model.empty()) return;  // before the first frame
    EXPECT_EQ(samples_of(out.get(), layout), expected(frame.get(), model)) << model;
  }

  static void report_late(const ElementHarness& rdenoise, double lateness_ms) {
    const auto lateness = static_cast<GstClockTimeDiff>(lateness_ms * GST_MSECOND);
    gst_harness_push_upstream_event(
        rdenoise.get(),
        gst_event_new_qos(lateness > 0 ? GST_QOS_TYPE_UNDERFLOW : GST_QOS_TYPE_OVERFLOW, 1.0, lateness, GST_SECOND));
  }

  /// Lines like "best balanced late".
  static std::vector<std::string> quality_news(ElementHarness& rdenoise) {
    std::vector<std::string> lines;
    for (const GstStructure* news : rdenoise.messages("rdenoise-quality")) {
      lines.push_back(std::string(gst_structure_get_string(news, "from")) + " " + gst_structure_get_string(news, "to") +
                      " " + gst_structure_get_string(news, "why"));
      double cost_ms = 0.0;
      double budget_ms = 0.0;
      EXPECT_TRUE(
          gst_structure_get(news, "cost-ms", G_TYPE_DOUBLE, &cost_ms, "budget-ms", G_TYPE_DOUBLE, &budget_ms, nullptr));
      EXPECT_GT(cost_ms, 0.0);
      EXPECT_GT(budget_ms, 0.0);
    }
    return lines;
  }

 private:
  const std::vector<float>& expected(GstBuffer* frame, const std::string& model) {
    std::vector<float>& samples = expected_[model];
    if (samples.empty()) samples = denoised_directly(frame, layout, noise, model);
    return samples;
  }

  const ElementModels models_;
  std::map<std::string, std::vector<float>> expected_;
};

TEST_F(Pace, a_live_source_that_is_too_fast_is_denoised_by_the_cheapest_network) {
  ElementHarness rdenoise("rdenoise sigma=20 temporal=off preset=best");
  rdenoise.set_caps(caps_at(layout, far_too_many));
  for (int i = 0; i < 40; ++i) push_frame(rdenoise);
  EXPECT_EQ(stats_of(rdenoise.element()).quality, "lightest");
  EXPECT_EQ(stats_of(rdenoise.element()).model, "ffdnet-lightest-yuv");
  EXPECT_EQ(stats_of(rdenoise.element()).switches, 4U);
  EXPECT_EQ(quality_news(rdenoise), (std::vector<std::string>{"best balanced too-slow", "balanced live too-slow",
                                                              "live light too-slow", "light lightest too-slow"}));
}

TEST_F(Pace, late_frames_lead_to_a_cheaper_network_and_frames_in_time_back) {
  ElementHarness rdenoise("rdenoise sigma=20 temporal=off preset=balanced");
  rdenoise.set_caps(caps_at(layout, one_a_minute));
  for (int i = 0; i < 10; ++i) push_frame(rdenoise);
  EXPECT_EQ(stats_of(rdenoise.element()).quality, "balanced");
  for (int i = 1; i <= 3; ++i) {
    report_late(rdenoise, 20.0 * i);
    push_frame(rdenoise);
  }
  EXPECT_EQ(stats_of(rdenoise.element()).quality, "live");
  for (int i = 0; i < 120; ++i) {
    report_late(rdenoise, -5.0);
    push_frame(rdenoise);
  }
  EXPECT_EQ(stats_of(rdenoise.element()).quality, "balanced");
  EXPECT_EQ(quality_news(rdenoise), (std::vector<std::string>{"balanced live late", "live balanced time-to-spare"}));
}

TEST_F(Pace, a_throttled_stream_is_not_late) {
  ElementHarness rdenoise("rdenoise sigma=20 temporal=off preset=balanced");
  rdenoise.set_caps(caps_at(layout, one_a_minute));
  for (int i = 0; i < 20; ++i) {
    gst_harness_push_upstream_event(rdenoise.get(),
                                    gst_event_new_qos(GST_QOS_TYPE_THROTTLE, 1.0, GST_SECOND * (i + 1), GST_SECOND));
    push_frame(rdenoise);
  }
  EXPECT_EQ(stats_of(rdenoise.element()).switches, 0U);
}

TEST_F(Pace, a_named_model_and_the_default_one_stay_however_late) {
  for (const char* launch : {"rdenoise sigma=20 model=ffdnet-gray", "rdenoise sigma=20"}) {
    ElementHarness rdenoise(launch);
    rdenoise.set_caps(caps_at(layout, far_too_many));
    for (int i = 0; i < 20; ++i) {
      report_late(rdenoise, 20.0 * i);
      push_frame(rdenoise);
    }
    EXPECT_EQ(stats_of(rdenoise.element()).model, "ffdnet-gray");
    EXPECT_TRUE(quality_news(rdenoise).empty());
  }
}

TEST_F(Pace, a_cheaper_network_that_is_not_installed_is_skipped) {
  const ElementModels fewer;
  fewer.remove("ffdnet-balanced-yuv");
  fewer.remove("ffdnet-light-yuv");
  fewer.remove("ffdnet-lightest-yuv");
  ElementHarness rdenoise("rdenoise sigma=20 temporal=off preset=best");
  rdenoise.set_caps(caps_at(layout, far_too_many));
  for (int i = 0; i < 20; ++i) push_frame(rdenoise);
  EXPECT_EQ(quality_news(rdenoise), std::vector<std::string>{"best live too-slow"});
}

TEST_F(Pace, new_caps_begin_with_the_network_asked_for) {
  ElementHarness rdenoise("rdenoise sigma=20 temporal=off preset=best");
  rdenoise.set_caps(caps_at(layout, far_too_many));
  for (int i = 0; i < 40; ++i) push_frame(rdenoise);
  EXPECT_EQ(stats_of(rdenoise.element()).quality, "lightest");
  rdenoise.set_caps(caps_at(layout, one_a_minute));
  push_frame(rdenoise);
  EXPECT_EQ(stats_of(rdenoise.element()).quality, "best");
}

TEST_F(Pace, a_file_keeps_its_network_however_slow) {
  GstElement* pipeline = gst_parse_launch(
      "videotestsrc num-buffers=20 ! video/x-raw,format=I420,width=32,height=24,framerate=1000000/1 ! "
      "rdenoise name=denoise sigma=20 temporal=off preset=best ! fakesink",
      nullptr);
  ASSERT_NE(pipeline, nullptr);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* end = gst_bus_timed_pop_filtered(
      bus, 60 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT));
  ASSERT_NE(end, nullptr);
  EXPECT_EQ(GST_MESSAGE_TYPE(end), GST_MESSAGE_EOS);
  gst_message_unref(end);
  gst_object_unref(bus);
  GstElement* denoise = gst_bin_get_by_name(GST_BIN(pipeline), "denoise");
  const DenoiseStats stats = stats_of(denoise);
  EXPECT_EQ(stats.frames, 20U);
  EXPECT_EQ(stats.switches, 0U);
  EXPECT_EQ(stats.quality, "best");
  EXPECT_EQ(stats.latency_ns, 0U) << "nothing waits for a file";
  gst_object_unref(denoise);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

TEST_F(Pace, latency_is_upstreams_and_what_frames_take) {
  ElementHarness rdenoise("rdenoise sigma=20");
  gst_harness_set_upstream_latency(rdenoise.get(), 5 * GST_MSECOND);
  rdenoise.set_caps(caps_at(layout, "1/2"));
  EXPECT_EQ(gst_harness_query_latency(rdenoise.get()), 2005 * GST_MSECOND) << "no more than a frame, if it keeps up";
  for (int i = 0; i < 16; ++i) push_frame(rdenoise);
  const DenoiseStats stats = stats_of(rdenoise.element());
  // 20 % above the 95th percentile, in whole milliseconds; not below half of what it was, if costs are that high.
  EXPECT_GE(static_cast<double>(stats.latency_ns), stats.cost_p95_ms * GST_MSECOND);
  EXPECT_LT(stats.latency_ns, 2000 * GST_MSECOND);
  EXPECT_EQ(gst_harness_query_latency(rdenoise.get()), 5 * GST_MSECOND + stats.latency_ns);
}

TEST_F(Pace, passthrough_adds_no_latency) {
  ElementHarness rdenoise("rdenoise strength=0");
  gst_harness_set_upstream_latency(rdenoise.get(), 5 * GST_MSECOND);
  rdenoise.set_caps(caps_at(layout, "1/2"));
  EXPECT_NE(rdenoise.push_and_pull(make_frame(layout)), nullptr);
  EXPECT_EQ(gst_harness_query_latency(rdenoise.get()), 5 * GST_MSECOND);
}

TEST_F(Pace, stats_count_frames_and_what_they_take) {
  ElementHarness rdenoise("rdenoise sigma=20");
  EXPECT_EQ(stats_of(rdenoise.element()).frames, 0U);
  rdenoise.set_caps(caps_at(layout, "1/2"));
  for (int i = 0; i < 7; ++i) push_frame(rdenoise);
  const DenoiseStats stats = stats_of(rdenoise.element());
  EXPECT_EQ(stats.frames, 7U);
  EXPECT_EQ(stats.dropped, 0U);
  EXPECT_GT(stats.cost_mean_ms, 0.0);
  EXPECT_GE(stats.cost_p95_ms, stats.cost_mean_ms);
  EXPECT_EQ(stats.budget_ms, 2000.0);
  EXPECT_EQ(stats.quality, "none");
}

TEST_F(Pace, stats_count_frames_that_qos_dropped) {
  ElementHarness rdenoise("rdenoise sigma=20 qos=true");
  rdenoise.set_caps(caps_at(layout, "1/2"));
  GstBuffer* first = make_frame(layout);
  GST_BUFFER_PTS(first) = 0;
  EXPECT_NE(rdenoise.push_and_pull(first), nullptr);
  report_late(rdenoise, 10000.0);  // of a frame at 1 s
  GstBuffer* late = make_frame(layout);
  GST_BUFFER_PTS(late) = GST_SECOND;
  EXPECT_EQ(rdenoise.push(late), GST_FLOW_OK);
  EXPECT_EQ(rdenoise.pull(), nullptr);
  EXPECT_EQ(stats_of(rdenoise.element()).frames, 1U);
  EXPECT_EQ(stats_of(rdenoise.element()).dropped, 1U);
}

}  // namespace
}  // namespace rdenoise::test
