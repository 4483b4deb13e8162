// SPDX-License-Identifier: LGPL-2.1-or-later
// A GstBuffer seen as a frame view, without a copy.
#pragma once

#include <gst/video/video.h>

#include "bridge/caps.hpp"

namespace rdenoise::gst {

/// Holds the mapping for its lifetime. Strides and offsets come from the buffer's GstVideoMeta if it has one.
/// The view of a buffer mapped for reading must only be used as ConstFrameView.
class MappedFrame {
 public:
  /// throws  Error{corrupt} if the buffer cannot be mapped or holds less than the caps say
  MappedFrame(GstBuffer* buffer, const FrameFormat& format, const FrameLevels& levels, GstMapFlags flags);
  ~MappedFrame();
  MappedFrame(const MappedFrame&) = delete;
  MappedFrame& operator=(const MappedFrame&) = delete;

  [[nodiscard]] const FrameView& view() const noexcept { return view_; }
  /// Rows of plane 0, for what no channel shows: alpha and padding.
  [[nodiscard]] const PlaneMemory& first_plane() const noexcept { return first_plane_; }

 private:
  void unmap() noexcept;
  void map_raw(GstBuffer* buffer, const FrameFormat& format, const FrameLevels& levels, GstMapFlags flags);
  void map_bayer(GstBuffer* buffer, const FrameFormat& format, const FrameLevels& levels, GstMapFlags flags);

  GstBuffer* bayer_buffer_ = nullptr;
  GstMapInfo bayer_map_{};
  GstVideoFrame video_frame_{};
  FrameView view_;
  PlaneMemory first_plane_;
};

}  // namespace rdenoise::gst
