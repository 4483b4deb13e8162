// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elements/test_frames.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <rdenoise/noise.hpp>

#include "support/formula_pictures.hpp"

namespace rdenoise::test {
namespace {

GstVideoInfo video_info(const FrameLayout& layout) {
  GstVideoInfo info;
  GstCaps* caps = gst_caps_from_string(layout.caps().c_str());
  EXPECT_TRUE(gst_video_info_from_caps(&info, caps)) << layout.caps();
  gst_caps_unref(caps);
  return info;
}

FrameView lay_view(const FrameLayout& layout, std::byte* data) {
  std::array<PlaneMemory, GST_VIDEO_MAX_PLANES> planes;
  for (int p = 0; p < layout.pixel->plane_count; ++p) planes[p] = {data + layout.offsets[p], layout.strides[p]};
  return make_frame_view(*layout.pixel, layout.width_px, layout.height_px,
                         std::span<const PlaneMemory>(planes.data(), layout.pixel->plane_count),
                         default_levels(*layout.pixel, layout.limited_range));
}

}  // namespace

std::string FrameLayout::caps() const {
  const bool bayer = pixel->color_model == ColorModel::bayer;
  return std::string(bayer ? "video/x-bayer" : "video/x-raw") + ",format=(string)" + std::string(pixel->name) +
         ",width=" + std::to_string(width_px) + ",height=" + std::to_string(height_px) + ",framerate=30/1";
}

FrameLayout default_layout(const PixelFormat& pixel, int width_px, int height_px) {
  FrameLayout layout{&pixel, width_px, height_px};
  if (pixel.color_model == ColorModel::bayer) {
    layout.strides[0] = (width_px + 3) / 4 * 4 * sample_size_bytes(pixel.sample.type);
    layout.size_bytes = static_cast<gsize>(layout.strides[0]) * height_px;
    return layout;
  }
  const GstVideoInfo info = video_info(layout);
  for (guint p = 0; p < GST_VIDEO_INFO_N_PLANES(&info); ++p) {
    layout.offsets[p] = GST_VIDEO_INFO_PLANE_OFFSET(&info, p);
    layout.strides[p] = GST_VIDEO_INFO_PLANE_STRIDE(&info, p);
  }
  layout.size_bytes = GST_VIDEO_INFO_SIZE(&info);
  layout.limited_range = info.colorimetry.range == GST_VIDEO_COLOR_RANGE_16_235;
  return layout;
}

FrameLayout padded_layout(const PixelFormat& pixel, int width_px, int height_px) {
  FrameLayout layout = default_layout(pixel, width_px, height_px);
  layout.has_video_meta = true;
  gsize offset = 40;
  for (int p = 0; p < pixel.plane_count; ++p) {
    layout.strides[p] += 24;
    layout.offsets[p] = offset;
    offset += static_cast<gsize>(layout.strides[p]) * (height_px + 1);
  }
  layout.size_bytes = offset;
  return layout;
}

GstBuffer* make_frame(const FrameLayout& layout, int seed, float signal_scale) {
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, layout.size_bytes, nullptr);
  GstMapInfo map;
  EXPECT_TRUE(gst_buffer_map(buffer, &map, GST_MAP_WRITE));
  for (gsize i = 0; i < map.size; ++i) map.data[i] = static_cast<guint8>(37 * i + seed);
  const FrameView view = lay_view(layout, reinterpret_cast<std::byte*>(map.data));
  for (int c = 0; c < view.channel_count; ++c) {
    const ChannelView& channel = view.channels[c];
    std::vector<float> row(channel.width_px);
    for (int y = 0; y < channel.height_px; ++y) {
      for (int x = 0; x < channel.width_px; ++x) {
        const std::uint64_t index = static_cast<std::uint64_t>(y) * channel.width_px + x;
        const double noise = random_uniform({static_cast<std::uint64_t>(seed), static_cast<std::uint32_t>(c)}, index);
        row[x] =
            signal_scale * formula_signal(std::min(c, 2), x + 5 * seed, y) + 0.1F * static_cast<float>(noise - 0.5);
      }
      write_row(channel, y, 0, row);
    }
  }
  gst_buffer_unmap(buffer, &map);
  if (layout.has_video_meta) {
    const bool bayer = layout.pixel->color_model == ColorModel::bayer;
    const GstVideoFormat format =
        bayer ? GST_VIDEO_FORMAT_ENCODED : gst_video_format_from_string(std::string(layout.pixel->name).c_str());
    auto offsets = layout.offsets;
    auto strides = layout.strides;
    gst_buffer_add_video_meta_full(buffer, GST_VIDEO_FRAME_FLAG_NONE, format, layout.width_px, layout.height_px,
                                   layout.pixel->plane_count, offsets.data(), strides.data());
  }
  return buffer;
}

FrameBytes::FrameBytes(GstBuffer* buffer, const FrameLayout& layout, bool writable) : buffer_(buffer), layout_(layout) {
  EXPECT_TRUE(gst_buffer_map(buffer, &map_, writable ? GST_MAP_READWRITE : GST_MAP_READ));
  if (const GstVideoMeta* meta = gst_buffer_get_video_meta(buffer)) {
    std::copy_n(meta->offset, GST_VIDEO_MAX_PLANES, layout_.offsets.begin());
    std::copy_n(meta->stride, GST_VIDEO_MAX_PLANES, layout_.strides.begin());
  } else {
    layout_ = default_layout(*layout.pixel, layout.width_px, layout.height_px);
    EXPECT_GE(map_.size, layout_.size_bytes);
  }
  view_ = lay_view(layout_, data());
}

FrameBytes::~FrameBytes() { gst_buffer_unmap(buffer_, &map_); }

std::vector<float> samples_of(const ConstFrameView& frame) {
  std::vector<float> samples;
  for (int c = 0; c < frame.channel_count; ++c) {
    const ConstChannelView& channel = frame.channels[c];
    for (int y = 0; y < channel.height_px; ++y) {
      const std::size_t begin = samples.size();
      samples.resize(begin + channel.width_px);
      read_row(channel, y, 0, std::span(samples).subspan(begin));
    }
  }
  return samples;
}

std::vector<float> samples_of(GstBuffer* buffer, const FrameLayout& layout) {
  return samples_of(FrameBytes(buffer, layout).view());
}

std::vector<std::byte> fourth_samples(GstBuffer* buffer, const FrameLayout& layout) {
  std::vector<std::byte> samples;
  const int sample_bytes = sample_size_bytes(layout.pixel->sample.type);
  const int pixel_bytes = layout.pixel->channels[0].pixel_stride_bytes;
  if (layout.pixel->color_model != ColorModel::rgb || pixel_bytes != 4 * sample_bytes) return samples;
  // The four offsets of a pixel are 0 … 3 samples; the one that no channel has is the fourth.
  int offset = (0 + 1 + 2 + 3) * sample_bytes;
  for (const ChannelLayout& channel : layout.pixel->channels) offset -= channel.offset_bytes;
  const FrameBytes bytes(buffer, layout);
  for (int y = 0; y < layout.height_px; ++y) {
    for (int x = 0; x < layout.width_px; ++x) {
      const std::byte* pixel = bytes.plane(0) + y * bytes.stride_bytes(0) + x * pixel_bytes + offset;
      samples.insert(samples.end(), pixel, pixel + sample_bytes);
    }
  }
  return samples;
}

}  // namespace rdenoise::test
