// SPDX-License-Identifier: LGPL-2.1-or-later
// A DNG of a picture by formula through rdrawdec and the elements after it.
#include <gst/tag/tag.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <rdenoise/denoise.hpp>
#include <rdenoise/isp.hpp>
#include <rdenoise/model.hpp>
#include <rdenoise/raw.hpp>

#include "elements/element_harness.hpp"
#include "elements/element_models.hpp"
#include "support/formula_pictures.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise::test {
namespace {

RawFrame formula_photo(int seed = 0) {
  RawFrame frame;
  frame.width_px = 66;
  frame.height_px = 50;
  frame.cfa = CfaPattern::gbrg;
  frame.bit_depth = 14;
  frame.metadata.black_level_dn = {512.F, 512.F, 512.F, 512.F};
  frame.metadata.white_level_dn = 15000.F;
  frame.metadata.as_shot_gains = {2.F, 1.F, 1.5F};
  frame.metadata.iso = 800.F;
  frame.metadata.exposure_s = 1.F / 125.F;
  frame.metadata.make = "Formula";
  frame.metadata.model = "One";
  frame.mosaic.resize(static_cast<std::size_t>(frame.width_px) * frame.height_px);
  Image clean = formula_bayer(frame.width_px, frame.height_px, frame.cfa);
  NoiseProfile noise = uniform_profile(ColorModel::bayer, {0.002, 0.0001});
  add_noise(clean.view(), frame.view(), noise, {static_cast<std::uint64_t>(seed), 0});
  return frame;
}

std::vector<std::byte> dng_bytes(const RawFrame& frame) {
  const TemporaryFolder folder;
  write_dng(folder / "photo.dng", frame);
  std::ifstream file(folder / "photo.dng", std::ios::binary);
  const std::vector<char> chars{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::byte> bytes(chars.size());
  std::ranges::transform(chars, bytes.begin(), [](char c) { return static_cast<std::byte>(c); });
  return bytes;
}

GstBuffer* to_buffer(std::span<const std::byte> bytes) {
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, bytes.size(), nullptr);
  gst_buffer_fill(buffer, 0, bytes.data(), bytes.size());
  return buffer;
}

FrameLayout layout_of(const RawFrame& frame) {
  return default_layout(*find_pixel_format("gbrg14le"), frame.width_px, frame.height_px);
}

void expect_mosaic(GstBuffer* buffer, const RawFrame& photo) {
  ASSERT_NE(buffer, nullptr);
  const FrameBytes bytes(buffer, layout_of(photo));
  for (int y = 0; y < photo.height_px; ++y) {
    const auto* row = reinterpret_cast<const std::uint16_t*>(bytes.plane(0) + y * bytes.stride_bytes(0));
    for (int x = 0; x < photo.width_px; ++x) ASSERT_EQ(row[x], photo.mosaic[y * photo.width_px + x]) << x << "," << y;
  }
}

TEST(RawPhoto, in_pieces_comes_out_as_its_mosaic_at_the_end) {
  const RawFrame photo = formula_photo();
  const auto file = dng_bytes(photo);
  ElementHarness rdrawdec("rdrawdec");
  rdrawdec.set_caps("image/x-raw-photo");
  for (std::size_t at = 0; at < file.size(); at += 1000) {
    ASSERT_EQ(rdrawdec.push(to_buffer(std::span(file).subspan(at, std::min<std::size_t>(1000, file.size() - at)))),
              GST_FLOW_OK);
  }
  EXPECT_EQ(rdrawdec.pull(), nullptr);
  EXPECT_TRUE(rdrawdec.push_event(gst_event_new_eos()));
  EXPECT_EQ(rdrawdec.error(), "");
  const Buffer out = rdrawdec.pull();
  expect_mosaic(out.get(), photo);
  EXPECT_EQ(GST_BUFFER_PTS(out.get()), GST_CLOCK_TIME_NONE);

  GstCaps* caps = gst_pad_get_current_caps(rdrawdec.get()->sinkpad);
  GstCaps* expected =
      gst_caps_from_string("video/x-bayer,format=(string)gbrg14le,width=66,height=50,framerate=(fraction)0/1");
  EXPECT_TRUE(gst_caps_is_equal(caps, expected)) << gst_caps_to_string(caps);
  gst_caps_unref(caps);
  gst_caps_unref(expected);
}

TEST(RawPhoto, carries_levels_and_gains) {
  ElementHarness rdrawdec("rdrawdec");
  rdrawdec.set_caps("image/x-raw-photo");
  rdrawdec.push(to_buffer(dng_bytes(formula_photo())));
  rdrawdec.push_event(gst_event_new_eos());
  const Buffer out = rdrawdec.pull();
  ASSERT_NE(out, nullptr);
  GstCustomMeta* meta = gst_buffer_get_custom_meta(out.get(), "RdRawInfo");
  ASSERT_NE(meta, nullptr);
  const GstStructure* info = gst_custom_meta_get_structure(meta);
  double white = 0.0;
  double iso = 0.0;
  EXPECT_TRUE(gst_structure_get(info, "white-level", G_TYPE_DOUBLE, &white, "iso", G_TYPE_DOUBLE, &iso, nullptr));
  EXPECT_EQ(white, 15000.0);
  EXPECT_EQ(iso, 800.0);
  const GValue* black = gst_structure_get_value(info, "black-level");
  ASSERT_EQ(gst_value_array_get_size(black), 4U);
  EXPECT_EQ(g_value_get_double(gst_value_array_get_value(black, 2)), 512.0);
  const GValue* gains = gst_structure_get_value(info, "gains");
  ASSERT_EQ(gst_value_array_get_size(gains), 3U);
  // AsShotNeutral holds the reciprocals as fractions.
  EXPECT_NEAR(g_value_get_double(gst_value_array_get_value(gains, 0)), 2.0, 1e-3);
  EXPECT_NEAR(g_value_get_double(gst_value_array_get_value(gains, 2)), 1.5, 1e-3);
  // No rdnoiseest has seen it: a tag is no measurement.
  EXPECT_EQ(gst_buffer_get_custom_meta(out.get(), "RdNoiseProfile"), nullptr);
}

TEST(RawPhoto, tells_its_exif_as_tags) {
  ElementHarness rdrawdec("rdrawdec");
  rdrawdec.set_caps("image/x-raw-photo");
  rdrawdec.push(to_buffer(dng_bytes(formula_photo())));
  rdrawdec.push_event(gst_event_new_eos());
  GstTagList* tags = nullptr;
  while (GstEvent* event = gst_harness_try_pull_event(rdrawdec.get())) {
    if (GST_EVENT_TYPE(event) == GST_EVENT_TAG) {
      GstTagList* of_event = nullptr;
      gst_event_parse_tag(event, &of_event);
      if (tags == nullptr) tags = gst_tag_list_copy(of_event);
    }
    gst_event_unref(event);
  }
  ASSERT_NE(tags, nullptr);
  gchar* model = nullptr;
  int iso = 0;
  EXPECT_TRUE(gst_tag_list_get_string(tags, GST_TAG_DEVICE_MODEL, &model));
  EXPECT_TRUE(gst_tag_list_get_int(tags, GST_TAG_CAPTURING_ISO_SPEED, &iso));
  EXPECT_STREQ(model, "One");
  EXPECT_EQ(iso, 800);
  const GValue* shutter = gst_tag_list_get_value_index(tags, GST_TAG_CAPTURING_SHUTTER_SPEED, 0);
  ASSERT_NE(shutter, nullptr);
  EXPECT_EQ(gst_value_get_fraction_numerator(shutter), 1);
  EXPECT_EQ(gst_value_get_fraction_denominator(shutter), 125);
  g_free(model);
  gst_tag_list_unref(tags);
}

TEST(RawPhoto, in_each_buffer_comes_out_at_once_where_caps_have_a_framerate) {
  ElementHarness rdrawdec("rdrawdec");
  rdrawdec.set_caps("image/x-raw-photo,framerate=10/1");
  for (int i = 0; i < 3; ++i) {
    const RawFrame photo = formula_photo(i);
    GstBuffer* in = to_buffer(dng_bytes(photo));
    GST_BUFFER_PTS(in) = i * GST_SECOND / 10;
    const Buffer out = rdrawdec.push_and_pull(in);
    expect_mosaic(out.get(), photo);
    EXPECT_EQ(GST_BUFFER_PTS(out.get()), i * GST_SECOND / 10);
  }
}

TEST(RawPhoto, after_photo_is_told_apart_without_caps) {
  ElementHarness rdrawdec("rdrawdec");
  rdrawdec.set_caps("image/x-raw-photo");
  for (int i = 0; i < 3; ++i) rdrawdec.push(to_buffer(dng_bytes(formula_photo(i))));
  rdrawdec.push_event(gst_event_new_eos());
  EXPECT_EQ(rdrawdec.error(), "");
  for (int i = 0; i < 3; ++i) expect_mosaic(rdrawdec.pull().get(), formula_photo(i));
}

TEST(RawPhoto, is_forgotten_by_a_flush) {
  const RawFrame photo = formula_photo(7);
  ElementHarness rdrawdec("rdrawdec");
  rdrawdec.set_caps("image/x-raw-photo");
  rdrawdec.push(to_buffer(std::vector<std::byte>(3000)));
  EXPECT_TRUE(rdrawdec.push_event(gst_event_new_flush_start()));
  EXPECT_TRUE(rdrawdec.push_event(gst_event_new_flush_stop(TRUE)));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_BYTES);
  EXPECT_TRUE(rdrawdec.push_event(gst_event_new_segment(&segment)));
  rdrawdec.push(to_buffer(dng_bytes(photo)));
  rdrawdec.push_event(gst_event_new_eos());
  EXPECT_EQ(rdrawdec.error(), "");
  const Buffer out = rdrawdec.pull();
  expect_mosaic(out.get(), photo);
  EXPECT_EQ(GST_BUFFER_PTS(out.get()), 0U);
}

