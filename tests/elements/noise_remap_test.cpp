// SPDX-License-Identifier: LGPL-2.1-or-later
// What videoconvert makes of noise, against what the profile says after it: rdnoiseest ! videoconvert ! rdenoise.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <rdenoise/noise_remap.hpp>

#include "elements/denoised_frames.hpp"
#include "elements/element_harness.hpp"
#include "elements/element_models.hpp"
#include "elements/noise_meta_fields.hpp"

namespace rdenoise::test {
namespace {

constexpr int width_px = 256;
constexpr int height_px = 192;

struct Video {
  std::string format;
  std::string colorimetry;  ///< empty: as the format has it by itself

  [[nodiscard]] std::string caps() const {
    return "video/x-raw,format=" + format + ",width=" + std::to_string(width_px) +
           ",height=" + std::to_string(height_px) + ",framerate=30/1" +
           (colorimetry.empty() ? "" : ",colorimetry=" + colorimetry);
  }
};

FrameLayout layout_of(const GstVideoInfo& info) {
  FrameLayout layout = default_layout(*find_pixel_format(gst_video_format_to_string(GST_VIDEO_INFO_FORMAT(&info))),
                                      info.width, info.height);
  layout.limited_range = info.colorimetry.range == GST_VIDEO_COLOR_RANGE_16_235;
  return layout;
}

GstVideoInfo info_of(GstCaps* caps) {
  GstVideoInfo info;
  EXPECT_TRUE(gst_video_info_from_caps(&info, caps));
  return info;
}

GstVideoInfo info_of(const Video& video) {
  GstCaps* caps = gst_caps_from_string(video.caps().c_str());
  const GstVideoInfo info = info_of(caps);
  gst_caps_unref(caps);
  return info;
}

VideoDomain domain_of(const GstVideoInfo& info) {
  const FrameLayout layout = layout_of(info);
  VideoDomain domain{layout.pixel, info.width, info.height, default_levels(*layout.pixel, layout.limited_range)};
  gst_video_color_matrix_get_Kr_Kb(info.colorimetry.matrix, &domain.luma.red, &domain.luma.blue);
  return domain;
}

/// Shot noise on luma and rgb; about eight steps of 8 bits on all.
NoiseProfile profile_of(const PixelFormat& format) {
  NoiseProfile profile = uniform_profile(format.color_model, {0.002, 2e-4, {}});
  if (format.color_model == ColorModel::yuv) profile.channels[1] = profile.channels[2] = {0.0, 1.2e-3, {}};
  return profile;
}

/// A neutral ramp from a quarter to three quarters, so that no noise is clipped.
GstBuffer* ramp(const FrameLayout& layout, bool with_noise) {
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, layout.size_bytes, nullptr);
  gst_buffer_memset(buffer, 0, 0xFF, layout.size_bytes);
  GstMapInfo map;
  EXPECT_TRUE(gst_buffer_map(buffer, &map, GST_MAP_WRITE));
  std::array<PlaneMemory, GST_VIDEO_MAX_PLANES> planes;
  for (int p = 0; p < layout.pixel->plane_count; ++p)
    planes[p] = {reinterpret_cast<std::byte*>(map.data) + layout.offsets[p], layout.strides[p]};
  const FrameView view = make_frame_view(*layout.pixel, layout.width_px, layout.height_px,
                                         std::span<const PlaneMemory>(planes.data(), layout.pixel->plane_count),
                                         default_levels(*layout.pixel, layout.limited_range));
  const NoiseProfile noise = profile_of(*layout.pixel);
  for (int c = 0; c < view.channel_count; ++c) {
    const ChannelView& channel = view.channels[c];
    const bool chroma = view.color_model == ColorModel::yuv && c > 0;
    std::vector<float> row(channel.width_px);
    for (int y = 0; y < channel.height_px; ++y) {
      for (int x = 0; x < channel.width_px; ++x)
        row[x] = chroma ? 0.5F : 0.25F + 0.5F * static_cast<float>(x) / static_cast<float>(channel.width_px - 1);
      if (with_noise)
        add_noise(row, row, noise.channels[c], {21, static_cast<std::uint32_t>(c)},
                  static_cast<std::uint64_t>(y) * row.size());
      write_row(channel, y, 0, row);
    }
  }
  gst_buffer_unmap(buffer, &map);
  return buffer;
}

struct Converted {
  GstVideoInfo info;
  Buffer clean;
  Buffer noisy;
};

Converted convert(const Video& from, const Video& to) {
  ElementHarness videoconvert("videoconvert");
  videoconvert.set_caps(from.caps());
  gst_harness_set_sink_caps_str(videoconvert.get(), to.caps().c_str());
  const FrameLayout layout = layout_of(info_of(from));
  Converted converted{
      {}, videoconvert.push_and_pull(ramp(layout, false)), videoconvert.push_and_pull(ramp(layout, true))};
  GstCaps* caps = gst_pad_get_current_caps(videoconvert.get()->sinkpad);
  converted.info = info_of(caps);
  gst_caps_unref(caps);
  return converted;
}

/// σ found in a channel and σ that the profile tells for the clean levels of the same samples.
struct Sigmas {
  double found;
  double told;
};

Sigmas sigmas_of(const Converted& converted, int channel, const NoiseModel& told) {
  const FrameLayout layout = layout_of(converted.info);
  const FrameBytes clean(converted.clean.get(), layout);
  const FrameBytes noisy(converted.noisy.get(), layout);
  const ConstFrameView clean_view = clean.view();
  const ConstFrameView noisy_view = noisy.view();
  const ConstChannelView& from = clean_view.channels[channel];
  std::vector<float> level(from.width_px);
  std::vector<float> sample(from.width_px);
  double sum = 0.0;
  double square = 0.0;
  double expected = 0.0;
  for (int y = 0; y < from.height_px; ++y) {
    read_row(from, y, 0, level);
    read_row(noisy_view.channels[channel], y, 0, sample);
    for (std::size_t x = 0; x < level.size(); ++x) {
      const double error = static_cast<double>(sample[x]) - level[x];
      sum += error;
      square += error * error;
      expected += told.variance(level[x]);
    }
  }
  const double count = static_cast<double>(from.width_px) * from.height_px;
  return {std::sqrt(square / count - sum * sum / count / count), std::sqrt(expected / count)};
}

void expect_told(const Video& from, const Video& to, double tolerance) {
  const Converted converted = convert(from, to);
  const VideoDomain domain = domain_of(converted.info);
  const GstVideoInfo source = info_of(from);
  const auto told = remap_noise(profile_of(*layout_of(source).pixel), domain_of(source), domain);
  ASSERT_TRUE(told) << from.caps() << " to " << to.caps();
  for (int c = 0; c < told->channel_count; ++c) {
    const Sigmas sigmas = sigmas_of(converted, c, told->channels[c]);
    EXPECT_NEAR(sigmas.told, sigmas.found, tolerance * sigmas.found)
        << from.format << " " << from.colorimetry << " to " << to.format << " " << to.colorimetry << ", channel " << c;
  }
}

// Chroma of 4:2:0 has 12288 samples: σ to 0.64 %; four of those. The rest is videoconvert's own arithmetic.
constexpr double sampling_tolerance = 0.026;

TEST(NoiseRemap, tells_what_videoconvert_makes_of_every_format) {
  for (const PixelFormat& from : pixel_formats()) {
    for (const PixelFormat& to : pixel_formats()) {
      if (from.color_model == ColorModel::bayer || to.color_model == ColorModel::bayer || from.name == to.name)
        continue;
      // Its matrices of 8 bits cut products to whole numbers toward the middle, where neutral chroma lies: up to 5 %.
      const bool by_matrix = (from.color_model == ColorModel::rgb) != (to.color_model == ColorModel::rgb);
      expect_told({std::string(from.name), ""}, {std::string(to.name), ""},
                  sampling_tolerance + (by_matrix ? 0.05 : 0.01));
    }
  }
}

TEST(NoiseRemap, tells_what_videoconvert_makes_of_colorimetry) {
  // From yuv to yuv two products are cut: chroma noise of 8 steps loses most of a step.
  expect_told({"I420", "bt601"}, {"I420", "bt709"}, 0.1);
  expect_told({"Y444", "bt709"}, {"Y444", "bt601"}, 0.1);
  expect_told({"RGB", "sRGB"}, {"I420", "bt709"}, 0.08);
  expect_told({"I420", "bt709"}, {"RGB", ""}, 0.08);
  expect_told({"I420", "bt2020"}, {"RGB", ""}, 0.08);
  expect_told({"RGBA64_LE", "sRGB"}, {"I420_10LE", "bt2020"}, 0.03);
  // Another range of the same matrix is no matrix: the numbers stay.
  expect_told({"I420", "bt601"}, {"I420", "1:4:0:0"}, 0.03);
  expect_told({"Y444", "1:4:0:0"}, {"Y444", "bt601"}, 0.03);
  expect_told({"RGB", "sRGB"}, {"RGB", "2:1:7:1"}, 0.03);
  expect_told({"GRAY8", "bt601"}, {"GRAY8", "1:4:0:0"}, 0.03);
  // gamma-mode is none, so another curve is only another name.
  expect_told({"RGB", "sRGB"}, {"RGB", "1:1:5:1"}, 0.03);
}

/// The frame as rdnoiseest and videoconvert hand it on.
Buffer measured_and_converted(const Video& from, const Video& to) {
  ElementHarness rdnoiseest("rdnoiseest");
  rdnoiseest.set_caps(from.caps());
  ElementHarness videoconvert("videoconvert");
  videoconvert.set_caps(from.caps());
  gst_harness_set_sink_caps_str(videoconvert.get(), to.caps().c_str());
  return videoconvert.push_and_pull(rdnoiseest.push_and_pull(ramp(layout_of(info_of(from)), true)).release());
}

std::vector<float> denoised_by_element(const Video& video, GstBuffer* frame) {
  ElementHarness rdenoise("rdenoise");
  rdenoise.set_caps(video.caps());
  const Buffer out = rdenoise.push_and_pull(gst_buffer_ref(frame));
  return samples_of(out.get(), layout_of(info_of(video)));
}

TEST(NoiseRemap, is_what_rdenoise_uses_after_videoconvert) {
  const ElementModels models;
  const std::pair<Video, Video> conversions[] = {
      {{"I420", ""}, {"NV12", ""}}, {{"I420_10LE", ""}, {"I420", ""}},      {{"RGB", ""}, {"I420", ""}},
      {{"I420", ""}, {"RGB", ""}},  {{"I420", "bt601"}, {"I420", "bt709"}}, {{"RGBA64_LE", ""}, {"GRAY8", ""}}};
  for (const auto& [from, to] : conversions) {
    const Buffer frame = measured_and_converted(from, to);
    const NoiseProfile measured = read_profile(noise_structure(frame.get()));
    const auto told = remap_noise(measured, domain_of(info_of(from)), domain_of(info_of(to)));
    ASSERT_TRUE(told);
    EXPECT_EQ(denoised_by_element(to, frame.get()), denoised_directly(frame.get(), layout_of(info_of(to)), *told))
        << from.format << " to " << to.format;
  }
}

TEST(NoiseRemap, is_not_tried_across_light_codings_or_contradictions) {
  const ElementModels models;
  const Video rgb{"RGB", ""};
  const auto expect_own_estimate = [&](const char* what, auto&& change) {
    const Buffer frame = measured_and_converted(rgb, {"BGR", ""});
    GstStructure* structure = noise_structure(frame.get());
    set_numbers(structure, "b", {0.09, 0.09, 0.09});
    change(structure);
    const FrameLayout layout = layout_of(info_of(Video{"BGR", ""}));
    const NoiseProfile own = estimate_noise(FrameBytes(frame.get(), layout).view(), EstimateOptions::video());
    EXPECT_EQ(denoised_by_element({"BGR", ""}, frame.get()), denoised_directly(frame.get(), layout, own)) << what;
  };
  expect_own_estimate("linear light",
                      [](GstStructure* s) { gst_structure_set(s, "colorimetry", G_TYPE_STRING, "1:1:1:1", nullptr); });
  expect_own_estimate("no colorimetry at all",
                      [](GstStructure* s) { gst_structure_set(s, "colorimetry", G_TYPE_STRING, "blue", nullptr); });
  expect_own_estimate("levels of another range", [](GstStructure* s) {
    set_numbers(s, "white", {235, 235, 235, 235});
  });
  expect_own_estimate("another size", [](GstStructure* s) { gst_structure_set(s, "width", G_TYPE_INT, 255, nullptr); });
}

}  // namespace
}  // namespace rdenoise::test
