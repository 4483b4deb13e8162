// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <functional>
#include <iterator>
#include <rdenoise/camera_simulation.hpp>
#include <rdenoise/raw.hpp>
#include <string>
#include <vector>

#include "elements/element_harness.hpp"
#include "elements/test_frames.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise::test {
namespace {

std::vector<FrameLayout> layouts_of(const PixelFormat& pixel) {
  return {default_layout(pixel, 48, 32), default_layout(pixel, 17, 13), default_layout(pixel, 1, 1),
          padded_layout(pixel, 17, 13)};
}

FrameLayout layout_of(const char* format) { return default_layout(*find_pixel_format(format), 48, 32); }

using Step = std::function<void(const FrameView& frame)>;

/// The samples of a copy of the frame after `step`.
std::vector<float> samples_after(GstBuffer* buffer, const FrameLayout& layout, const Step& step) {
  const Buffer copy(gst_buffer_copy_deep(buffer));
  const FrameBytes frame(copy.get(), layout, true);
  step(frame.view());
  return samples_of(frame.view());
}

Image image_of(const ConstFrameView& frame) {
  Image image(frame.color_model, frame.width_px, frame.height_px);
  const std::vector<float> samples = samples_of(frame);
  std::ranges::copy(samples, image.samples().begin());
  return image;
}

void store(const Image& image, const FrameView& frame) {
  const auto width = static_cast<std::size_t>(frame.width_px);
  for (int c = 0; c < frame.channel_count; ++c) {
    for (int y = 0; y < frame.height_px; ++y) {
      write_row(frame.channels[c], y, 0, image.plane(c).subspan(y * width, width));
    }
  }
}

class EveryFormat : public ::testing::TestWithParam<PixelFormat> {};

TEST_P(EveryFormat, gets_the_librarys_noise_frame_by_frame_and_keeps_its_alpha) {
  for (const FrameLayout& layout : layouts_of(GetParam())) {
    SCOPED_TRACE(layout.caps() + (layout.has_video_meta ? " padded" : ""));
    ElementHarness rdnoise("rdnoise sigma=20 shot=0.01 read=0.001 seed=7");
    rdnoise.set_caps(layout.caps());
    NoiseModel noise = NoiseModel::gaussian(20);
    noise.a = 0.01;
    noise.b += 0.001;
    for (std::uint32_t frame = 0; frame < 2; ++frame) {
      const Buffer in(make_frame(layout, 3));
      // A second reference makes the buffer read-only: its pixels must not change.
      const std::vector<float> clean = samples_of(in.get(), layout);
      const Buffer out = rdnoise.push_and_pull(gst_buffer_ref(in.get()));
      ASSERT_NE(out, nullptr);
      const auto expected = samples_after(in.get(), layout, [&](const FrameView& view) {
        add_noise(view, view, uniform_profile(view.color_model, noise), {7, frame});
      });
      EXPECT_EQ(samples_of(out.get(), layout), expected) << "frame " << frame;
      EXPECT_EQ(samples_of(in.get(), layout), clean);
      EXPECT_EQ(fourth_samples(out.get(), layout), fourth_samples(in.get(), layout));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Table, EveryFormat, ::testing::ValuesIn(pixel_formats().begin(), pixel_formats().end()),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(Rdnoise, isp_takes_rgb_frames_again_with_the_camera_of_the_seed) {
  for (const PixelFormat& pixel : pixel_formats()) {
    if (pixel.color_model != ColorModel::rgb) continue;
    for (const FrameLayout& layout : layouts_of(pixel)) {
      SCOPED_TRACE(layout.caps() + (layout.has_video_meta ? " padded" : ""));
      ElementHarness rdnoise("rdnoise isp=true jpeg-quality=70 seed=5");
      rdnoise.set_caps(layout.caps());
      const Buffer in(make_frame(layout, 3));
      const Buffer out = rdnoise.push_and_pull(gst_buffer_ref(in.get()));
      ASSERT_NE(out, nullptr) << rdnoise.error();
      CameraParameters camera = CameraSimulator(CameraKind::unprocessing).draw(5);
      camera.jpeg = JpegOptions{.quality = 70};
      const auto expected = samples_after(in.get(), layout, [&](const FrameView& view) {
        store(simulate_photo(image_of(view), camera, {5, 0}).noisy, view);
      });
      EXPECT_EQ(samples_of(out.get(), layout), expected);
      EXPECT_EQ(fourth_samples(out.get(), layout), fourth_samples(in.get(), layout));
    }
  }
}

TEST(Rdnoise, isp_gives_a_mosaic_the_noise_of_the_drawn_sensor) {
  const FrameLayout layout = layout_of("gbrg12le");
  ElementHarness rdnoise("rdnoise isp=true seed=5");
  rdnoise.set_caps(layout.caps());
  const Buffer in(make_frame(layout, 3));
  const Buffer out = rdnoise.push_and_pull(gst_buffer_ref(in.get()));
  const NoiseProfile noise = CameraSimulator(CameraKind::unprocessing).draw(5).noise;
  EXPECT_EQ(samples_of(out.get(), layout), samples_after(in.get(), layout, [&](const FrameView& view) {
              add_noise(view, view, noise, {5, 0});
            }));
}

TEST(Rdnoise, isp_with_shot_and_read_uses_them_on_the_sensor) {
  const FrameLayout layout = layout_of("RGB");
  ElementHarness rdnoise("rdnoise isp=true shot=0.001 read=0.0002");
  rdnoise.set_caps(layout.caps());
  const Buffer in(make_frame(layout, 3));
  const Buffer out = rdnoise.push_and_pull(gst_buffer_ref(in.get()));
  CameraParameters camera = CameraSimulator(CameraKind::unprocessing).draw(0);
  camera.noise.channels.fill(NoiseModel{0.001, 0.0002});
  EXPECT_EQ(samples_of(out.get(), layout), samples_after(in.get(), layout, [&](const FrameView& view) {
              store(simulate_photo(image_of(view), camera, {}).noisy, view);
            }));
}

TEST(Rdnoise, jpeg_quality_alone_compresses_rgb_and_gray) {
  for (const char* format : {"RGB", "BGRA", "GRAY8", "GRAY16_LE", "RGBA64_LE"}) {
    const FrameLayout layout = layout_of(format);
    ElementHarness rdnoise("rdnoise jpeg-quality=30");
    rdnoise.set_caps(layout.caps());
    const Buffer in(make_frame(layout, 3));
    const Buffer out = rdnoise.push_and_pull(gst_buffer_ref(in.get()));
    ASSERT_NE(out, nullptr) << format;
    EXPECT_EQ(
        samples_of(out.get(), layout),
        samples_after(in.get(), layout,
                      [&](const FrameView& view) { store(jpeg_round_trip(image_of(view), {.quality = 30}), view); }))
        << format;
  }
}

TEST(Rdnoise, negotiates_only_formats_that_the_camera_can_handle) {
  struct Case {
    const char* launch;
    const char* format;
    bool accepted;
  };
  for (const Case& c :
       {Case{"rdnoise isp=true", "I420", false}, Case{"rdnoise isp=true", "GRAY8", false},
        Case{"rdnoise isp=true", "RGB", true}, Case{"rdnoise isp=true", "rggb", true},
        Case{"rdnoise isp=true jpeg-quality=50", "rggb", false}, Case{"rdnoise jpeg-quality=50", "NV12", false},
        Case{"rdnoise jpeg-quality=50", "GRAY8", true}, Case{"rdnoise sigma=5", "I420", true}}) {
    const FrameLayout layout = layout_of(c.format);
    ElementHarness rdnoise(c.launch);
    rdnoise.set_caps(layout.caps());
    EXPECT_EQ(rdnoise.push(make_frame(layout)), c.accepted ? GST_FLOW_OK : GST_FLOW_NOT_NEGOTIATED)
        << c.launch << " " << c.format;
  }
}

TEST(Rdnoise, isp_makes_a_converter_deliver_rgb) {
  GstElement* pipeline = gst_parse_launch(
      "videotestsrc num-buffers=3 ! video/x-raw,format=I420,width=64,height=48 ! videoconvert ! rdnoise isp=true ! "
      "videoconvert ! video/x-raw,format=I420 ! fakesink",
      nullptr);
  ASSERT_NE(pipeline, nullptr);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* message = gst_bus_timed_pop_filtered(bus, 20 * GST_SECOND,
                                                   static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  ASSERT_NE(message, nullptr);
  EXPECT_EQ(GST_MESSAGE_TYPE(message), GST_MESSAGE_EOS);
  gst_message_unref(message);
  gst_object_unref(bus);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

TEST(Rdnoise, isp_switched_on_over_a_format_without_a_mosaic_is_an_error) {
  const FrameLayout layout = layout_of("I420");
  ElementHarness rdnoise("rdnoise sigma=5");
  rdnoise.set_caps(layout.caps());
  EXPECT_NE(rdnoise.push_and_pull(make_frame(layout)), nullptr);
  g_object_set(rdnoise.element(), "isp", TRUE, nullptr);
  EXPECT_EQ(rdnoise.push(make_frame(layout)), GST_FLOW_ERROR);
  EXPECT_NE(rdnoise.error().find("I420"), std::string::npos);
}

TEST(Rdnoise, with_nothing_set_hands_on_the_very_buffer) {
  const FrameLayout layout = layout_of("I420");
  ElementHarness rdnoise("rdnoise");
  rdnoise.set_caps(layout.caps());
  GstBuffer* in = make_frame(layout);
  const Buffer out = rdnoise.push_and_pull(in);
  EXPECT_EQ(out.get(), in);
  g_object_set(rdnoise.element(), "sigma", 10.0, nullptr);
  const Buffer frame(make_frame(layout));
  const auto clean = samples_of(frame.get(), layout);
  EXPECT_NE(samples_of(rdnoise.push_and_pull(gst_buffer_ref(frame.get())).get(), layout), clean);
  g_object_set(rdnoise.element(), "sigma", 0.0, nullptr);
  EXPECT_EQ(rdnoise.push_and_pull(gst_buffer_ref(frame.get())).get(), frame.get());
}

TEST(Rdnoise, draws_anew_for_each_frame_and_the_same_again_after_a_flush_and_in_the_next_run) {
  const FrameLayout layout = layout_of("GRAY8");
  const auto three_frames = [&](ElementHarness& rdnoise) {
    std::vector<std::vector<float>> frames;
    for (int i = 0; i < 3; ++i) {
      const Buffer out = rdnoise.push_and_pull(make_frame(layout, 1));
      frames.push_back(samples_of(out.get(), layout));
    }
    return frames;
  };
  ElementHarness rdnoise("rdnoise sigma=20 seed=3");
  rdnoise.set_caps(layout.caps());
  const auto first = three_frames(rdnoise);
  EXPECT_NE(first[0], first[1]);
  EXPECT_NE(first[1], first[2]);
  EXPECT_TRUE(rdnoise.push_event(gst_event_new_flush_start()));
  EXPECT_TRUE(rdnoise.push_event(gst_event_new_flush_stop(TRUE)));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  EXPECT_TRUE(rdnoise.push_event(gst_event_new_segment(&segment)));
  EXPECT_EQ(three_frames(rdnoise), first);

  ElementHarness again("rdnoise sigma=20 seed=3");
  again.set_caps(layout.caps());
  EXPECT_EQ(three_frames(again), first);
  ElementHarness other("rdnoise sigma=20 seed=4");
  other.set_caps(layout.caps());
  EXPECT_NE(three_frames(other)[0], first[0]);
}

TEST(Rdnoise, removes_an_older_noise_profile_and_attaches_none) {
  const FrameLayout layout = layout_of("GRAY8");
  ElementHarness rdnoiseest("rdnoiseest");
  rdnoiseest.set_caps(layout.caps());
  const Buffer measured = rdnoiseest.push_and_pull(make_frame(layout, 1));
  ASSERT_NE(gst_buffer_get_custom_meta(measured.get(), "RdNoiseProfile"), nullptr);
  ElementHarness rdnoise("rdnoise sigma=5");
  rdnoise.set_caps(layout.caps());
  const Buffer out = rdnoise.push_and_pull(gst_buffer_ref(measured.get()));
  EXPECT_EQ(gst_buffer_get_custom_meta(out.get(), "RdNoiseProfile"), nullptr);
  EXPECT_NE(gst_buffer_get_custom_meta(measured.get(), "RdNoiseProfile"), nullptr) << "the other reference keeps it";
}

/// One photo through rdrawdec and then rdnoise.
Buffer decoded_photo(const RawFrame& photo, std::string& caps) {
  const TemporaryFolder folder;
  write_dng(folder / "a.dng", photo);
  std::ifstream file(folder / "a.dng", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  ElementHarness rdrawdec("rdrawdec");
  rdrawdec.set_caps("image/x-raw-photo");
  GstBuffer* in = gst_buffer_new_allocate(nullptr, bytes.size(), nullptr);
  gst_buffer_fill(in, 0, bytes.data(), bytes.size());
  EXPECT_EQ(rdrawdec.push(in), GST_FLOW_OK) << rdrawdec.error();
  rdrawdec.push_event(gst_event_new_eos());
  Buffer out = rdrawdec.pull();
  GstPad* pad = gst_element_get_static_pad(rdrawdec.element(), "src");
  GstCaps* current = gst_pad_get_current_caps(pad);
  gchar* text = gst_caps_to_string(current);
  caps = text;
  g_free(text);
  gst_caps_unref(current);
  gst_object_unref(pad);
  return out;
}

double tag_number(GstBuffer* buffer, const char* field) {
  GstCustomMeta* meta = gst_buffer_get_custom_meta(buffer, "RdRawInfo");
  if (meta == nullptr) return -1.0;
  const GValue* array = gst_structure_get_value(gst_custom_meta_get_structure(meta), field);
  return array != nullptr ? g_value_get_double(gst_value_array_get_value(array, 1)) : -1.0;
}

TEST(Rdnoise, adds_to_the_noise_that_the_raw_photo_states_of_itself) {
  RawFrame photo;
  photo.width_px = 48;
  photo.height_px = 32;
  photo.bit_depth = 12;
  photo.metadata.black_level_dn.fill(256.F);
  photo.metadata.white_level_dn = 4095.F;
  photo.metadata.noise_profile = NoiseProfile{3, {NoiseModel{1e-3, 1e-5}, {1e-3, 1e-5}, {1e-3, 1e-5}}, 1.0};
  photo.mosaic.assign(48U * 32U, 2000);
  std::string caps;
  const Buffer clean = decoded_photo(photo, caps);
  ASSERT_NE(clean, nullptr);
  ElementHarness rdnoise("rdnoise shot=0.002 read=0.0003");
  rdnoise.set_caps(caps);
  const Buffer noisy = rdnoise.push_and_pull(gst_buffer_ref(clean.get()));
  ASSERT_NE(noisy, nullptr);
  EXPECT_NEAR(tag_number(noisy.get(), "noise-a"), 3e-3, 1e-8);
  EXPECT_NEAR(tag_number(noisy.get(), "noise-b"), 3.1e-4, 1e-9);
  EXPECT_NEAR(tag_number(clean.get(), "noise-a"), 1e-3, 1e-8) << "the other reference keeps its own";
}

}  // namespace
}  // namespace rdenoise::test
