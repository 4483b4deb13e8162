// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bridge/raw_info_meta.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "bridge/structure_fields.hpp"

namespace rdenoise::gst {
namespace {

constexpr int raw_info_meta_version = 1;

float number(const GstStructure* structure, const char* field, float fallback) {
  double value = fallback;
  gst_structure_get_double(structure, field, &value);
  return static_cast<float>(value);
}

std::string text(const GstStructure* structure, const char* field) {
  const char* value = gst_structure_get_string(structure, field);
  return value != nullptr ? value : "";
}

bool all_finite(std::span<const float> values) {
  return std::ranges::all_of(values, [](float value) { return std::isfinite(value); });
}

bool makes_sense(const RawMetadata& metadata) {
  return all_finite(metadata.black_level_dn) && std::isfinite(metadata.white_level_dn) &&
         std::ranges::max(metadata.black_level_dn) < metadata.white_level_dn && all_finite(metadata.as_shot_gains) &&
         all_finite(metadata.camera_to_srgb);
}

std::optional<NoiseProfile> read_tag_profile(const GstStructure* structure) {
  std::array<double, 3> a;
  std::array<double, 3> b;
  if (!get_numbers(structure, "noise-a", a) || !get_numbers(structure, "noise-b", b)) return std::nullopt;
  NoiseProfile profile{3, {}, 1.0};
  for (int c = 0; c < 3; ++c) profile.channels[c] = {a[c], b[c]};
  return profile;
}

std::optional<OpticalBlack> read_optical_black(const GstStructure* structure) {
  OpticalBlack black;
  gint64 pixel_count = 0;
  const auto is_variance = [](double value) { return std::isfinite(value) && value >= 0.0; };
  if (!get_numbers(structure, "black-mean", black.mean_dn) ||
      !get_numbers(structure, "black-variance", black.variance_dn2) ||
      !gst_structure_get_int64(structure, "black-pixels", &pixel_count) ||
      !std::ranges::all_of(black.variance_dn2, is_variance)) {
    return std::nullopt;
  }
  black.pixel_count = pixel_count;
  return black;
}

}  // namespace

void register_raw_info_meta() {
  const char* no_tags[] = {nullptr};
  if (gst_meta_get_info(raw_info_meta_name) == nullptr) {
    gst_meta_register_custom(raw_info_meta_name, no_tags, nullptr, nullptr, nullptr);
  }
}

bool is_raw_info_meta(const GstMeta* meta) {
  return gst_meta_info_is_custom(meta->info) && gst_custom_meta_has_name((GstCustomMeta*)meta, raw_info_meta_name);
}

void attach_raw_info(GstBuffer* buffer, const RawMetadata& metadata) {
  if (GstCustomMeta* old = gst_buffer_get_custom_meta(buffer, raw_info_meta_name)) {
    gst_buffer_remove_meta(buffer, &old->meta);
  }
  GstStructure* structure = gst_custom_meta_get_structure(gst_buffer_add_custom_meta(buffer, raw_info_meta_name));
  gst_structure_set(structure, "version", G_TYPE_INT, raw_info_meta_version, "white-level", G_TYPE_DOUBLE,
                    static_cast<double>(metadata.white_level_dn), "iso", G_TYPE_DOUBLE,
                    static_cast<double>(metadata.iso), "exposure", G_TYPE_DOUBLE,
                    static_cast<double>(metadata.exposure_s), "aperture", G_TYPE_DOUBLE,
                    static_cast<double>(metadata.aperture_f), "focal-length", G_TYPE_DOUBLE,
                    static_cast<double>(metadata.focal_length_mm), "make", G_TYPE_STRING, metadata.make.c_str(),
                    "model", G_TYPE_STRING, metadata.model.c_str(), "date-time", G_TYPE_STRING,
                    metadata.date_time.c_str(), "orientation", G_TYPE_INT, metadata.orientation, "pixel-aspect-ratio",
                    G_TYPE_DOUBLE, static_cast<double>(metadata.pixel_aspect_ratio), nullptr);
  set_numbers(structure, "black-level", std::span<const float>(metadata.black_level_dn));
  set_numbers(structure, "gains", std::span<const float>(metadata.as_shot_gains));
  set_numbers(structure, "camera-to-srgb", std::span<const float>(metadata.camera_to_srgb));
  set_numbers(structure, "xyz-to-camera", std::span<const float>(metadata.xyz_to_camera));
  if (metadata.noise_profile) {
    std::array<double, 3> a;
    std::array<double, 3> b;
    for (int c = 0; c < 3; ++c) {
      a[c] = metadata.noise_profile->channels[c].a;
      b[c] = metadata.noise_profile->channels[c].b;
    }
    set_numbers(structure, "noise-a", std::span<const double>(a));
    set_numbers(structure, "noise-b", std::span<const double>(b));
  }
  if (metadata.optical_black) {
    set_numbers(structure, "black-mean", std::span<const double>(metadata.optical_black->mean_dn));
    set_numbers(structure, "black-variance", std::span<const double>(metadata.optical_black->variance_dn2));
    gst_structure_set(structure, "black-pixels", G_TYPE_INT64, metadata.optical_black->pixel_count, nullptr);
  }
}

std::optional<RawMetadata> read_raw_info(GstBuffer* buffer) {
  GstCustomMeta* meta = gst_buffer_get_custom_meta(buffer, raw_info_meta_name);
  if (meta == nullptr) return std::nullopt;
  const GstStructure* structure = gst_custom_meta_get_structure(meta);
  RawMetadata metadata;
  int version = 0;
  if (!gst_structure_get_int(structure, "version", &version) || version != raw_info_meta_version ||
      !get_numbers(structure, "black-level", metadata.black_level_dn) ||
      !get_numbers(structure, "gains", metadata.as_shot_gains) ||
      !get_numbers(structure, "camera-to-srgb", metadata.camera_to_srgb) ||
      !get_numbers(structure, "xyz-to-camera", metadata.xyz_to_camera)) {
    return std::nullopt;
  }
  metadata.white_level_dn = number(structure, "white-level", NAN);
  if (!makes_sense(metadata)) return std::nullopt;
  metadata.noise_profile = read_tag_profile(structure);
  metadata.optical_black = read_optical_black(structure);
  metadata.iso = number(structure, "iso", 0.F);
  metadata.exposure_s = number(structure, "exposure", 0.F);
  metadata.aperture_f = number(structure, "aperture", 0.F);
  metadata.focal_length_mm = number(structure, "focal-length", 0.F);
  metadata.make = text(structure, "make");
  metadata.model = text(structure, "model");
  metadata.date_time = text(structure, "date-time");
  gst_structure_get_int(structure, "orientation", &metadata.orientation);
  metadata.pixel_aspect_ratio = number(structure, "pixel-aspect-ratio", 1.F);
  return metadata;
}

EstimateOptions buffer_estimate_options(GstBuffer* buffer, const FrameFormat& format) {
  EstimateOptions options = format.is_still ? EstimateOptions{} : EstimateOptions::video();
  const auto camera = format.is_bayer() ? read_raw_info(buffer) : std::nullopt;
  if (camera) options.priors = noise_priors(*camera, format.pixel->cfa);
  return options;
}

FrameLevels buffer_levels(GstBuffer* buffer, const FrameFormat& format) {
  if (format.is_bayer()) {
    if (const auto metadata = read_raw_info(buffer)) return to_frame_levels(*metadata);
  }
  return format.levels();
}

}  // namespace rdenoise::gst
