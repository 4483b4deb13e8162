// SPDX-License-Identifier: LGPL-2.1-or-later
// Every format of the library's table, odd sizes, with and without padding: pixels out of a running element equal those
// of a direct call of the library.
#include <gtest/gtest.h>

#include <rdenoise/isp.hpp>
#include <rdenoise/noise.hpp>

#include "elements/denoised_frames.hpp"
#include "elements/element_harness.hpp"
#include "elements/element_models.hpp"
#include "elements/test_frames.hpp"

namespace rdenoise::test {
namespace {

std::vector<FrameLayout> layouts_of(const PixelFormat& pixel) {
  return {default_layout(pixel, 48, 32), default_layout(pixel, 17, 13), default_layout(pixel, 1, 1),
          padded_layout(pixel, 17, 13)};
}

std::string describe(const FrameLayout& layout) { return layout.caps() + (layout.has_video_meta ? " padded" : ""); }

class AllFormats : public ::testing::TestWithParam<PixelFormat> {};

TEST_P(AllFormats, rdenoise_equals_the_library) {
  const ElementModels models;
  for (const FrameLayout& layout : layouts_of(GetParam())) {
    SCOPED_TRACE(describe(layout));
    ElementHarness rdenoise("rdenoise sigma=20");
    rdenoise.set_caps(layout.caps());
    const Buffer in(make_frame(layout, 3));
    const Buffer out = rdenoise.push_and_pull(gst_buffer_ref(in.get()));
    ASSERT_NE(out, nullptr);
    const NoiseProfile noise = uniform_profile(layout.pixel->color_model, NoiseModel::gaussian(20));
    EXPECT_EQ(samples_of(out.get(), layout), denoised_directly(in.get(), layout, noise));
    EXPECT_NE(samples_of(out.get(), layout), samples_of(in.get(), layout));
    EXPECT_EQ(fourth_samples(out.get(), layout), fourth_samples(in.get(), layout));
  }
}

TEST_P(AllFormats, rdnoiseest_attaches_the_librarys_estimate_and_leaves_pixels_alone) {
  for (const FrameLayout& layout : layouts_of(GetParam())) {
    SCOPED_TRACE(describe(layout));
    ElementHarness rdnoiseest("rdnoiseest");
    rdnoiseest.set_caps(layout.caps());
    const Buffer in(make_frame(layout, 3));
    // A second reference makes the buffer read-only: the element must not write a meta to it.
    const Buffer out = rdnoiseest.push_and_pull(gst_buffer_ref(in.get()));
    ASSERT_NE(out, nullptr);
    EXPECT_EQ(gst_buffer_get_custom_meta(in.get(), "RdNoiseProfile"), nullptr);
    EXPECT_EQ(gst_buffer_peek_memory(out.get(), 0), gst_buffer_peek_memory(in.get(), 0)) << "pixels were copied";

    GstCustomMeta* meta = gst_buffer_get_custom_meta(out.get(), "RdNoiseProfile");
    ASSERT_NE(meta, nullptr);
    const GstStructure* fields = gst_custom_meta_get_structure(meta);
    const NoiseProfile expected = estimate_noise(FrameBytes(in.get(), layout).view());
    const GValue* a = gst_structure_get_value(fields, "a");
    const GValue* b = gst_structure_get_value(fields, "b");
    ASSERT_EQ(gst_value_array_get_size(a), static_cast<guint>(expected.channel_count));
    for (int c = 0; c < expected.channel_count; ++c) {
      EXPECT_EQ(g_value_get_double(gst_value_array_get_value(a, c)), expected.channels[c].a);
      EXPECT_EQ(g_value_get_double(gst_value_array_get_value(b, c)), expected.channels[c].b);
    }
    EXPECT_EQ(gst_structure_get_string(fields, "format"), layout.pixel->name);
  }
}

INSTANTIATE_TEST_SUITE_P(Table, AllFormats, ::testing::ValuesIn(pixel_formats().begin(), pixel_formats().end()),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(Rddevelop, equals_the_library_for_every_mosaic_and_picture_format) {
  for (const PixelFormat& mosaic : pixel_formats()) {
    if (mosaic.color_model != ColorModel::bayer) continue;
    for (const char* picture_name : {"RGB", "RGBx", "RGBA64_LE"}) {
      for (const FrameLayout& layout : layouts_of(mosaic)) {
        SCOPED_TRACE(describe(layout) + " to " + picture_name);
        ElementHarness rddevelop("rddevelop white-balance=none exposure=0.5 tone-curve=bt709");
        const FrameLayout picture = default_layout(*find_pixel_format(picture_name), layout.width_px, layout.height_px);
        gst_harness_set_sink_caps_str(rddevelop.get(), picture.caps().c_str());
        rddevelop.set_caps(layout.caps());
        const Buffer in(make_frame(layout, 3));
        const Buffer out = rddevelop.push_and_pull(gst_buffer_ref(in.get()));
        ASSERT_NE(out, nullptr);

        const Buffer expected(make_frame(picture));
        {
          const FrameBytes src(in.get(), layout);
          const FrameBytes dst(expected.get(), picture, true);
          develop(src.view(), dst.view(), {.tone_curve = ToneCurve::bt709, .exposure_ev = 0.5F});
        }
        EXPECT_EQ(samples_of(out.get(), picture), samples_of(expected.get(), picture));
        for (const std::byte alpha : fourth_samples(out.get(), picture)) ASSERT_EQ(alpha, std::byte{0xFF});
      }
    }
  }
}

}  // namespace
}  // namespace rdenoise::test
