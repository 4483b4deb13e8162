// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <rdenoise/denoise.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/preset.hpp>
#include <set>
#include <string>

namespace rdenoise {
namespace {

const std::set<std::string_view> formats_420{"I420", "YV12", "NV12", "I420_10LE", "P010_10LE"};

/// A frame of odd size in that format, without pixels.
ConstFrameView frame_of(const PixelFormat& format) {
  ConstFrameView frame;
  frame.color_model = format.color_model;
  frame.width_px = 17;
  frame.height_px = 13;
  frame.channel_count = format.channel_count;
  for (std::size_t c = 0; c < static_cast<std::size_t>(std::min(format.channel_count, 3)); ++c) {
    const int step_x = 1 << format.channels[c].log2_subsampling_x;
    const int step_y = 1 << format.channels[c].log2_subsampling_y;
    frame.channels[c].width_px = (frame.width_px + step_x - 1) / step_x;
    frame.channels[c].height_px = (frame.height_px + step_y - 1) / step_y;
  }
  return frame;
}

TEST(Preset, names_the_420_networks_by_cost) {
  for (const std::string_view name : formats_420) {
    const PixelFormat& format = *find_pixel_format(name);
    EXPECT_EQ(preset_model_name(Preset::lightest, format), "ffdnet-lightest-yuv") << name;
    EXPECT_EQ(preset_model_name(Preset::light, format), "ffdnet-light-yuv") << name;
    EXPECT_EQ(preset_model_name(Preset::live, format), "ffdnet-live-yuv") << name;
    EXPECT_EQ(preset_model_name(Preset::balanced, format), "ffdnet-balanced-yuv") << name;
    EXPECT_EQ(preset_model_name(Preset::best, format), "ffdnet-gray") << name;
  }
}

TEST(Preset, none_and_best_are_the_default_model_and_so_is_balanced_of_other_formats) {
  for (const PixelFormat& format : pixel_formats()) {
    EXPECT_EQ(preset_model_name(Preset::none, format), default_model_name(format.color_model)) << format.name;
    EXPECT_EQ(preset_model_name(Preset::best, format), default_model_name(format.color_model)) << format.name;
    if (formats_420.contains(format.name)) continue;
    EXPECT_EQ(preset_model_name(Preset::balanced, format), default_model_name(format.color_model)) << format.name;
  }
}

TEST(Preset, live_is_a_small_network_for_the_planes_of_every_format) {
  for (const auto& [name, model] : {std::pair{"GRAY8", "ffdnet-live-gray"},
                                    {"GRAY16_LE", "ffdnet-live-gray"},
                                    {"Y42B", "ffdnet-live-gray"},
                                    {"Y444", "ffdnet-live-gray"},
                                    {"RGB", "ffdnet-live-color"},
                                    {"rggb", "ffdnet-live-bayer"}})
    for (const Preset preset : {Preset::lightest, Preset::light, Preset::live})
      EXPECT_EQ(preset_model_name(preset, *find_pixel_format(name)), model) << name;
}

TEST(Preset, of_a_frame_is_that_of_its_format) {
  for (const PixelFormat& format : pixel_formats())
    for (const Preset preset : presets)
      EXPECT_EQ(preset_model_name(preset, frame_of(format)), preset_model_name(preset, format)) << format.name;
}

TEST(Preset, words_come_back) {
  for (const Preset preset : presets) EXPECT_EQ(parse_preset(to_string(preset)), preset);
}

TEST(Preset, an_unknown_word_is_refused_with_the_known_ones) {
  try {
    static_cast<void>(parse_preset("fast"));
    FAIL() << "fast is no preset";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_NE(std::string(error.what()).find("none, lightest, light, live, balanced, best"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace rdenoise
