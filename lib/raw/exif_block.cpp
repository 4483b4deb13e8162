// SPDX-License-Identifier: LGPL-2.1-or-later
// EXIF of a developed picture: three directories without pixels.
#include <algorithm>
#include <array>
#include <cstdint>
#include <rdenoise/raw.hpp>
#include <utility>

#include "raw/dng_exif.hpp"
#include "raw/dng_tags.hpp"
#include "raw/tiff_file.hpp"

namespace rdenoise {
namespace {

/// A JPEG has one segment of 64 KiB for all of it; a single entry larger than this is a maker's private matter.
constexpr std::size_t most_entry_bytes = 8192;

TiffDirectory without_large_entries(TiffDirectory directory) {
  std::vector<std::uint16_t> large;
  for (const auto& [tag, entry] : directory.entries())
    if (entry.value.size() > most_entry_bytes) large.push_back(tag);
  for (const std::uint16_t tag : large) directory.erase(tag);
  return directory;
}

TiffDirectory main_directory(const RawMetadata& metadata) {
  constexpr std::array<std::uint16_t, 8> of_pictures{
      tag::image_description, tag::make,   tag::model,         tag::date_time, tag::artist,
      tag::copyright,         tag::rating, tag::rating_percent};
  TiffDirectory main;
  for (const TiffEntry& entry : metadata.carried.camera)
    if (std::ranges::find(of_pictures, entry.tag) != of_pictures.end()) main.set(entry);
  if (!main.has(tag::make)) main.set_text(tag::make, metadata.make);
  if (!main.has(tag::model)) main.set_text(tag::model, metadata.model);
  if (!main.has(tag::date_time)) main.set_text(tag::date_time, metadata.date_time);
  main.set_text(tag::software, metadata.denoised ? "rdenoise " + metadata.denoised->version : "rdenoise");
  main.set_short(tag::orientation, 1);
  // Required, though no camera knows them (EXIF 2.3, 4.6.4).
  constexpr double pixels_per_inch = 72.0;
  constexpr std::uint16_t inch = 2;
  main.set_rational(tag::x_resolution, pixels_per_inch);
  main.set_rational(tag::y_resolution, pixels_per_inch);
  main.set_short(tag::resolution_unit, inch);
  return main;
}

}  // namespace

std::vector<std::byte> exif_of_developed(const RawMetadata& metadata, int width_px, int height_px) {
  constexpr std::uint16_t srgb = 1;
  TiffPart main{without_large_entries(main_directory(metadata)), {}, {}};
  TiffPart exif{without_large_entries(exif_directory(metadata)), {}, {}};
  exif.directory.set_short(tag::color_space, srgb);
  constexpr std::byte flashpix[4]{std::byte{'0'}, std::byte{'1'}, std::byte{'0'}, std::byte{'0'}};
  exif.directory.set_undefined(tag::flashpix_version, flashpix);
  exif.directory.set_long(tag::pixel_x_dimension, static_cast<std::uint32_t>(width_px));
  exif.directory.set_long(tag::pixel_y_dimension, static_cast<std::uint32_t>(height_px));
  main.children.emplace_back(tag::exif_ifd, std::move(exif));
  if (!metadata.carried.gps.empty()) {
    TiffPart gps;
    gps.directory.add_missing(metadata.carried.gps);
    main.children.emplace_back(tag::gps_ifd, std::move(gps));
  }
  return tiff_block(main);
}

}  // namespace rdenoise
