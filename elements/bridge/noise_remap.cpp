// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bridge/noise_remap.hpp"

#include <gst/video/video.h>

#include <rdenoise/noise_remap.hpp>

namespace rdenoise::gst {
namespace {

LightCoding light_coding(GstVideoTransferFunction transfer) {
  switch (transfer) {
    case GST_VIDEO_TRANSFER_GAMMA10:
      return LightCoding::linear;
    case GST_VIDEO_TRANSFER_SMPTE2084:
      return LightCoding::perceptual_quantiser;
    case GST_VIDEO_TRANSFER_ARIB_STD_B67:
      return LightCoding::hybrid_log_gamma;
    case GST_VIDEO_TRANSFER_LOG100:
    case GST_VIDEO_TRANSFER_LOG316:
      return LightCoding::other;
    default:
      return LightCoding::video_curve;
  }
}

std::optional<VideoDomain> video_domain(const NoiseDomain& domain) {
  VideoDomain video{.format = find_pixel_format(domain.format),
                    .width_px = domain.width_px,
                    .height_px = domain.height_px,
                    .levels = domain.levels};
  if (video.format == nullptr) return std::nullopt;
  if (video.format->color_model == ColorModel::bayer) return video;
  GstVideoColorimetry colorimetry;
  if (!gst_video_colorimetry_from_string(&colorimetry, domain.colorimetry.c_str())) return std::nullopt;
  const bool limited_range = colorimetry.range == GST_VIDEO_COLOR_RANGE_16_235;
  if (domain.levels.channels != default_levels(*video.format, limited_range).channels) return std::nullopt;
  gst_video_color_matrix_get_Kr_Kb(colorimetry.matrix, &video.luma.red, &video.luma.blue);  // else BT.601
  video.coding = light_coding(colorimetry.transfer);
  return video;
}

}  // namespace

std::optional<NoiseProfile> noise_in_domain(const MeasuredNoise& noise, const NoiseDomain& wanted) {
  if (noise.domain == wanted) return noise.profile;
  const auto from = video_domain(noise.domain);
  const auto to = video_domain(wanted);
  if (!from || !to) return std::nullopt;
  return remap_noise(noise.profile, *from, *to);
}

}  // namespace rdenoise::gst
