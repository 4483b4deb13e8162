// SPDX-License-Identifier: LGPL-2.1-or-later
// The property temporal of rdenoise. The same frame twice is a still scene: averaged, it has less noise the second
// time, and the network is told so.
#include <gtest/gtest.h>

#include <rdenoise/denoise.hpp>
#include <rdenoise/model.hpp>
#include <rdenoise/temporal_average.hpp>
#include <string>

#include "elements/denoised_frames.hpp"
#include "elements/element_harness.hpp"
#include "elements/element_models.hpp"
#include "elements/element_stats.hpp"

namespace rdenoise::test {
namespace {

const FrameLayout& i420() {
  static const FrameLayout layout = padded_layout(*find_pixel_format("I420"), 37, 25);
  return layout;
}

/// So slow that no network stands in for another.
std::string slow_caps(const FrameLayout& layout) { return caps_at(layout, "1/60"); }

std::vector<float> next(ElementHarness& rdenoise, const FrameLayout& layout, GstBuffer* frame) {
  const Buffer out = rdenoise.push_and_pull(gst_buffer_ref(frame));
  EXPECT_NE(out, nullptr);
  return out ? samples_of(out.get(), layout) : std::vector<float>();
}

/// What the library makes of the frame's second time.
std::vector<float> second_time(GstBuffer* frame, const FrameLayout& layout, const std::string& model, double strength) {
  DenoiseOptions options;
  options.strength = strength;
  Denoiser denoiser(load_model(model), options);
  const ColorModel color_model = layout.pixel->color_model;
  const NoiseProfile noise = uniform_profile(color_model, NoiseModel::gaussian(20));
  const NoiseProfile to_go = uniform_profile(color_model, NoiseModel::gaussian(20 * strength));
  TemporalAverage average(0);
  const Buffer result(make_frame(layout));
  const FrameBytes src(frame, layout);
  const FrameBytes dst(result.get(), layout, true);
  (void)average.add(src.view(), to_go);
  const AveragedFrame averaged = average.add(src.view(), to_go);
  denoiser.denoise(averaged.frame, dst.view(), noise, averaged.noise);
  return samples_of(dst.view());
}

bool averages(const std::string& settings) {
  const Buffer frame(make_frame(i420(), 3));
  ElementHarness rdenoise("rdenoise sigma=20 " + settings);
  rdenoise.set_caps(slow_caps(i420()));
  const std::vector<float> first = next(rdenoise, i420(), frame.get());
  return next(rdenoise, i420(), frame.get()) != first;
}

TEST(Temporal, is_on_by_default_with_a_preset_alone) {
  const ElementModels models;
  EXPECT_FALSE(averages("")) << "a frame's result depends on nothing but the frame";
  EXPECT_FALSE(averages("model=yuv420"));
  EXPECT_FALSE(averages("model=yuv420 preset=live")) << "the model was named";
  for (const char* preset : {"lightest", "light", "live", "balanced", "best"})
    EXPECT_TRUE(averages("preset=" + std::string(preset)));
}

TEST(Temporal, does_as_it_is_told) {
  const ElementModels models;
  EXPECT_TRUE(averages("temporal=on"));
  EXPECT_TRUE(averages("temporal=on model=yuv420"));
  EXPECT_TRUE(averages("temporal=on preset=lightest"));
  EXPECT_FALSE(averages("temporal=off preset=live"));
  EXPECT_FALSE(averages("temporal=on strength=0"));
}

TEST(Temporal, gives_what_the_library_gives) {
  const ElementModels models;
  const std::pair<const char*, const char*> rows[] = {
      {"I420", "ffdnet-gray"}, {"GRAY8", "ffdnet-gray"}, {"BGRx", "ffdnet-color"}, {"grbg12le", "ffdnet-bayer"}};
  for (const auto& [format, model] : rows)
    for (const double strength : {1.0, 0.5}) {
      const FrameLayout layout = default_layout(*find_pixel_format(format), 37, 25);
      const Buffer frame(make_frame(layout, 3));
      ElementHarness rdenoise("rdenoise sigma=20 temporal=on strength=" + std::to_string(strength));
      rdenoise.set_caps(layout.caps());
      (void)next(rdenoise, layout, frame.get());
      EXPECT_EQ(next(rdenoise, layout, frame.get()), second_time(frame.get(), layout, model, strength))
          << format << " at strength " << strength;
    }
}

TEST(Temporal, begins_anew_where_the_stream_does) {
  const ElementModels models;
  const Buffer frame(make_frame(i420(), 3));
  ElementHarness rdenoise("rdenoise sigma=20 temporal=on");
  rdenoise.set_caps(slow_caps(i420()));
  const std::vector<float> first = next(rdenoise, i420(), frame.get());
  ASSERT_NE(next(rdenoise, i420(), frame.get()), first);

  rdenoise.push_event(gst_event_new_flush_start());
  rdenoise.push_event(gst_event_new_flush_stop(FALSE));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  rdenoise.push_event(gst_event_new_segment(&segment));
  EXPECT_EQ(next(rdenoise, i420(), frame.get()), first) << "after a flush";

  ASSERT_NE(next(rdenoise, i420(), frame.get()), first);
  const FrameLayout other = default_layout(*find_pixel_format("I420"), 16, 16);
  rdenoise.set_caps(slow_caps(other));
  (void)rdenoise.push_and_pull(make_frame(other));
  rdenoise.set_caps(slow_caps(i420()));
  EXPECT_EQ(next(rdenoise, i420(), frame.get()), first) << "after other caps";

  ASSERT_NE(next(rdenoise, i420(), frame.get()), first);
  g_object_set(rdenoise.element(), "strength", 0.0, nullptr);
  (void)next(rdenoise, i420(), frame.get());
  g_object_set(rdenoise.element(), "strength", 1.0, nullptr);
  EXPECT_EQ(next(rdenoise, i420(), frame.get()), first) << "after frames that passed through";
}

TEST(Temporal, takes_effect_with_the_next_frame) {
  const ElementModels models;
  const Buffer frame(make_frame(i420(), 3));
  ElementHarness rdenoise("rdenoise sigma=20 preset=live");
  rdenoise.set_caps(slow_caps(i420()));
  const std::vector<float> alone = next(rdenoise, i420(), frame.get());
  const std::vector<float> averaged = next(rdenoise, i420(), frame.get());
  ASSERT_NE(averaged, alone);
  gst_util_set_object_arg(G_OBJECT(rdenoise.element()), "temporal", "off");
  EXPECT_EQ(next(rdenoise, i420(), frame.get()), alone);
  gst_util_set_object_arg(G_OBJECT(rdenoise.element()), "temporal", "on");
  EXPECT_EQ(next(rdenoise, i420(), frame.get()), alone) << "the first of a new average";
  EXPECT_EQ(next(rdenoise, i420(), frame.get()), averaged);
}

}  // namespace
}  // namespace rdenoise::test
