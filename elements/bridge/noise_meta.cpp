// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bridge/noise_meta.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "bridge/structure_fields.hpp"

namespace rdenoise::gst {
namespace {

constexpr int noise_meta_version = 2;
constexpr int oldest_noise_meta_version = 1;  // no level functions; else the same
constexpr const char* level_function_field = "level-function";

bool read_domain(const GstStructure* structure, NoiseDomain& domain) {
  const char* format = gst_structure_get_string(structure, "format");
  const char* colorimetry = gst_structure_get_string(structure, "colorimetry");
  std::array<float, max_channels> black;
  std::array<float, max_channels> white;
  if (format == nullptr || colorimetry == nullptr || !gst_structure_get_int(structure, "width", &domain.width_px) ||
      !gst_structure_get_int(structure, "height", &domain.height_px) || !get_numbers(structure, "black", black) ||
      !get_numbers(structure, "white", white)) {
    return false;
  }
  domain.format = format;
  domain.colorimetry = colorimetry;
  for (int c = 0; c < max_channels; ++c) domain.levels.channels[c] = {black[c], white[c]};
  return true;
}

bool is_variance(double value) { return std::isfinite(value) && value >= 0.0; }

/// The field may be missing; if it is there, it is right or the profile is none.
bool read_level_functions(const GstStructure* structure, int channel_count, NoiseProfile& profile) {
  if (!gst_structure_has_field(structure, level_function_field)) return true;
  std::vector<std::vector<double>> lists;
  if (!get_number_lists(structure, level_function_field, lists) ||
      lists.size() != static_cast<std::size_t>(channel_count)) {
    return false;
  }
  for (int c = 0; c < channel_count; ++c) {
    if (lists[c].empty()) continue;
    if (lists[c].size() != NoiseLevelFunction::level_count || !std::ranges::all_of(lists[c], is_variance)) return false;
    NoiseLevelFunction& function = profile.channels[c].level_function.emplace();
    std::ranges::transform(lists[c], function.variance.begin(), [](double v) { return static_cast<float>(v); });
  }
  return true;
}

bool read_profile(const GstStructure* structure, int channel_count, NoiseProfile& profile) {
  std::array<double, 3> a;
  std::array<double, 3> b;
  const std::size_t count = channel_count;
  if (!get_numbers(structure, "a", std::span(a).first(count)) ||
      !get_numbers(structure, "b", std::span(b).first(count)) ||
      !gst_structure_get_double(structure, "confidence", &profile.confidence)) {
    return false;
  }
  profile.channel_count = channel_count;
  for (int c = 0; c < channel_count; ++c) {
    if (!is_variance(a[c]) || !is_variance(b[c])) return false;
    profile.channels[c] = {a[c], b[c], {}};
  }
  return read_level_functions(structure, channel_count, profile);
}

void set_level_functions(GstStructure* structure, const NoiseProfile& profile) {
  std::vector<std::vector<double>> lists(profile.channel_count);
  bool any = false;
  for (int c = 0; c < profile.channel_count; ++c) {
    const auto& function = profile.channels[c].level_function;
    if (!function) continue;
    lists[c].assign(function->variance.begin(), function->variance.end());
    any = true;
  }
  if (any) set_number_lists(structure, level_function_field, lists);
}

}  // namespace

bool NoiseDomain::operator==(const NoiseDomain& other) const {
  return format == other.format && width_px == other.width_px && height_px == other.height_px &&
         colorimetry == other.colorimetry && levels.channels == other.levels.channels;
}

NoiseDomain noise_domain(const FrameFormat& format, const FrameLevels& levels) {
  return {std::string(format.pixel->name), format.width_px, format.height_px, format.colorimetry, levels};
}

void register_noise_meta() {
  const char* no_tags[] = {nullptr};
  if (gst_meta_get_info(noise_meta_name) == nullptr) {
    gst_meta_register_custom(noise_meta_name, no_tags, nullptr, nullptr, nullptr);
  }
}

bool is_noise_meta(const GstMeta* meta) {
  return gst_meta_info_is_custom(meta->info) && gst_custom_meta_has_name((GstCustomMeta*)meta, noise_meta_name);
}

void remove_noise(GstBuffer* buffer) {
  if (GstCustomMeta* meta = gst_buffer_get_custom_meta(buffer, noise_meta_name)) {
    gst_buffer_remove_meta(buffer, &meta->meta);
  }
}

void attach_noise(GstBuffer* buffer, const MeasuredNoise& noise) {
  remove_noise(buffer);
  GstStructure* structure = gst_custom_meta_get_structure(gst_buffer_add_custom_meta(buffer, noise_meta_name));
  gst_structure_set(structure, "version", G_TYPE_INT, noise_meta_version, "format", G_TYPE_STRING,
                    noise.domain.format.c_str(), "width", G_TYPE_INT, noise.domain.width_px, "height", G_TYPE_INT,
                    noise.domain.height_px, "colorimetry", G_TYPE_STRING, noise.domain.colorimetry.c_str(), nullptr);
  std::array<float, max_channels> black;
  std::array<float, max_channels> white;
  for (int c = 0; c < max_channels; ++c) {
    black[c] = noise.domain.levels.channels[c].black_dn;
    white[c] = noise.domain.levels.channels[c].white_dn;
  }
  set_numbers(structure, "black", std::span<const float>(black));
  set_numbers(structure, "white", std::span<const float>(white));
  set_profile(structure, noise.profile);
}

std::optional<MeasuredNoise> read_noise(GstBuffer* buffer) {
  GstCustomMeta* meta = gst_buffer_get_custom_meta(buffer, noise_meta_name);
  if (meta == nullptr) return std::nullopt;
  const GstStructure* structure = gst_custom_meta_get_structure(meta);
  int version = 0;
  MeasuredNoise noise;
  if (!gst_structure_get_int(structure, "version", &version) || version < oldest_noise_meta_version ||
      version > noise_meta_version || !read_domain(structure, noise.domain)) {
    return std::nullopt;
  }
  const PixelFormat* format = find_pixel_format(noise.domain.format);
  if (format == nullptr || !read_profile(structure, profile_channel_count(format->color_model), noise.profile)) {
    return std::nullopt;
  }
  return noise;
}

void set_profile(GstStructure* structure, const NoiseProfile& profile) {
  std::array<double, 3> a{};
  std::array<double, 3> b{};
  for (int c = 0; c < profile.channel_count; ++c) {
    a[c] = profile.channels[c].a;
    b[c] = profile.channels[c].b;
  }
  const std::size_t count = profile.channel_count;
  set_numbers(structure, "a", std::span<const double>(a).first(count));
  set_numbers(structure, "b", std::span<const double>(b).first(count));
  gst_structure_set(structure, "confidence", G_TYPE_DOUBLE, profile.confidence, nullptr);
  set_level_functions(structure, profile);
}

}  // namespace rdenoise::gst
