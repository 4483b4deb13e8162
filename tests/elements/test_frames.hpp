// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames in GstBuffers, laid out without the plugin's own code.
#pragma once

#include <gst/video/video.h>

#include <array>
#include <cstddef>
#include <rdenoise/image.hpp>
#include <string>
#include <vector>

namespace rdenoise::test {

/// Where the planes of a frame lie in a buffer.
struct FrameLayout {
  const PixelFormat* pixel = nullptr;
  int width_px = 0;
  int height_px = 0;
  bool has_video_meta = false;
  bool limited_range = false;
  std::array<gsize, GST_VIDEO_MAX_PLANES> offsets{};
  std::array<gint, GST_VIDEO_MAX_PLANES> strides{};
  gsize size_bytes = 0;

  [[nodiscard]] std::string caps() const;
};

/// As GStreamer lays it out by itself.
[[nodiscard]] FrameLayout default_layout(const PixelFormat& pixel, int width_px, int height_px);
/// Rows and planes apart from each other; needs a GstVideoMeta.
[[nodiscard]] FrameLayout padded_layout(const PixelFormat& pixel, int width_px, int height_px);

/// A noisy scene, different for each seed; alpha and padding hold a pattern. signal_scale darkens it.
[[nodiscard]] GstBuffer* make_frame(const FrameLayout& layout, int seed = 0, float signal_scale = 1.F);

/// A mapped frame; the layout is the buffer's own if it has a GstVideoMeta.
class FrameBytes {
 public:
  FrameBytes(GstBuffer* buffer, const FrameLayout& layout, bool writable = false);
  ~FrameBytes();
  FrameBytes(const FrameBytes&) = delete;
  FrameBytes& operator=(const FrameBytes&) = delete;

  [[nodiscard]] const FrameView& view() const { return view_; }
  [[nodiscard]] std::byte* plane(int index) const { return data() + layout_.offsets[index]; }
  [[nodiscard]] int stride_bytes(int index) const { return layout_.strides[index]; }

 private:
  [[nodiscard]] std::byte* data() const { return reinterpret_cast<std::byte*>(map_.data); }
  GstBuffer* buffer_;
  GstMapInfo map_{};
  FrameLayout layout_;
  FrameView view_;
};

/// All samples of all channels, normalised.
[[nodiscard]] std::vector<float> samples_of(const ConstFrameView& frame);
[[nodiscard]] std::vector<float> samples_of(GstBuffer* buffer, const FrameLayout& layout);

/// The fourth sample of each pixel (alpha or x); empty if the format has none.
[[nodiscard]] std::vector<std::byte> fourth_samples(GstBuffer* buffer, const FrameLayout& layout);

}  // namespace rdenoise::test
