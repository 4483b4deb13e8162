// SPDX-License-Identifier: LGPL-2.1-or-later
// The property preset of rdenoise, and GstPreset.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include "elements/denoised_frames.hpp"
#include "elements/element_harness.hpp"
#include "elements/element_models.hpp"
#include "elements/element_stats.hpp"

namespace rdenoise::test {
namespace {

const NoiseProfile noise = uniform_profile(ColorModel::yuv, NoiseModel::gaussian(20));

/// A rate that any network keeps up with, so that none stands in for another.
std::string slow_caps(const FrameLayout& layout) { return caps_at(layout, "1/60"); }

std::string preset_of(GstElement* element) {
  GValue value = G_VALUE_INIT;
  g_value_init(&value, g_object_class_find_property(G_OBJECT_GET_CLASS(element), "preset")->value_type);
  g_object_get_property(G_OBJECT(element), "preset", &value);
  gchar* text = gst_value_serialize(&value);
  const std::string word = text;
  g_free(text);
  g_value_unset(&value);
  return word;
}

TEST(Preset, of_420_video_denoises_with_the_network_that_it_stands_for) {
  const ElementModels models;
  const std::pair<const char*, const char*> rows[] = {
      {"none", "ffdnet-gray"},     {"lightest", "ffdnet-lightest-yuv"}, {"light", "ffdnet-light-yuv"},
      {"live", "ffdnet-live-yuv"}, {"balanced", "ffdnet-balanced-yuv"}, {"best", "ffdnet-gray"}};
  for (const char* name : {"I420", "YV12", "NV12", "I420_10LE", "P010_10LE"}) {
    const FrameLayout layout = padded_layout(*find_pixel_format(name), 37, 25);
    const Buffer in(make_frame(layout, 3));
    for (const auto& [preset, model] : rows) {
      SCOPED_TRACE(std::string(name) + " " + preset);
      ElementHarness rdenoise("rdenoise sigma=20 preset=" + std::string(preset));
      rdenoise.set_caps(slow_caps(layout));
      const Buffer out = rdenoise.push_and_pull(gst_buffer_ref(in.get()));
      ASSERT_NE(out, nullptr);
      EXPECT_EQ(samples_of(out.get(), layout), denoised_directly(in.get(), layout, noise, model));
      EXPECT_EQ(stats_of(rdenoise.element()).model, model);
      EXPECT_EQ(stats_of(rdenoise.element()).quality, preset);
    }
  }
}

TEST(Preset, of_other_formats_is_the_default_network_but_for_live_and_lighter) {
  const ElementModels models;
  const std::pair<const char*, const char*> rows[] = {{"GRAY8", "ffdnet-live-gray"},
                                                      {"Y42B", "ffdnet-live-gray"},
                                                      {"Y444", "ffdnet-live-gray"},
                                                      {"RGB", "ffdnet-live-color"},
                                                      {"rggb", "ffdnet-live-bayer"}};
  for (const auto& [name, live] : rows) {
    const FrameLayout layout = default_layout(*find_pixel_format(name), 32, 24);
    const Buffer in(make_frame(layout, 3));
    const auto denoised = [&](const std::string& setting) {
      return denoised_by_element("rdenoise sigma=20 " + setting, layout, in.get());
    };
    const std::vector<float> expected = denoised("");
    for (const char* preset : {"balanced", "best"})
      EXPECT_EQ(denoised("preset=" + std::string(preset)), expected) << name << " " << preset;
    for (const char* preset : {"lightest", "light", "live"}) {
      EXPECT_EQ(denoised("preset=" + std::string(preset)), denoised("model=" + std::string(live))) << name;
      EXPECT_NE(denoised("preset=" + std::string(preset)), expected) << name;
    }
  }
}

TEST(Preset, takes_effect_with_the_next_frame) {
  const ElementModels models;
  const FrameLayout layout = default_layout(*find_pixel_format("I420"), 32, 24);
  ElementHarness rdenoise("rdenoise sigma=20 preset=best");
  rdenoise.set_caps(slow_caps(layout));
  EXPECT_NE(rdenoise.push_and_pull(make_frame(layout)), nullptr);
  gst_util_set_object_arg(G_OBJECT(rdenoise.element()), "preset", "live");
  EXPECT_NE(rdenoise.push_and_pull(make_frame(layout)), nullptr);
  EXPECT_EQ(stats_of(rdenoise.element()).model, "ffdnet-live-yuv");
}

TEST(Preset, follows_a_change_of_chroma_sampling) {
  const ElementModels models;
  ElementHarness rdenoise("rdenoise sigma=20 preset=live");
  for (const auto& [name, model] : {std::pair("I420", "ffdnet-live-yuv"), {"Y444", "ffdnet-live-gray"}}) {
    const FrameLayout layout = default_layout(*find_pixel_format(name), 32, 24);
    rdenoise.set_caps(slow_caps(layout));
    EXPECT_NE(rdenoise.push_and_pull(make_frame(layout)), nullptr);
    EXPECT_EQ(stats_of(rdenoise.element()).model, model);
  }
}

TEST(Preset, gives_way_to_a_named_model_with_one_warning) {
  const ElementModels models;
  const FrameLayout layout = default_layout(*find_pixel_format("I420"), 32, 24);
  ElementHarness rdenoise("rdenoise sigma=20 preset=live model=yuv420");
  rdenoise.set_caps(slow_caps(layout));
  for (int i = 0; i < 3; ++i) EXPECT_NE(rdenoise.push_and_pull(make_frame(layout)), nullptr);
  EXPECT_EQ(stats_of(rdenoise.element()).model, "yuv420");
  EXPECT_EQ(stats_of(rdenoise.element()).quality, "none");
  EXPECT_EQ(rdenoise.warning_count(), 1);
}

TEST(Preset, whose_model_is_not_installed_ends_the_stream_as_a_missing_model_does) {
  const ElementModels models;
  models.remove("ffdnet-live-yuv");
  const FrameLayout layout = default_layout(*find_pixel_format("I420"), 32, 24);
  ElementHarness rdenoise("rdenoise sigma=20 preset=live");
  rdenoise.set_caps(slow_caps(layout));
  EXPECT_EQ(rdenoise.push(make_frame(layout)), GST_FLOW_ERROR);
  const std::string error = rdenoise.error();
  EXPECT_EQ(error.find(g_quark_to_string(GST_RESOURCE_ERROR)), 0U) << error;
  EXPECT_NE(error.find("ffdnet-live-yuv"), std::string::npos) << error;
}

TEST(GstPreset, built_in_ones_are_listed_and_set_the_property) {
  const ElementHarness rdenoise("rdenoise");
  auto* preset = reinterpret_cast<GstPreset*>(rdenoise.element());
  ASSERT_TRUE(GST_IS_PRESET(preset));
  gchar** listed = gst_preset_get_preset_names(preset);
  std::set<std::string> names;
  for (gchar** name = listed; *name != nullptr; ++name) names.insert(*name);
  g_strfreev(listed);
  for (const char* name : {"lightest", "light", "live", "balanced", "best"}) {
    EXPECT_TRUE(names.contains(name)) << name;
    EXPECT_TRUE(gst_preset_load_preset(preset, name)) << name;
    EXPECT_EQ(preset_of(rdenoise.element()), name);
  }
}

TEST(GstPreset, built_in_ones_cannot_be_overwritten_or_removed) {
  const ElementHarness rdenoise("rdenoise");
  auto* preset = reinterpret_cast<GstPreset*>(rdenoise.element());
  EXPECT_FALSE(gst_preset_save_preset(preset, "live"));
  EXPECT_FALSE(gst_preset_delete_preset(preset, "live"));
  EXPECT_FALSE(gst_preset_rename_preset(preset, "live", "mine"));
  EXPECT_TRUE(gst_preset_load_preset(preset, "live"));
}

TEST(GstPreset, of_an_unknown_name_changes_nothing) {
  const ElementHarness rdenoise("rdenoise preset=balanced");
  EXPECT_FALSE(gst_preset_load_preset(reinterpret_cast<GstPreset*>(rdenoise.element()), "no such preset"));
  EXPECT_EQ(preset_of(rdenoise.element()), "balanced");
}

}  // namespace
}  // namespace rdenoise::test
