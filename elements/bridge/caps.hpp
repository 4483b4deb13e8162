// SPDX-License-Identifier: LGPL-2.1-or-later
// Caps and the library's pixel formats. The formats themselves are listed once, in the library's table.
#pragma once

#include <gst/video/video.h>

#include <cstddef>
#include <optional>
#include <rdenoise/image.hpp>
#include <string>

namespace rdenoise::gst {

/// Raw video or bayer caps, understood.
struct FrameFormat {
  const PixelFormat* pixel = nullptr;
  GstVideoInfo info{};  ///< x-raw only: GstVideoFormat knows no bayer
  int width_px = 0;
  int height_px = 0;
  int bayer_stride_bytes = 0;  ///< bayer only, where no GstVideoMeta says otherwise
  std::size_t size_bytes = 0;  ///< of a buffer without GstVideoMeta
  bool limited_range = false;
  bool is_still = false;    ///< no framerate or 0: a photo, worth more time than a frame of a video
  double frame_ms = 0.0;    ///< from one to the next; 0: no framerate, or 0
  std::string colorimetry;  ///< as in caps; empty for bayer

  [[nodiscard]] bool is_bayer() const noexcept { return pixel->color_model == ColorModel::bayer; }
  [[nodiscard]] FrameLevels levels() const noexcept { return default_levels(*pixel, limited_range); }
};

/// nullopt if the caps are not fixed, or of a format that the library does not know.
[[nodiscard]] std::optional<FrameFormat> parse_caps(const GstCaps* caps);

/// Bytes between rows of a mosaic: rows are rounded up to four pixels, as bayer2rgb and videotestsrc do.
[[nodiscard]] int bayer_stride_bytes(const PixelFormat& format, int width_px) noexcept;

/// Template caps with every format of the library for which `wanted` is true.
[[nodiscard]] GstCaps* make_template_caps(bool (*wanted)(const PixelFormat&));

}  // namespace rdenoise::gst
