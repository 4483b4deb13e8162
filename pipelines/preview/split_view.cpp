// SPDX-License-Identifier: LGPL-2.1-or-later
#include "split_view.hpp"

#include <gst/video/video.h>

#include <algorithm>
#include <cstring>

namespace rdn::preview {
namespace {

/// Frames that an element may hold at a time; older ones were dropped inside it.
constexpr std::size_t most_frames_inside = 8;
constexpr int divider_width_px = 2;

/// One plane in memory. Samples lie pixel_bytes apart; each stands for 2^shift_x columns.
struct Plane {
  std::size_t offset = 0;
  int stride_bytes = 0;
  int rows = 0;
  int width_px = 0;
  int pixel_bytes = 1;
  int shift_x = 0;
  bool is_chroma = false;
};

struct Planes {
  Plane planes[GST_VIDEO_MAX_PLANES];
  int count = 0;
  int bit_depth = 8;
  int shift = 0;  ///< of a sample within its word: P010 has its ten bits at the top
};

/// The planes of a video/x-bayer frame: one, rows padded to four bytes.
Planes bayer_planes(const GstStructure* structure) {
  Planes result;
  int width = 0;
  int height = 0;
  const gchar* format = gst_structure_get_string(structure, "format");
  if (!gst_structure_get_int(structure, "width", &width) || !gst_structure_get_int(structure, "height", &height) ||
      format == nullptr)
    return result;
  const int bytes = std::strlen(format) > 4 ? 2 : 1;  // "rggb" or "rggb16le"
  result.planes[0] = {0, GST_ROUND_UP_4(width * bytes), height, width, bytes, 0, false};
  result.count = 1;
  result.bit_depth = 8 * bytes;
  return result;
}

Planes video_planes(const GstVideoInfo& info, GstBuffer* buffer) {
  Planes result;
  const GstVideoFormatInfo* format = info.finfo;
  const GstVideoMeta* meta = gst_buffer_get_video_meta(buffer);
  result.count = static_cast<int>(GST_VIDEO_INFO_N_PLANES(&info));
  result.bit_depth = static_cast<int>(GST_VIDEO_FORMAT_INFO_DEPTH(format, 0));
  result.shift = static_cast<int>(GST_VIDEO_FORMAT_INFO_SHIFT(format, 0));
  for (int plane = 0; plane < result.count; ++plane) {
    gint components[GST_VIDEO_MAX_COMPONENTS];
    gst_video_format_info_component(format, static_cast<guint>(plane), components);
    const int first = components[0];
    result.planes[plane] = {meta != nullptr ? meta->offset[plane] : GST_VIDEO_INFO_PLANE_OFFSET(&info, plane),
                            meta != nullptr ? meta->stride[plane] : GST_VIDEO_INFO_PLANE_STRIDE(&info, plane),
                            GST_VIDEO_INFO_COMP_HEIGHT(&info, first),
                            GST_VIDEO_INFO_COMP_WIDTH(&info, first),
                            GST_VIDEO_INFO_COMP_PSTRIDE(&info, first),
                            static_cast<int>(GST_VIDEO_FORMAT_INFO_W_SUB(format, first)),
                            GST_VIDEO_FORMAT_INFO_IS_YUV(format) && first > 0};
  }
  return result;
}

Planes planes_of(GstCaps* caps, GstBuffer* buffer) {
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  if (gst_structure_has_name(structure, "video/x-bayer")) return bayer_planes(structure);
  GstVideoInfo info;
  if (!gst_video_info_from_caps(&info, caps)) return {};
  return video_planes(info, buffer);
}

bool fits(const Planes& planes, std::size_t size_bytes) {
  return std::all_of(planes.planes, planes.planes + planes.count, [&](const Plane& plane) {
    const auto row_bytes = static_cast<std::size_t>(plane.width_px) * static_cast<std::size_t>(plane.pixel_bytes);
    return plane.rows > 0 && plane.stride_bytes > 0 &&
           plane.offset + static_cast<std::size_t>(plane.rows - 1) * static_cast<std::size_t>(plane.stride_bytes) +
                   row_bytes <=
               size_bytes;
  });
}

/// White for luma, RGB and mosaics, neutral for chroma: all bytes alike, or the largest sample.
void draw_divider(const Plane& plane, const Planes& frame, guint8* row, int columns) {
  const int end = std::min(columns + std::max(divider_width_px >> plane.shift_x, 1), plane.width_px);
  const bool is_wide = frame.bit_depth > 8;
  for (int x = columns; x < end; ++x) {
    guint8* pixel = row + static_cast<std::ptrdiff_t>(x) * plane.pixel_bytes;
    if (!is_wide) {
      std::memset(pixel, plane.is_chroma ? 0x80 : 0xEB, static_cast<std::size_t>(plane.pixel_bytes));
    } else {
      const guint16 value = static_cast<guint16>(
          (plane.is_chroma ? 1U << (frame.bit_depth - 1) : (1U << frame.bit_depth) - 1U) << frame.shift);
      for (int i = 0; i + 1 < plane.pixel_bytes; i += 2) std::memcpy(pixel + i, &value, sizeof value);
    }
  }
}

void copy_columns(const Plane& from, const Plane& to, const Planes& frame, const guint8* before, guint8* after,
                  int divider_px) {
  const int columns = std::min(divider_px >> to.shift_x, to.width_px);
  const auto bytes = static_cast<std::size_t>(columns) * static_cast<std::size_t>(to.pixel_bytes);
  for (int y = 0; y < to.rows; ++y) {
    guint8* row = after + to.offset + static_cast<std::size_t>(y) * static_cast<std::size_t>(to.stride_bytes);
    std::memcpy(row, before + from.offset + static_cast<std::size_t>(y) * static_cast<std::size_t>(from.stride_bytes),
                bytes);
    draw_divider(to, frame, row, columns);
  }
}

/// Mapped while it lives; data is null if the map failed.
struct Mapped {
  Mapped(GstBuffer* mapped, GstMapFlags flags) : buffer(mapped) {
    if (!gst_buffer_map(buffer, &map, flags)) map.data = nullptr;
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  ~Mapped() {
    if (map.data != nullptr) gst_buffer_unmap(buffer, &map);
  }
  GstBuffer* buffer;
  GstMapInfo map{};
};

}  // namespace

bool show_split(GstCaps* caps, GstBuffer* before, GstBuffer* after, int divider_px) {
  const Planes from = planes_of(caps, before);
  const Planes to = planes_of(caps, after);
  const Mapped in(before, GST_MAP_READ);
  const Mapped out(after, GST_MAP_READWRITE);
  if (to.count == 0 || in.map.data == nullptr || out.map.data == nullptr || !fits(from, in.map.size) ||
      !fits(to, out.map.size))
    return false;
  // Even, so that chroma and the cells of a mosaic stay whole.
  const int even_px = std::max(divider_px, 0) / 2 * 2;
  for (int plane = 0; plane < to.count; ++plane)
    copy_columns(from.planes[plane], to.planes[plane], to, in.map.data, out.map.data, even_px);
  return true;
}

SplitView::SplitView(GstElement* element)
    : sink_(gst_element_get_static_pad(element, "sink")), src_(gst_element_get_static_pad(element, "src")) {
  before_probe_ = gst_pad_add_probe(sink_.get(), GST_PAD_PROBE_TYPE_BUFFER, on_frame_before, this, nullptr);
  after_probe_ = gst_pad_add_probe(src_.get(), GST_PAD_PROBE_TYPE_BUFFER, on_frame_after, this, nullptr);
}

SplitView::~SplitView() {
  gst_pad_remove_probe(sink_.get(), before_probe_);
  gst_pad_remove_probe(src_.get(), after_probe_);
}

void SplitView::set_divider(double share_of_width) noexcept { share_of_width_ = std::clamp(share_of_width, 0.0, 1.0); }

GstPadProbeReturn SplitView::on_frame_before(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<SplitView*>(data);
  const std::scoped_lock lock(self->mutex_);
  if (!self->is_on_) {
    self->before_.clear();
    return GST_PAD_PROBE_OK;
  }
  self->before_.emplace_back(gst_buffer_ref(GST_PAD_PROBE_INFO_BUFFER(info)));
  if (self->before_.size() > most_frames_inside) self->before_.pop_front();
  return GST_PAD_PROBE_OK;
}

Buffer SplitView::take_before(GstClockTime pts) {
  const std::scoped_lock lock(mutex_);
  while (!before_.empty()) {
    Buffer oldest = std::move(before_.front());
    before_.pop_front();
    if (GST_BUFFER_PTS(oldest.get()) == pts) return oldest;
  }
  return {};
}

GstPadProbeReturn SplitView::on_frame_after(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<SplitView*>(data);
  const Buffer before = self->take_before(GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info)));
  // The very same buffer: the element lets frames pass.
  if (!before || before.get() == GST_PAD_PROBE_INFO_BUFFER(info)) return GST_PAD_PROBE_OK;
  const Caps caps(gst_pad_get_current_caps(pad));
  int width_px = 0;
  if (!caps || !gst_structure_get_int(gst_caps_get_structure(caps.get(), 0), "width", &width_px))
    return GST_PAD_PROBE_OK;
  GST_PAD_PROBE_INFO_DATA(info) = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  show_split(caps.get(), before.get(), GST_PAD_PROBE_INFO_BUFFER(info),
             static_cast<int>(self->share_of_width_ * width_px));
  return GST_PAD_PROBE_OK;
}

}  // namespace rdn::preview
