// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include "elements/element_harness.hpp"
#include "elements/element_models.hpp"

namespace rdenoise::test {
namespace {

std::string coded(GQuark domain, int code) {
  return std::string(g_quark_to_string(domain)) + "/" + std::to_string(code);
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Errors, unknown_model_fails_on_start_and_is_named) {
  const ElementModels models;
  GstElement* rdenoise = gst_parse_launch("rdenoise model=no-such-model", nullptr);
  ASSERT_NE(rdenoise, nullptr);
  GstBus* bus = gst_bus_new();
  gst_element_set_bus(rdenoise, bus);
  EXPECT_EQ(gst_element_set_state(rdenoise, GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
  GstMessage* message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);
  ASSERT_NE(message, nullptr);
  GError* error = nullptr;
  gst_message_parse_error(message, &error, nullptr);
  EXPECT_TRUE(g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND)) << error->message;
  EXPECT_TRUE(contains(error->message, "no-such-model")) << error->message;
  EXPECT_TRUE(contains(error->message, std::getenv("RDENOISE_MODEL_PATH"))) << error->message;
  g_error_free(error);
  gst_message_unref(message);
  gst_element_set_state(rdenoise, GST_STATE_NULL);
  gst_element_set_bus(rdenoise, nullptr);
  gst_object_unref(bus);
  gst_object_unref(rdenoise);
}

TEST(Errors, unknown_model_while_frames_flow_ends_the_stream) {
  const ElementModels models;
  const FrameLayout layout = default_layout(*find_pixel_format("GRAY8"), 32, 32);
  ElementHarness rdenoise("rdenoise");
  rdenoise.set_caps(layout.caps());
  EXPECT_NE(rdenoise.push_and_pull(make_frame(layout)), nullptr);
  g_object_set(rdenoise.element(), "model", "no-such-model", nullptr);
  EXPECT_EQ(rdenoise.push(make_frame(layout)), GST_FLOW_ERROR);
  const std::string error = rdenoise.error();
  EXPECT_TRUE(contains(error, coded(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND))) << error;
}

TEST(Errors, model_for_other_colours_is_refused) {
  const ElementModels models;
  const FrameLayout layout = default_layout(*find_pixel_format("GRAY8"), 32, 32);
  ElementHarness rdenoise("rdenoise model=ffdnet-color");
  rdenoise.set_caps(layout.caps());
  EXPECT_EQ(rdenoise.push(make_frame(layout)), GST_FLOW_ERROR);
  const std::string error = rdenoise.error();
  EXPECT_TRUE(contains(error, coded(GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS))) << error;
}

TEST(Errors, without_its_specialist_a_frame_gets_the_gray_model) {
  const ElementModels models;
  models.remove("ffdnet-bayer");
  const FrameLayout layout = default_layout(*find_pixel_format("rggb"), 32, 32);
  const auto denoised = [&](const char* launch) {
    ElementHarness rdenoise(launch);
    rdenoise.set_caps(layout.caps());
    const Buffer out = rdenoise.push_and_pull(make_frame(layout));
    return samples_of(out.get(), layout);
  };
  EXPECT_EQ(denoised("rdenoise"), denoised("rdenoise model=ffdnet-gray"));
}

TEST(Errors, short_buffers_are_reported) {
  const ElementModels models;
  for (const char* element : {"rdenoise", "rdnoise sigma=5", "rdnoiseest", "rddevelop"}) {
    const FrameLayout layout = default_layout(*find_pixel_format("rggb16le"), 32, 32);
    ElementHarness harness(element);
    harness.set_caps(layout.caps());
    EXPECT_EQ(harness.push(gst_buffer_new_allocate(nullptr, layout.size_bytes - 1, nullptr)), GST_FLOW_ERROR);
    const std::string error = harness.error();
    EXPECT_TRUE(contains(error, coded(GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE))) << element << ": " << error;
  }
}

TEST(Errors, black_above_white_is_reported) {
  const FrameLayout layout = default_layout(*find_pixel_format("rggb"), 32, 32);
  ElementHarness rddevelop("rddevelop black-level=200 white-level=100");
  rddevelop.set_caps(layout.caps());
  EXPECT_EQ(rddevelop.push(make_frame(layout)), GST_FLOW_ERROR);
  EXPECT_TRUE(contains(rddevelop.error(), coded(GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS)));
}

TEST(Errors, end_of_stream_without_data_is_reported) {
  ElementHarness rdrawdec("rdrawdec");
  rdrawdec.set_caps("image/x-raw-photo");
  EXPECT_TRUE(rdrawdec.push_event(gst_event_new_eos()));
  const std::string error = rdrawdec.error();
  EXPECT_TRUE(contains(error, coded(GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE))) << error;
  EXPECT_TRUE(contains(error, "no data")) << error;
}

TEST(Errors, bytes_that_are_no_photo_are_reported) {
  ElementHarness rdrawdec("rdrawdec");
  rdrawdec.set_caps("image/x-raw-photo");
  GstBuffer* junk = gst_buffer_new_allocate(nullptr, 5000, nullptr);
  gst_buffer_memset(junk, 0, 0x5A, 5000);
  EXPECT_EQ(rdrawdec.push(junk), GST_FLOW_OK);
  EXPECT_TRUE(rdrawdec.push_event(gst_event_new_eos()));
  EXPECT_EQ(rdrawdec.pull(), nullptr);
  EXPECT_TRUE(contains(rdrawdec.error(), g_quark_to_string(GST_STREAM_ERROR)));
}

}  // namespace
}  // namespace rdenoise::test
