// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bridge/mapped_frame.hpp"

#include <array>
#include <rdenoise/error.hpp>
#include <string>

namespace rdenoise::gst {
namespace {

Error too_small(const FrameFormat& format, std::size_t expected_bytes, std::size_t found_bytes) {
  return {ErrorCode::corrupt, "mapping a " + std::string(format.pixel->name) + " frame of " +
                                  std::to_string(format.width_px) + "x" + std::to_string(format.height_px) +
                                  ": expected " + std::to_string(expected_bytes) + " bytes, found " +
                                  std::to_string(found_bytes)};
}

}  // namespace

MappedFrame::MappedFrame(GstBuffer* buffer, const FrameFormat& format, const FrameLevels& levels, GstMapFlags flags) {
  try {
    if (format.is_bayer()) {
      map_bayer(buffer, format, levels, flags);
    } else {
      map_raw(buffer, format, levels, flags);
    }
  } catch (...) {
    unmap();
    throw;
  }
}

MappedFrame::~MappedFrame() { unmap(); }

void MappedFrame::unmap() noexcept {
  if (video_frame_.buffer != nullptr) gst_video_frame_unmap(&video_frame_);
  if (bayer_buffer_ != nullptr) gst_buffer_unmap(bayer_buffer_, &bayer_map_);
}

void MappedFrame::map_raw(GstBuffer* buffer, const FrameFormat& format, const FrameLevels& levels, GstMapFlags flags) {
  // Without a reference of its own the mapping leaves the buffer writable for metas.
  const auto video_flags =
      static_cast<GstMapFlags>(static_cast<int>(flags) | static_cast<int>(GST_VIDEO_FRAME_MAP_FLAG_NO_REF));
  if (!gst_video_frame_map(&video_frame_, &format.info, buffer, video_flags)) {
    video_frame_ = {};
    throw too_small(format, format.size_bytes, gst_buffer_get_size(buffer));
  }
  std::array<PlaneMemory, GST_VIDEO_MAX_PLANES> planes;
  for (int plane = 0; plane < format.pixel->plane_count; ++plane) {
    planes[plane] = {static_cast<std::byte*>(GST_VIDEO_FRAME_PLANE_DATA(&video_frame_, plane)),
                     GST_VIDEO_FRAME_PLANE_STRIDE(&video_frame_, plane)};
  }
  first_plane_ = planes[0];
  view_ = make_frame_view(*format.pixel, format.width_px, format.height_px,
                          std::span<const PlaneMemory>(planes.data(), format.pixel->plane_count), levels);
}

void MappedFrame::map_bayer(GstBuffer* buffer, const FrameFormat& format, const FrameLevels& levels,
                            GstMapFlags flags) {
  if (!gst_buffer_map(buffer, &bayer_map_, flags)) {
    throw Error(ErrorCode::corrupt, "mapping a mosaic: the buffer's memory cannot be mapped");
  }
  bayer_buffer_ = buffer;
  std::size_t offset_bytes = 0;
  std::ptrdiff_t stride_bytes = format.bayer_stride_bytes;
  if (const GstVideoMeta* meta = gst_buffer_get_video_meta(buffer); meta != nullptr && meta->n_planes == 1) {
    offset_bytes = meta->offset[0];
    stride_bytes = meta->stride[0];
  }
  const std::size_t row_bytes =
      static_cast<std::size_t>(format.width_px) * sample_size_bytes(format.pixel->sample.type);
  if (stride_bytes < static_cast<std::ptrdiff_t>(row_bytes)) throw too_small(format, row_bytes, stride_bytes);
  // The last row needs no padding.
  const std::size_t needed_bytes =
      offset_bytes + static_cast<std::size_t>(stride_bytes) * (format.height_px - 1) + row_bytes;
  if (needed_bytes > bayer_map_.size) throw too_small(format, needed_bytes, bayer_map_.size);
  first_plane_ = {reinterpret_cast<std::byte*>(bayer_map_.data) + offset_bytes, stride_bytes};
  view_ = make_frame_view(*format.pixel, format.width_px, format.height_px,
                          std::span<const PlaneMemory>(&first_plane_, 1), levels);
}

}  // namespace rdenoise::gst
