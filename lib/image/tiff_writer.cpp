// SPDX-License-Identifier: LGPL-2.1-or-later
// TIFF through libtiff: one uncompressed picture, which every program can read.
#include "image/exif_orientation.hpp"
#include "image/interleaved_samples.hpp"
#include "image/output_file.hpp"
#include "image/picture_formats.hpp"
#include "image/tiff_exif.hpp"
#include "image/tiff_handle.hpp"

namespace rdenoise {

void write_tiff(const PictureTarget& target, const Picture& picture, int bit_depth) {
  InterleavedSamples samples = from_picture(picture, bit_depth, true);
  TiffMessage message{};
  TiffHandle tiff =
      open_tiff(message, 0, [&](TIFFOpenOptions* options) { return TIFFOpenExt(target.path.c_str(), "w", options); });
  const auto require = [&](bool done) {
    if (!done) throw_write_error(target.name, message.data());
  };
  require(tiff != nullptr);
  const ExifDirectories exif = parse_exif_block(picture.exif);
  TiffExifOffsets offsets;
  if (!exif.exif.empty() || !exif.gps.empty()) offsets = write_exif_directories(tiff.get(), exif);
  const auto set = [&](std::uint32_t tag, auto... values) { require(TIFFSetField(tiff.get(), tag, values...) == 1); };
  set(TIFFTAG_IMAGEWIDTH, samples.width_px);
  set(TIFFTAG_IMAGELENGTH, samples.height_px);
  set(TIFFTAG_BITSPERSAMPLE, bit_depth);
  set(TIFFTAG_SAMPLESPERPIXEL, samples.channel_count);
  set(TIFFTAG_SAMPLEFORMAT, bit_depth == 32 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
  set(TIFFTAG_PHOTOMETRIC, samples.channel_count < 3 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB);
  set(TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  set(TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  set(TIFFTAG_ORIENTATION, exif_orientation(picture.exif));
  set_exif_fields(tiff.get(), exif, offsets);
  if (samples.channel_count % 2 == 0) {
    const std::uint16_t alpha = EXTRASAMPLE_UNASSALPHA;
    set(TIFFTAG_EXTRASAMPLES, 1, &alpha);
  }
  if (!picture.icc_profile.empty()) {
    set(TIFFTAG_ICCPROFILE, static_cast<std::uint32_t>(picture.icc_profile.size()), picture.icc_profile.data());
  }
  set(TIFFTAG_ROWSPERSTRIP, TIFFDefaultStripSize(tiff.get(), 0));
  for (int y = 0; y < samples.height_px; ++y) {
    require(TIFFWriteScanline(tiff.get(), samples.row(y), static_cast<std::uint32_t>(y), 0) == 1);
  }
  require(TIFFFlush(tiff.get()) == 1);
}

}  // namespace rdenoise