// ---- whole pipelines -----------------------------------------------------------------------------------------------

/// Runs to the end of the stream; the last buffer that reached the appsink-like fakesink named "out".
class Pipeline {
 public:
  explicit Pipeline(const std::string& launch) {
    GError* error = nullptr;
    pipeline_ = gst_parse_launch(launch.c_str(), &error);
    EXPECT_EQ(error, nullptr) << launch << ": " << (error != nullptr ? error->message : "");
    sink_ = gst_bin_get_by_name(GST_BIN(pipeline_), "out");
    g_object_set(sink_, "signal-handoffs", TRUE, "enable-last-sample", TRUE, "async", TRUE, nullptr);
  }
  ~Pipeline() {
    gst_element_set_state(pipeline_, GST_STATE_NULL);
    gst_object_unref(sink_);
    gst_object_unref(pipeline_);
  }
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  [[nodiscard]] GstElement* get() const { return pipeline_; }

  /// Empty if the stream came to its end.
  std::string wait_for_end() {
    gst_element_set_state(pipeline_, GST_STATE_PLAYING);
    GstBus* bus = gst_element_get_bus(pipeline_);
    GstMessage* message = gst_bus_timed_pop_filtered(bus, 20 * GST_SECOND,
                                                     static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
    std::string text = message == nullptr ? "no end within 20 s" : "";
    if (message != nullptr && GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
      GError* error = nullptr;
      gst_message_parse_error(message, &error, nullptr);
      text = error->message;
      g_error_free(error);
    }
    if (message != nullptr) gst_message_unref(message);
    gst_object_unref(bus);
    return text;
  }

  [[nodiscard]] Buffer last_buffer() const {
    GstSample* sample = nullptr;
    g_object_get(sink_, "last-sample", &sample, nullptr);
    if (sample == nullptr) return nullptr;
    Buffer buffer(gst_buffer_ref(gst_sample_get_buffer(sample)));
    gst_sample_unref(sample);
    return buffer;
  }

 private:
  GstElement* pipeline_;
  GstElement* sink_;
};

TEST(RawPipeline, from_file_to_picture_equals_the_library) {
  const ElementModels models;
  const TemporaryFolder folder;
  write_dng(folder / "photo.dng", formula_photo());
  Pipeline pipeline(
      "filesrc location=" + (folder / "photo.dng").string() +
      " ! rdrawdec ! rdnoiseest ! queue ! rdenoise ! rddevelop ! video/x-raw,format=RGB ! fakesink name=out");
  ASSERT_EQ(pipeline.wait_for_end(), "");
  const Buffer out = pipeline.last_buffer();
  ASSERT_NE(out, nullptr);
  EXPECT_EQ(gst_buffer_get_custom_meta(out.get(), "RdRawInfo"), nullptr);

  const RawFrame noisy = read_raw_file(folder / "photo.dng");
  RawFrame clean = noisy;
  Denoiser denoiser(load_model("ffdnet-bayer"), {});
  denoiser.denoise(noisy.view(), clean.view(), estimate_noise(noisy.view()));
  const FrameLayout layout = default_layout(*find_pixel_format("RGB"), noisy.width_px, noisy.height_px);
  const Buffer expected(make_frame(layout));
  {
    const FrameBytes dst(expected.get(), layout, true);
    develop(std::as_const(clean).view(), dst.view(),
            {.gains = noisy.metadata.as_shot_gains, .camera_to_srgb = noisy.metadata.camera_to_srgb});
  }
  EXPECT_EQ(samples_of(out.get(), layout), samples_of(expected.get(), layout));
}

TEST(RawPipeline, decodebin_finds_the_decoder_by_content) {
  const TemporaryFolder folder;
  const RawFrame photo = formula_photo();
  write_dng(folder / "photo.tif", photo);  // the name says nothing
  Pipeline mosaic("filesrc location=" + (folder / "photo.tif").string() +
                  " ! decodebin caps=video/x-bayer ! fakesink name=out");
  ASSERT_EQ(mosaic.wait_for_end(), "");
  expect_mosaic(mosaic.last_buffer().get(), photo);
  Pipeline picture("filesrc location=" + (folder / "photo.tif").string() +
                   " ! decodebin ! video/x-raw,format=RGB ! fakesink name=out");
  ASSERT_EQ(picture.wait_for_end(), "");
  EXPECT_NE(picture.last_buffer(), nullptr);
}

TEST(RawPipeline, numbered_files_become_a_stream) {
  const TemporaryFolder folder;
  for (int i = 0; i < 3; ++i) write_dng(folder / ("shot-" + std::to_string(i) + ".dng"), formula_photo(i));
  Pipeline pipeline("multifilesrc location=" + (folder / "shot-%d.dng").string() +
                    " caps=image/x-raw-photo,framerate=10/1 ! rdrawdec ! fakesink name=out");
  ASSERT_EQ(pipeline.wait_for_end(), "");
  const Buffer last = pipeline.last_buffer();
  expect_mosaic(last.get(), formula_photo(2));
  EXPECT_EQ(GST_BUFFER_PTS(last.get()), 2 * GST_SECOND / 10);
}

TEST(RawPipeline, seeks_to_its_start) {
  const TemporaryFolder folder;
  const RawFrame photo = formula_photo();
  write_dng(folder / "photo.dng", photo);
  Pipeline pipeline("filesrc location=" + (folder / "photo.dng").string() + " ! rdrawdec ! fakesink name=out");
  gst_element_set_state(pipeline.get(), GST_STATE_PAUSED);
  ASSERT_EQ(gst_element_get_state(pipeline.get(), nullptr, nullptr, 10 * GST_SECOND), GST_STATE_CHANGE_SUCCESS);
  ASSERT_TRUE(gst_element_seek_simple(pipeline.get(), GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, 0));
  ASSERT_EQ(gst_element_get_state(pipeline.get(), nullptr, nullptr, 10 * GST_SECOND), GST_STATE_CHANGE_SUCCESS);
  ASSERT_EQ(pipeline.wait_for_end(), "");
  expect_mosaic(pipeline.last_buffer().get(), photo);
}

TEST(RawPipeline, names_the_file_in_errors) {
  const TemporaryFolder folder;
  std::ofstream(folder / "broken.dng") << "II*\0 but nothing else";
  Pipeline pipeline("filesrc location=" + (folder / "broken.dng").string() + " ! rdrawdec ! fakesink name=out");
  const std::string error = pipeline.wait_for_end();
  EXPECT_NE(error.find("broken.dng"), std::string::npos) << error;
}

}  // namespace
}  // namespace rdenoise::test
