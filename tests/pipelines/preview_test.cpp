// SPDX-License-Identifier: LGPL-2.1-or-later
// The parts of `rdn preview` that need no window: keys, figures, the split view, and the pipeline's text.
#include <gst/gst.h>
#include <gst/video/video.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "command.hpp"
#include "commands.hpp"
#include "frame_counters.hpp"
#include "latency_histogram.hpp"
#include "pipeline_text.hpp"
#include "split_view.hpp"
#include "support/temporary_folder.hpp"

namespace rdn::preview {
namespace {

TEST(PreviewKeys, of_window_and_terminal_mean_the_same) {
  const std::pair<std::string_view, std::string_view> rows[] = {{"space", " "}, {"plus", "+"},      {"Up", "\x1b[A"},
                                                                {"p", "p"},     {"Left", "\x1b[D"}, {"q", "q"}};
  for (const auto& [name, bytes] : rows) {
    std::string_view typed = bytes;
    const auto by_terminal = take_command(typed);
    ASSERT_TRUE(by_terminal) << name;
    EXPECT_EQ(command_of_key(name), by_terminal) << name;
    EXPECT_TRUE(typed.empty()) << name;
  }
}

TEST(PreviewKeys, come_one_by_one_and_unknown_ones_are_passed_over) {
  std::string_view typed = "zc\x1b[C,";
  EXPECT_EQ(take_command(typed), Command::toggle_compare);
  EXPECT_EQ(take_command(typed), Command::divider_right);
  EXPECT_EQ(take_command(typed), Command::seek_back);
  EXPECT_EQ(take_command(typed), std::nullopt);
  EXPECT_EQ(command_of_key("F13"), std::nullopt);
}

TEST(PreviewKeys, escape_leaves_but_the_sequence_of_an_unknown_key_does_not) {
  std::string_view escape = "\x1b";
  EXPECT_EQ(take_command(escape), Command::quit);
  std::string_view page_up = "\x1b[5~";
  EXPECT_EQ(take_command(page_up), std::nullopt);
}

TEST(LatencyHistogram, tells_percentiles_to_half_a_millisecond) {
  LatencyHistogram times;
  EXPECT_EQ(times.percentile_ms(0.5), 0.0);
  for (int ms = 1; ms <= 100; ++ms) times.add(ms);
  // The time itself opens a bin, whose upper edge is told.
  EXPECT_DOUBLE_EQ(times.percentile_ms(0.50), 50.5);
  EXPECT_DOUBLE_EQ(times.percentile_ms(0.99), 99.5);
  EXPECT_DOUBLE_EQ(times.percentile_ms(1.00), 100.5);
  EXPECT_EQ(times.max_ms(), 100.0);
  times.add(5000.0);
  EXPECT_EQ(times.max_ms(), 5000.0);
  EXPECT_LE(times.percentile_ms(1.0), 2000.0);
  EXPECT_EQ(times.count(), 101U);
}

GstBuffer* filled(std::size_t size_bytes, int value) {
  GstBuffer* buffer = gst_buffer_new_and_alloc(size_bytes);
  gst_buffer_memset(buffer, 0, static_cast<guint8>(value), size_bytes);
  return buffer;
}

std::vector<guint8> bytes_of(GstBuffer* buffer) {
  std::vector<guint8> bytes(gst_buffer_get_size(buffer));
  gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
  return bytes;
}

class SplitOf : public testing::TestWithParam<const char*> {};

TEST_P(SplitOf, format_is_before_left_of_the_divider_and_after_right_of_it) {
  constexpr int width_px = 38;
  constexpr int height_px = 10;
  constexpr int divider_px = 16;
  const std::string format = GetParam();
  const bool is_mosaic = format.starts_with("rggb");
  const Caps caps(gst_caps_new_simple(is_mosaic ? "video/x-bayer" : "video/x-raw", "format", G_TYPE_STRING,
                                      format.c_str(), "width", G_TYPE_INT, width_px, "height", G_TYPE_INT, height_px,
                                      "framerate", GST_TYPE_FRACTION, 30, 1, nullptr));
  GstVideoInfo info;
  std::size_t size = 0;
  int first_plane_stride = 0;
  int pixel_bytes = 1;
  if (is_mosaic) {
    pixel_bytes = format == "rggb" ? 1 : 2;
    first_plane_stride = GST_ROUND_UP_4(width_px * pixel_bytes);
    size = static_cast<std::size_t>(first_plane_stride) * height_px;
  } else {
    ASSERT_TRUE(gst_video_info_from_caps(&info, caps.get()));
    size = GST_VIDEO_INFO_SIZE(&info);
    first_plane_stride = GST_VIDEO_INFO_PLANE_STRIDE(&info, 0);
    pixel_bytes = GST_VIDEO_INFO_COMP_PSTRIDE(&info, 0);
  }
  const Buffer before(filled(size, 10));
  const Buffer after(filled(size, 20));
  ASSERT_TRUE(show_split(caps.get(), before.get(), after.get(), divider_px));
  const std::vector<guint8> bytes = bytes_of(after.get());
  for (int y = 0; y < height_px; ++y)
    for (int x = 0; x < width_px; ++x) {
      const guint8 found = bytes[static_cast<std::size_t>(y * first_plane_stride + x * pixel_bytes)];
      if (x < divider_px)
        EXPECT_EQ(found, 10) << x << "," << y;
      else if (x < divider_px + 2)
        EXPECT_NE(found, 20) << x << "," << y;
      else
        EXPECT_EQ(found, 20) << x << "," << y;
    }
  EXPECT_EQ(bytes_of(before.get()), std::vector<guint8>(size, 10));
}

INSTANTIATE_TEST_SUITE_P(Every, SplitOf,
                         testing::Values("I420", "NV12", "YV12", "I420_10LE", "P010_10LE", "GRAY8", "RGB", "rggb",
                                         "rggb16le"));

TEST(Split, at_the_edges_shows_all_of_one_side) {
  const Caps caps(gst_caps_from_string("video/x-raw,format=I420,width=32,height=8,framerate=30/1"));
  const Buffer before(filled(32 * 8 * 3 / 2, 10));
  const Buffer after(filled(32 * 8 * 3 / 2, 20));
  ASSERT_TRUE(show_split(caps.get(), before.get(), after.get(), 1000));
  EXPECT_EQ(bytes_of(after.get()), bytes_of(before.get()));
}

TEST(Split, of_a_buffer_too_small_for_its_caps_changes_nothing) {
  const Caps caps(gst_caps_from_string("video/x-raw,format=I420,width=32,height=8,framerate=30/1"));
  const Buffer before(filled(32 * 8, 10));
  const Buffer after(filled(32 * 8 * 3 / 2, 20));
  EXPECT_FALSE(show_split(caps.get(), before.get(), after.get(), 16));
  EXPECT_EQ(bytes_of(after.get()), std::vector<guint8>(32 * 8 * 3 / 2, 20));
}

void play_to_end(GstElement* pipeline) {
  const Bus bus(gst_element_get_bus(pipeline));
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstMessage* end = gst_bus_timed_pop_filtered(bus.get(), 20 * GST_SECOND,
                                               static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  ASSERT_NE(end, nullptr);
  EXPECT_EQ(GST_MESSAGE_TYPE(end), GST_MESSAGE_EOS);
  gst_message_unref(end);
}

TEST(SplitView, puts_the_frame_before_an_element_beside_the_one_after_it) {
  Element pipeline(
      gst_parse_launch("videotestsrc num-buffers=3 pattern=white ! video/x-raw,format=I420,width=64,"
                       "height=16 ! videobalance name=dark brightness=-1 ! fakesink name=out",
                       nullptr));
  gst_object_ref_sink(pipeline.get());
  const Element dark(gst_bin_get_by_name(GST_BIN(pipeline.get()), "dark"));
  const Element out(gst_bin_get_by_name(GST_BIN(pipeline.get()), "out"));
  SplitView view(dark.get());
  view.show(true);
  view.set_divider(0.25);
  play_to_end(pipeline.get());
  GstSample* last = nullptr;
  g_object_get(out.get(), "last-sample", &last, nullptr);
  const Sample sample(last);
  ASSERT_TRUE(sample);
  const std::vector<guint8> row = bytes_of(gst_sample_get_buffer(sample.get()));
  EXPECT_GT(row[4], 200);
  EXPECT_LT(row[40], 50);
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
}

TEST(FrameCounters, know_every_frame_and_its_time_inside) {
  Element pipeline(
      gst_parse_launch("videotestsrc num-buffers=20 ! video/x-raw,width=32,height=32 ! queue name=entry ! "
                       "identity name=last sleep-time=2000 ! fakesink",
                       nullptr));
  gst_object_ref_sink(pipeline.get());
  const Element entry(gst_bin_get_by_name(GST_BIN(pipeline.get()), "entry"));
  const Element last(gst_bin_get_by_name(GST_BIN(pipeline.get()), "last"));
  const FrameCounters counters(entry.get(), last.get());
  play_to_end(pipeline.get());
  const FrameFigures figures = counters.figures();
  EXPECT_EQ(figures.shown, 20U);
  EXPECT_EQ(figures.waived, 0U);
  EXPECT_GE(figures.latency_p50_ms, 2.0);  // what the element sleeps for each
  EXPECT_GE(figures.latency_max_ms, 2.0);
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
}

Options with_source(const std::string& source) {
  Options options;
  options.source = source;
  options.sink = "fake";
  return options;
}

TEST(PreviewPipeline, is_one_that_gstreamer_can_parse) {
  const rdenoise::test::TemporaryFolder folder;
  const std::string film = (folder / "a film \"1\".mkv").string();
  std::ofstream(film) << "not read here";
  for (const std::string& source : {std::string("test"), film})
    for (const bool overlay : {false, true}) {
      Options options = with_source(source);
      options.overlay = overlay;
      GError* error = nullptr;
      GstElement* pipeline =
          gst_parse_launch_full(pipeline_text(options).c_str(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error);
      EXPECT_EQ(error, nullptr) << error->message;
      if (pipeline != nullptr) gst_object_unref(pipeline);
    }
}

TEST(PreviewPipeline, shows_frames_of_a_camera_at_once_and_those_of_a_file_at_their_time) {
  for (const char* sink : {"window", "fake"}) {
    Options options;
    options.sink = sink;
    EXPECT_NE(sink_text(options, true).find("sync=false"), std::string::npos) << sink;
    EXPECT_NE(sink_text(options, false).find("sync=true"), std::string::npos) << sink;
  }
}

TEST(PreviewPipeline, names_what_it_expected_of_a_source_sink_or_size) {
  const auto refusal = [](const Options& options) -> std::string {
    try {
      static_cast<void>(pipeline_text(options));
    } catch (const UsageError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_NE(refusal(with_source("/no/such/film.mkv")).find("/dev/videoN"), std::string::npos);
  Options sink = with_source("test");
  sink.sink = "film.avi";
  EXPECT_NE(refusal(sink).find(".mkv"), std::string::npos) << refusal(sink);
  Options size = with_source("test");
  size.size = "1280";
  EXPECT_NE(refusal(size).find("WxH"), std::string::npos) << refusal(size);
}

}  // namespace
}  // namespace rdn::preview

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
