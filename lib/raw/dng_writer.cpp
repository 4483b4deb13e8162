// SPDX-License-Identifier: LGPL-2.1-or-later
// DNG 1.4: the preview in the main directory, the pixels in a directory below it.
#include "raw/dng_writer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <optional>
#include <rdenoise/error.hpp>
#include <rdenoise/parallel.hpp>
#include <rdenoise/raw.hpp>
#include <string>
#include <utility>

#include "base/atomic_file.hpp"
#include "raw/dng_camera_tags.hpp"
#include "raw/dng_exif.hpp"
#include "raw/dng_picture_tags.hpp"
#include "raw/dng_preview.hpp"
#include "raw/dng_tags.hpp"
#include "raw/lossless_jpeg_tiles.hpp"
#include "raw/tiff_file.hpp"

namespace rdenoise {
namespace {

static_assert(std::endian::native == std::endian::little, "uncompressed samples are written as they lie in memory");

constexpr std::uint16_t no_compression = 1;
constexpr std::uint16_t jpeg_compression = 7;

void add_preview(TiffPart& main, const DngPreview& preview) {
  TiffDirectory& directory = main.directory;
  constexpr std::uint32_t reduced_resolution = 1;
  constexpr std::uint16_t ycbcr_photometric = 6;
  constexpr std::uint16_t centered = 1;
  directory.set_long(tag::new_subfile_type, reduced_resolution);
  directory.set_long(tag::image_width, static_cast<std::uint32_t>(preview.width_px));
  directory.set_long(tag::image_length, static_cast<std::uint32_t>(preview.height_px));
  directory.set_shorts(tag::bits_per_sample, std::array<std::uint16_t, 3>{8, 8, 8});
  directory.set_short(tag::compression, jpeg_compression);
  directory.set_short(tag::photometric_interpretation, ycbcr_photometric);
  directory.set_short(tag::samples_per_pixel, 3);
  directory.set_short(tag::planar_configuration, 1);
  directory.set_long(tag::rows_per_strip, static_cast<std::uint32_t>(preview.height_px));
  directory.set_shorts(tag::ycbcr_subsampling, std::array<std::uint16_t, 2>{2, 2});
  directory.set_short(tag::ycbcr_positioning, centered);
  directory.set_rationals(tag::reference_black_white, std::array{0.0, 255.0, 128.0, 255.0, 128.0, 255.0});
  main.pixels = {preview.jpeg.bytes()};
}

/// Samples of a picture, and what they are stored as.
struct StoredSamples {
  std::span<const std::uint16_t> samples;  ///< [height, width, channel]
  int width_px = 0;
  int height_px = 0;
  int channels = 1;
};

/// Adds the pixels to the part. Tiles are returned, and must live as long as it.
LosslessJpegTiles add_pixels(TiffPart& part, const StoredSamples& stored, const DngOptions& options) {
  if (options.compression == DngCompression::none) {
    part.directory.set_short(tag::compression, no_compression);
    // One strip: every reader takes that.
    part.directory.set_long(tag::rows_per_strip, static_cast<std::uint32_t>(stored.height_px));
    part.pixels = {std::as_bytes(stored.samples)};
    return {};
  }
  LosslessJpegTiles tiles =
      encode_lossless_jpeg_tiles(stored.samples, stored.width_px, stored.height_px, stored.channels, options.n_threads);
  part.directory.set_short(tag::compression, jpeg_compression);
  part.directory.set_long(tag::tile_width, static_cast<std::uint32_t>(tiles.tile_width_px));
  part.directory.set_long(tag::tile_length, static_cast<std::uint32_t>(tiles.tile_height_px));
  part.pixels.assign(tiles.tiles.begin(), tiles.tiles.end());
  return tiles;
}

void write(const std::filesystem::path& path, const RawMetadata& metadata, const std::optional<DngPreview>& preview,
           TiffPart picture) {
  TiffPart main;
  main.directory = camera_directory(metadata);
  TiffPart exif{exif_directory(metadata), {}, {}};
  if (metadata.carried.maker_note) add_maker_note(*metadata.carried.maker_note, main.directory, exif.directory);
  if (preview) {
    add_preview(main, *preview);
    main.children.emplace_back(tag::sub_ifds, std::move(picture));
  } else {
    // Without a preview the pixels are the main picture.
    main.pixels = std::move(picture.pixels);
    for (const auto& [tag, entry] : picture.directory.entries()) main.directory.set(entry);
  }
  main.children.emplace_back(tag::exif_ifd, std::move(exif));
  if (!metadata.carried.gps.empty()) {
    TiffPart gps;
    gps.directory.add_missing(metadata.carried.gps);
    main.children.emplace_back(tag::gps_ifd, std::move(gps));
  }
  AtomicFile file(path);
  write_tiff_parts(file.temporary(), path.string(), main);
  file.commit();
}

bool wants_preview(const DngOptions& options, int width_px, int height_px) {
  return options.preview_size_px > 0 && width_px > 1 && height_px > 1;
}

/// [height, width, 3]
std::vector<std::uint16_t> linear_samples(const Image& rgb, int n_threads) {
  const auto width = static_cast<std::size_t>(rgb.width_px());
  std::vector<std::uint16_t> samples(width * rgb.height_px() * 3);
  parallel_bands(rgb.height_px(), 16, n_threads, [&](int begin, int end) {
    for (std::size_t i = begin * width; i < end * width; ++i) {
      for (std::size_t c = 0; c < 3; ++c) {
        const float value = linear_white_dn * rgb.plane(static_cast<int>(c))[i];
        const float inside = value > 0.F ? std::min(value, static_cast<float>(linear_white_dn)) : 0.F;  // NaN: 0
        samples[3 * i + c] = static_cast<std::uint16_t>(std::lround(inside));
      }
    }
  });
  return samples;
}

}  // namespace

void write_dng(const std::filesystem::path& path, const RawFrame& frame, const DngOptions& options) {
  write_dng(path, frame, {0, 0, frame.width_px, frame.height_px}, options);
}

void write_dng(const std::filesystem::path& path, const RawFrame& frame, const ActiveArea& active,
               const DngOptions& options) {
  const std::size_t pixel_count = static_cast<std::size_t>(frame.width_px) * frame.height_px;
  if (frame.width_px < 1 || frame.height_px < 1 || frame.mosaic.size() != pixel_count) {
    throw Error(ErrorCode::invalid_argument, "writing " + path.string() + ": expected " + std::to_string(pixel_count) +
                                                 " pixels, found " + std::to_string(frame.mosaic.size()));
  }
  std::optional<DngPreview> preview;
  if (wants_preview(options, frame.width_px, frame.height_px)) {
    preview = make_preview(frame, options.preview_size_px, options.n_threads, path.string());
  }
  TiffPart picture{mosaic_directory(frame, active), {}, {}};
  const auto tiles = add_pixels(picture, {frame.mosaic, frame.width_px, frame.height_px, 1}, options);
  write(path, frame.metadata, preview, std::move(picture));
}

void write_linear_dng(const std::filesystem::path& path, const Image& rgb, const RawMetadata& metadata,
                      const DngOptions& options) {
  if (rgb.color_model() != ColorModel::rgb) {
    throw Error(ErrorCode::invalid_argument, "writing " + path.string() + ": expected linear camera RGB, found " +
                                                 std::string(to_string(rgb.color_model())));
  }
  std::optional<DngPreview> preview;
  if (wants_preview(options, rgb.width_px(), rgb.height_px())) {
    preview = make_preview(rgb, metadata, options.preview_size_px, options.n_threads, path.string());
  }
  const std::vector<std::uint16_t> samples = linear_samples(rgb, options.n_threads);
  TiffPart picture{linear_directory(rgb.width_px(), rgb.height_px(), metadata), {}, {}};
  const auto tiles = add_pixels(picture, {samples, rgb.width_px(), rgb.height_px(), 3}, options);
  write(path, metadata, preview, std::move(picture));
}

}  // namespace rdenoise
