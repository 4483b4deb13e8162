// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/dng_picture_tags.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <vector>

#include "raw/dng_tags.hpp"

namespace rdenoise {
namespace {

constexpr std::uint16_t cfa_photometric = 32803;
constexpr std::uint16_t linear_raw_photometric = 34892;
constexpr std::uint16_t chunky = 1;

void set_shorts(TiffDirectory& directory, std::uint16_t tag, std::initializer_list<std::uint16_t> values) {
  directory.set_shorts(tag, std::span(values.begin(), values.size()));
}

void set_pixel_layout(TiffDirectory& directory, int width_px, int height_px, std::uint16_t samples) {
  directory.set_long(tag::new_subfile_type, 0);
  directory.set_long(tag::image_width, static_cast<std::uint32_t>(width_px));
  directory.set_long(tag::image_length, static_cast<std::uint32_t>(height_px));
  directory.set_shorts(tag::bits_per_sample, std::vector<std::uint16_t>(samples, 16));
  directory.set_short(tag::samples_per_pixel, samples);
  directory.set_short(tag::planar_configuration, chunky);
}

void set_black_levels(TiffDirectory& directory, const std::array<float, 4>& black_level_dn) {
  set_shorts(directory, tag::black_level_repeat_dim, {2, 2});
  const auto is_whole = [](float level) { return level >= 0.F && level == std::floor(level); };
  if (std::ranges::all_of(black_level_dn, is_whole)) {
    std::array<std::uint32_t, 4> levels;
    std::ranges::transform(black_level_dn, levels.begin(), [](float l) { return static_cast<std::uint32_t>(l); });
    directory.set_longs(tag::black_level, levels);
  } else {
    const std::vector<double> levels(black_level_dn.begin(), black_level_dn.end());
    directory.set_rationals(tag::black_level, levels);
  }
}

/// The crop comes from the camera where it said one, else it is all of the active area.
void set_area(TiffDirectory& directory, const ActiveArea& active, float pixel_aspect_ratio) {
  const std::array<std::uint32_t, 4> area{static_cast<std::uint32_t>(active.top_px),
                                          static_cast<std::uint32_t>(active.left_px),
                                          static_cast<std::uint32_t>(active.top_px + active.height_px),
                                          static_cast<std::uint32_t>(active.left_px + active.width_px)};
  directory.set_longs(tag::active_area, area);
  if (!directory.has(tag::default_crop_origin) || !directory.has(tag::default_crop_size)) {
    directory.set_longs(tag::default_crop_origin, std::array<std::uint32_t, 2>{0, 0});
    directory.set_longs(tag::default_crop_size, std::array{static_cast<std::uint32_t>(active.width_px),
                                                           static_cast<std::uint32_t>(active.height_px)});
  }
  directory.set_rationals(tag::default_scale, std::array{static_cast<double>(pixel_aspect_ratio), 1.0});
}

/// A reader takes the pair for unusable unless S > 0 and O ≥ 0. An estimate may come out a little below.
void set_noise(TiffDirectory& directory, const RawMetadata& metadata) {
  if (metadata.denoised) {
    // DNG: 0 is none, 1 all that is ideal.
    directory.set_rational(tag::noise_reduction_applied, std::clamp(metadata.denoised->strength, 0.0, 1.0));
  }
  if (!metadata.noise_profile || metadata.noise_profile->channel_count != 3) return;
  std::array<double, 6> profile;
  for (std::size_t c = 0; c < 3; ++c) {
    const NoiseModel& noise = metadata.noise_profile->channels[c];
    profile[2 * c] = std::max(noise.a, std::numeric_limits<float>::min() * 1.0);
    profile[2 * c + 1] = std::max(noise.b, 0.0);
  }
  directory.set_doubles(tag::noise_profile, profile);
}

}  // namespace

TiffDirectory mosaic_directory(const RawFrame& frame, const ActiveArea& active) {
  TiffDirectory directory;
  directory.add_missing(frame.metadata.carried.raw);
  set_pixel_layout(directory, frame.width_px, frame.height_px, 1);
  directory.set_short(tag::photometric_interpretation, cfa_photometric);
  std::array<std::uint8_t, 4> pattern;
  for (int site = 0; site < 4; ++site) {
    pattern[static_cast<std::size_t>(site)] = static_cast<std::uint8_t>(cfa_color_at(frame.cfa, site % 2, site / 2));
  }
  set_shorts(directory, tag::cfa_repeat_pattern_dim, {2, 2});
  directory.set_bytes(tag::cfa_pattern, pattern);
  directory.set_bytes(tag::cfa_plane_color, std::array<std::uint8_t, 3>{0, 1, 2});
  constexpr std::uint16_t rectangular_layout = 1;
  directory.set_short(tag::cfa_layout, rectangular_layout);
  set_black_levels(directory, frame.metadata.black_level_dn);
  directory.set_long(tag::white_level, static_cast<std::uint32_t>(std::lround(frame.metadata.white_level_dn)));
  set_area(directory, active, frame.metadata.pixel_aspect_ratio);
  set_noise(directory, frame.metadata);
  return directory;
}

TiffDirectory linear_directory(int width_px, int height_px, const RawMetadata& metadata) {
  TiffDirectory directory;
  directory.add_missing(metadata.carried.raw);
  // What belongs to a mosaic, or is to be done before demosaicing.
  for (const std::uint16_t of_mosaic : {tag::bayer_green_split, tag::opcode_list_1, tag::opcode_list_2}) {
    directory.erase(of_mosaic);
  }
  set_pixel_layout(directory, width_px, height_px, 3);
  directory.set_short(tag::photometric_interpretation, linear_raw_photometric);
  set_shorts(directory, tag::black_level_repeat_dim, {1, 1});
  set_shorts(directory, tag::black_level, {0, 0, 0});
  set_shorts(directory, tag::white_level, {linear_white_dn, linear_white_dn, linear_white_dn});
  set_area(directory, {0, 0, width_px, height_px}, metadata.pixel_aspect_ratio);
  set_noise(directory, metadata);
  return directory;
}

}  // namespace rdenoise
