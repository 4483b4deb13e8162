// SPDX-License-Identifier: LGPL-2.1-or-later
// The profile on its way from rdnoiseest to rdenoise.
#include <gtest/gtest.h>

#include <rdenoise/noise.hpp>

#include "elements/denoised_frames.hpp"
#include "elements/element_harness.hpp"
#include "elements/element_models.hpp"

namespace rdenoise::test {
namespace {

FrameLayout gray_layout() { return default_layout(*find_pixel_format("GRAY8"), 64, 48); }

/// A frame that went through rdnoiseest.
Buffer measured_frame(const FrameLayout& layout, int seed) {
  ElementHarness rdnoiseest("rdnoiseest");
  rdnoiseest.set_caps(layout.caps());
  return rdnoiseest.push_and_pull(make_frame(layout, seed));
}

GstStructure* profile_of(GstBuffer* buffer) {
  GstCustomMeta* meta = gst_buffer_get_custom_meta(buffer, "RdNoiseProfile");
  return meta != nullptr ? gst_custom_meta_get_structure(meta) : nullptr;
}

void set_number(GstStructure* structure, const char* field, double value) {
  GValue array = G_VALUE_INIT;
  GValue number = G_VALUE_INIT;
  g_value_init(&array, GST_TYPE_ARRAY);
  g_value_init(&number, G_TYPE_DOUBLE);
  g_value_set_double(&number, value);
  gst_value_array_append_and_take_value(&array, &number);
  gst_structure_take_value(structure, field, &array);
}

/// A frame whose profile says much more noise than it has.
Buffer frame_with_profile(const FrameLayout& layout, double b) {
  Buffer frame = measured_frame(layout, 1);
  set_number(profile_of(frame.get()), "a", 0.0);
  set_number(profile_of(frame.get()), "b", b);
  return frame;
}

TEST(NoiseProfile, of_the_buffer_is_used) {
  const ElementModels models;
  const FrameLayout layout = gray_layout();
  const Buffer frame = frame_with_profile(layout, 0.09);
  const NoiseProfile given{1, {NoiseModel{0.0, 0.09}}, 1.0};
  EXPECT_EQ(denoised_by_element("rdenoise", layout, frame.get()), denoised_directly(frame.get(), layout, given));
}

TEST(NoiseProfile, is_gone_after_denoising) {
  const ElementModels models;
  const FrameLayout layout = gray_layout();
  ElementHarness rdenoise("rdenoise");
  rdenoise.set_caps(layout.caps());
  const Buffer out = rdenoise.push_and_pull(measured_frame(layout, 1).release());
  EXPECT_EQ(profile_of(out.get()), nullptr);
}

TEST(NoiseProfile, sigma_goes_before_it) {
  const ElementModels models;
  const FrameLayout layout = gray_layout();
  const Buffer frame = frame_with_profile(layout, 0.09);
  EXPECT_EQ(denoised_by_element("rdenoise sigma=10", layout, frame.get()),
            denoised_directly(frame.get(), layout, uniform_profile(ColorModel::gray, NoiseModel::gaussian(10))));
}

TEST(NoiseProfile, strength_multiplies_sigma) {
  const ElementModels models;
  const FrameLayout layout = gray_layout();
  const Buffer frame(make_frame(layout));
  EXPECT_EQ(denoised_by_element("rdenoise sigma=10 strength=2", layout, frame.get()),
            denoised_by_element("rdenoise sigma=20", layout, frame.get()));
}

TEST(NoiseProfile, measured_elsewhere_is_not_used) {
  const ElementModels models;
  const FrameLayout layout = gray_layout();
  const Buffer untouched = frame_with_profile(layout, 0.09);
  const auto own_estimate =
      denoised_directly(untouched.get(), layout, estimate_noise(FrameBytes(untouched.get(), layout).view()));
  const auto with_profile = denoised_by_element("rdenoise", layout, untouched.get());
  ASSERT_NE(own_estimate, with_profile);

  const auto expect_rejected = [&](const char* what, auto&& change) {
    const Buffer frame = frame_with_profile(layout, 0.09);
    change(profile_of(frame.get()));
    EXPECT_EQ(denoised_by_element("rdenoise", layout, frame.get()), own_estimate) << what;
  };
  expect_rejected("width", [](GstStructure* s) { gst_structure_set(s, "width", G_TYPE_INT, 65, nullptr); });
  expect_rejected("height", [](GstStructure* s) { gst_structure_set(s, "height", G_TYPE_INT, 65, nullptr); });
  expect_rejected("version", [](GstStructure* s) { gst_structure_set(s, "version", G_TYPE_INT, 99, nullptr); });
  expect_rejected("format",
                  [](GstStructure* s) { gst_structure_set(s, "format", G_TYPE_STRING, "GRAY16_LE", nullptr); });
  expect_rejected("colorimetry",
                  [](GstStructure* s) { gst_structure_set(s, "colorimetry", G_TYPE_STRING, "bt2020", nullptr); });
  expect_rejected("levels", [](GstStructure* s) { gst_structure_remove_field(s, "white"); });
  expect_rejected("not a number", [](GstStructure* s) { set_number(s, "b", NAN); });
  expect_rejected("no array", [](GstStructure* s) { gst_structure_set(s, "a", G_TYPE_INT, 1, nullptr); });
}

TEST(NoiseProfile, message_and_stats_tell_the_measurement) {
  const FrameLayout layout = gray_layout();
  ElementHarness rdnoiseest("rdnoiseest");
  rdnoiseest.set_caps(layout.caps());
  GstBuffer* in = make_frame(layout, 1);
  GST_BUFFER_PTS(in) = 7 * GST_SECOND;
  const NoiseProfile expected = estimate_noise(FrameBytes(in, layout).view());
  const Buffer out = rdnoiseest.push_and_pull(in);
  const auto messages = rdnoiseest.messages("rdnoiseest");
  ASSERT_EQ(messages.size(), 1U);
  guint64 timestamp = 0;
  double sigma = 0.0;
  double confidence = -1.0;
  EXPECT_TRUE(gst_structure_get(messages[0], "timestamp", G_TYPE_UINT64, &timestamp, "sigma-8bit", G_TYPE_DOUBLE,
                                &sigma, "confidence", G_TYPE_DOUBLE, &confidence, nullptr));
  EXPECT_EQ(timestamp, 7 * GST_SECOND);
  EXPECT_EQ(sigma, sigma_8bit(expected));
  EXPECT_EQ(confidence, expected.confidence);
  GstStructure* stats = nullptr;
  g_object_get(rdnoiseest.element(), "stats", &stats, nullptr);
  ASSERT_NE(stats, nullptr);
  EXPECT_TRUE(gst_structure_is_equal(stats, messages[0]));
  gst_structure_free(stats);
}

TEST(NoiseProfile, is_measured_each_interval_and_at_scene_cuts) {
  const FrameLayout layout = gray_layout();
  ElementHarness rdnoiseest("rdnoiseest interval=4");
  rdnoiseest.set_caps(layout.caps());
  const auto measurements = [&](float signal_scale) {
    const Buffer out = rdnoiseest.push_and_pull(make_frame(layout, 1, signal_scale));
    EXPECT_NE(profile_of(out.get()), nullptr);
    return rdnoiseest.messages("rdnoiseest").size();
  };
  // Frames 0 and 4, and frame 6, which is another scene: a tenth as bright.
  const float scales[] = {1.F, 1.F, 1.F, 1.F, 1.F, 1.F, 0.1F, 0.1F};
  const std::size_t expected[] = {1, 0, 0, 0, 1, 0, 1, 0};
  for (int i = 0; i < 8; ++i) EXPECT_EQ(measurements(scales[i]), expected[i]) << "frame " << i;
}

TEST(NoiseProfile, is_measured_anew_after_a_flush) {
  const FrameLayout layout = gray_layout();
  ElementHarness rdnoiseest("rdnoiseest interval=100");
  rdnoiseest.set_caps(layout.caps());
  const Buffer first = rdnoiseest.push_and_pull(make_frame(layout, 1));
  const Buffer second = rdnoiseest.push_and_pull(make_frame(layout, 1));
  EXPECT_EQ(rdnoiseest.messages("rdnoiseest").size(), 1U);
  EXPECT_TRUE(rdnoiseest.push_event(gst_event_new_flush_start()));
  EXPECT_TRUE(rdnoiseest.push_event(gst_event_new_flush_stop(TRUE)));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  EXPECT_TRUE(rdnoiseest.push_event(gst_event_new_segment(&segment)));
  const Buffer third = rdnoiseest.push_and_pull(make_frame(layout, 1));
  EXPECT_EQ(rdnoiseest.messages("rdnoiseest").size(), 1U);
}

TEST(NoiseProfile, posts_nothing_if_told_so) {
  const FrameLayout layout = gray_layout();
  ElementHarness rdnoiseest("rdnoiseest post-messages=false");
  rdnoiseest.set_caps(layout.caps());
  const Buffer out = rdnoiseest.push_and_pull(make_frame(layout, 1));
  EXPECT_TRUE(rdnoiseest.messages("rdnoiseest").empty());
}

}  // namespace
}  // namespace rdenoise::test
