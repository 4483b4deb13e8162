// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bridge/caps.hpp"

namespace rdenoise::gst {
namespace {

constexpr const char* raw_media_type = "video/x-raw";
constexpr const char* bayer_media_type = "video/x-bayer";

void append_structure(GstCaps* caps, const char* media_type, bool (*wanted)(const PixelFormat&), bool bayer) {
  GValue names = G_VALUE_INIT;
  g_value_init(&names, GST_TYPE_LIST);
  for (const PixelFormat& format : pixel_formats()) {
    if ((format.color_model == ColorModel::bayer) != bayer || !wanted(format)) continue;
    GValue name = G_VALUE_INIT;
    g_value_init(&name, G_TYPE_STRING);
    g_value_set_string(&name, std::string(format.name).c_str());
    gst_value_list_append_and_take_value(&names, &name);
  }
  if (gst_value_list_get_size(&names) > 0) {
    GstStructure* structure =
        gst_structure_new(media_type, "width", GST_TYPE_INT_RANGE, 1, G_MAXINT, "height", GST_TYPE_INT_RANGE, 1,
                          G_MAXINT, "framerate", GST_TYPE_FRACTION_RANGE, 0, 1, G_MAXINT, 1, nullptr);
    gst_structure_set_value(structure, "format", &names);
    gst_caps_append_structure(caps, structure);
  }
  g_value_unset(&names);
}

std::optional<FrameFormat> parse_bayer(const GstStructure* structure) {
  FrameFormat format;
  const char* name = gst_structure_get_string(structure, "format");
  format.pixel = name != nullptr ? find_pixel_format(name) : nullptr;
  if (format.pixel == nullptr || !format.is_bayer() || !gst_structure_get_int(structure, "width", &format.width_px) ||
      !gst_structure_get_int(structure, "height", &format.height_px) || format.width_px < 1 || format.height_px < 1 ||
      format.width_px > G_MAXINT / 2 - 4) {
    return std::nullopt;
  }
  format.bayer_stride_bytes = bayer_stride_bytes(*format.pixel, format.width_px);
  format.size_bytes = static_cast<std::size_t>(format.bayer_stride_bytes) * format.height_px;
  return format;
}

std::optional<FrameFormat> parse_raw(const GstCaps* caps) {
  FrameFormat format;
  if (!gst_video_info_from_caps(&format.info, caps)) return std::nullopt;
  format.pixel = find_pixel_format(gst_video_format_to_string(GST_VIDEO_INFO_FORMAT(&format.info)));
  if (format.pixel == nullptr || format.is_bayer()) return std::nullopt;
  format.width_px = GST_VIDEO_INFO_WIDTH(&format.info);
  format.height_px = GST_VIDEO_INFO_HEIGHT(&format.info);
  format.size_bytes = GST_VIDEO_INFO_SIZE(&format.info);
  format.limited_range = format.info.colorimetry.range == GST_VIDEO_COLOR_RANGE_16_235;
  if (char* text = gst_video_colorimetry_to_string(&format.info.colorimetry)) {
    format.colorimetry = text;
    g_free(text);
  }
  return format;
}

}  // namespace

int bayer_stride_bytes(const PixelFormat& format, int width_px) noexcept {
  return GST_ROUND_UP_4(width_px) * sample_size_bytes(format.sample.type);
}

std::optional<FrameFormat> parse_caps(const GstCaps* caps) {
  if (caps == nullptr || !gst_caps_is_fixed(caps)) return std::nullopt;
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  std::optional<FrameFormat> format;
  if (gst_structure_has_name(structure, bayer_media_type)) format = parse_bayer(structure);
  if (gst_structure_has_name(structure, raw_media_type)) format = parse_raw(caps);
  int fps_n = 0;
  int fps_d = 1;
  gst_structure_get_fraction(structure, "framerate", &fps_n, &fps_d);
  if (format) format->is_still = fps_n == 0;
  if (format && fps_n > 0) format->frame_ms = 1000.0 * fps_d / fps_n;
  return format;
}

GstCaps* make_template_caps(bool (*wanted)(const PixelFormat&)) {
  GstCaps* caps = gst_caps_new_empty();
  append_structure(caps, raw_media_type, wanted, false);
  append_structure(caps, bayer_media_type, wanted, true);
  return caps;
}

}  // namespace rdenoise::gst
