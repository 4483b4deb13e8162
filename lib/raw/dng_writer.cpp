// SPDX-License-Identifier: LGPL-2.1-or-later
// DNG 1.4 through libtiff.
#include "raw/dng_writer.hpp"

#include <tiffio.h>

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <memory>
#include <rdenoise/error.hpp>
#include <rdenoise/raw.hpp>
#include <string>

#include "base/atomic_file.hpp"
#include "raw/dng_colors.hpp"

namespace rdenoise {
namespace {

constexpr ttag_t noise_profile_tag = 51041;  // libtiff 4.5 knows DNG up to 1.1 only
constexpr std::uint16_t d65_illuminant = 21;
constexpr std::uint16_t rectangular_layout = 1;

const TIFFFieldInfo noise_profile_field{noise_profile_tag,
                                        TIFF_VARIABLE,
                                        TIFF_VARIABLE,
                                        TIFF_DOUBLE,
                                        FIELD_CUSTOM,
                                        1,
                                        1,
                                        const_cast<char*>("NoiseProfile")};

int keep_message(TIFF*, void* user_data, const char*, const char* format, va_list arguments) {
  char text[256];
  std::vsnprintf(text, sizeof text, format, arguments);
  *static_cast<std::string*>(user_data) = text;
  return 1;
}

int drop_message(TIFF*, void*, const char*, const char*, va_list) { return 1; }

/// A TIFF being written. Fails by Error{io} under the name that the user knows.
class TiffWriter {
 public:
  TiffWriter(const std::filesystem::path& file, std::string name) : name_(std::move(name)) {
    const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(),
                                                                                   &TIFFOpenOptionsFree);
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_message, &message_);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), drop_message, nullptr);
    tiff_.reset(TIFFOpenExt(file.c_str(), "wl", options.get()));
    check(tiff_ != nullptr);
  }

  template <typename... Values>
  void set(ttag_t tag, Values... values) {
    check(TIFFSetField(tiff_.get(), tag, values...) == 1);
  }
  void check(bool success) const {
    if (!success) throw Error(ErrorCode::io, "writing " + name_ + ": " + (message_.empty() ? "failed" : message_));
  }
  [[nodiscard]] TIFF* get() const noexcept { return tiff_.get(); }

 private:
  struct Close {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
  };
  std::string name_;
  std::string message_;
  std::unique_ptr<TIFF, Close> tiff_;
};

/// Returns where the EXIF directory lies.
toff_t write_exif(TiffWriter& tiff, const RawMetadata& metadata) {
  tiff.check(TIFFCreateEXIFDirectory(tiff.get()) == 0);
  tiff.set(EXIFTAG_EXIFVERSION, "0230");
  if (metadata.iso > 0.F) {
    constexpr long most = 65535;
    const long iso = std::lround(metadata.iso);
    const auto short_iso = static_cast<std::uint16_t>(std::clamp(iso, 1L, most));
    tiff.set(EXIFTAG_ISOSPEEDRATINGS, 1, &short_iso);
    if (iso > most) {
      // EXIF 2.3, 4.6.5: what does not fit goes here.
      constexpr std::uint16_t recommended_exposure_index = 2;
      tiff.set(EXIFTAG_SENSITIVITYTYPE, recommended_exposure_index);
      tiff.set(EXIFTAG_RECOMMENDEDEXPOSUREINDEX, static_cast<std::uint32_t>(iso));
    }
  }
  if (metadata.exposure_s > 0.F) tiff.set(EXIFTAG_EXPOSURETIME, static_cast<double>(metadata.exposure_s));
  if (metadata.aperture_f > 0.F) tiff.set(EXIFTAG_FNUMBER, static_cast<double>(metadata.aperture_f));
  if (metadata.focal_length_mm > 0.F) tiff.set(EXIFTAG_FOCALLENGTH, static_cast<double>(metadata.focal_length_mm));
  if (metadata.date_time.size() == 19) tiff.set(EXIFTAG_DATETIMEORIGINAL, metadata.date_time.c_str());
  toff_t offset_bytes = 0;
  tiff.check(TIFFWriteCustomDirectory(tiff.get(), &offset_bytes) == 1);
  TIFFFreeDirectory(tiff.get());
  tiff.check(TIFFCreateDirectory(tiff.get()) == 0);
  return offset_bytes;
}

void set_mosaic_tags(TiffWriter& tiff, const RawFrame& frame, const ActiveArea& active) {
  const auto width_px = static_cast<std::uint32_t>(frame.width_px);
  const auto height_px = static_cast<std::uint32_t>(frame.height_px);
  tiff.set(TIFFTAG_SUBFILETYPE, 0U);
  tiff.set(TIFFTAG_IMAGEWIDTH, width_px);
  tiff.set(TIFFTAG_IMAGELENGTH, height_px);
  tiff.set(TIFFTAG_BITSPERSAMPLE, 16);
  tiff.set(TIFFTAG_SAMPLESPERPIXEL, 1);
  tiff.set(TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  tiff.set(TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  tiff.set(TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_CFA);
  tiff.set(TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  tiff.set(TIFFTAG_ROWSPERSTRIP, height_px);  // one strip: every reader takes that

  const std::array<std::uint16_t, 2> cell{2, 2};
  std::array<std::uint8_t, 4> pattern;
  for (int site = 0; site < 4; ++site) {
    pattern[site] = static_cast<std::uint8_t>(cfa_color_at(frame.cfa, site % 2, site / 2));
  }
  const std::array<std::uint8_t, 3> plane_colors{0, 1, 2};
  tiff.set(TIFFTAG_CFAREPEATPATTERNDIM, cell.data());
  tiff.set(TIFFTAG_CFAPATTERN, 4, pattern.data());
  tiff.set(TIFFTAG_CFAPLANECOLOR, 3, plane_colors.data());
  tiff.set(TIFFTAG_CFALAYOUT, rectangular_layout);

  tiff.set(TIFFTAG_BLACKLEVELREPEATDIM, cell.data());
  tiff.set(TIFFTAG_BLACKLEVEL, 4, frame.metadata.black_level_dn.data());
  const auto white = static_cast<std::uint32_t>(std::lround(frame.metadata.white_level_dn));
  tiff.set(TIFFTAG_WHITELEVEL, 1, &white);

  const std::array<std::uint32_t, 4> active_area{static_cast<std::uint32_t>(active.top_px),
                                                 static_cast<std::uint32_t>(active.left_px),
                                                 static_cast<std::uint32_t>(active.top_px + active.height_px),
                                                 static_cast<std::uint32_t>(active.left_px + active.width_px)};
  const std::array<float, 2> crop_origin{0.F, 0.F};
  const std::array<float, 2> crop_size{static_cast<float>(active.width_px), static_cast<float>(active.height_px)};
  const std::array<float, 2> scale{frame.metadata.pixel_aspect_ratio, 1.F};
  tiff.set(TIFFTAG_ACTIVEAREA, active_area.data());
  tiff.set(TIFFTAG_DEFAULTCROPORIGIN, crop_origin.data());
  tiff.set(TIFFTAG_DEFAULTCROPSIZE, crop_size.data());
  tiff.set(TIFFTAG_DEFAULTSCALE, scale.data());
}

void set_camera_tags(TiffWriter& tiff, const RawMetadata& metadata) {
  const std::array<std::uint8_t, 4> version{1, 4, 0, 0};
  const std::array<std::uint8_t, 4> backward_version{1, 1, 0, 0};
  tiff.set(TIFFTAG_DNGVERSION, version.data());
  tiff.set(TIFFTAG_DNGBACKWARDVERSION, backward_version.data());
  const std::string make = metadata.make.empty() ? "unknown" : metadata.make;
  const std::string model = metadata.model.empty() ? "unknown" : metadata.model;
  tiff.set(TIFFTAG_MAKE, make.c_str());
  tiff.set(TIFFTAG_MODEL, model.c_str());
  tiff.set(TIFFTAG_UNIQUECAMERAMODEL, (make + " " + model).c_str());
  tiff.set(TIFFTAG_SOFTWARE, "rdenoise");
  tiff.set(TIFFTAG_ORIENTATION, metadata.orientation);
  if (metadata.date_time.size() == 19) tiff.set(TIFFTAG_DATETIME, metadata.date_time.c_str());

  const auto color_matrix = color_matrix_for(metadata);
  std::array<float, 3> neutral;
  std::ranges::transform(metadata.as_shot_gains, neutral.begin(), [](float gain) { return 1.F / gain; });
  tiff.set(TIFFTAG_COLORMATRIX1, 9, color_matrix.data());
  tiff.set(TIFFTAG_CALIBRATIONILLUMINANT1, d65_illuminant);
  tiff.set(TIFFTAG_ASSHOTNEUTRAL, 3, neutral.data());

  if (metadata.noise_profile && metadata.noise_profile->channel_count == 3) {
    tiff.check(TIFFMergeFieldInfo(tiff.get(), &noise_profile_field, 1) == 0);
    std::array<double, 6> profile;
    for (int c = 0; c < 3; ++c) {
      profile[2 * c] = metadata.noise_profile->channels[c].a;
      profile[2 * c + 1] = metadata.noise_profile->channels[c].b;
    }
    tiff.set(noise_profile_tag, 6, profile.data());
  }
}

}  // namespace

void write_dng(const std::filesystem::path& path, const RawFrame& frame) {
  write_dng(path, frame, {0, 0, frame.width_px, frame.height_px});
}

void write_dng(const std::filesystem::path& path, const RawFrame& frame, const ActiveArea& active) {
  const std::size_t pixel_count = static_cast<std::size_t>(frame.width_px) * frame.height_px;
  if (frame.width_px < 1 || frame.height_px < 1 || frame.mosaic.size() != pixel_count) {
    throw Error(ErrorCode::invalid_argument, "writing " + path.string() + ": expected " + std::to_string(pixel_count) +
                                                 " pixels, found " + std::to_string(frame.mosaic.size()));
  }
  AtomicFile file(path);
  {
    TiffWriter tiff(file.temporary(), path.string());
    const toff_t exif_offset_bytes = write_exif(tiff, frame.metadata);
    set_mosaic_tags(tiff, frame, active);
    set_camera_tags(tiff, frame.metadata);
    tiff.set(TIFFTAG_EXIFIFD, exif_offset_bytes);
    const auto size_bytes = static_cast<tmsize_t>(pixel_count * sizeof(std::uint16_t));
    // The directory comes before the pixels, so a file that is cut short always lacks pixels, never just its levels.
    tiff.check(TIFFDeferStrileArrayWriting(tiff.get()) == 1);
    tiff.check(TIFFWriteCheck(tiff.get(), 0, "write_dng") == 1);
    tiff.check(TIFFWriteDirectory(tiff.get()) == 1);
    tiff.check(TIFFSetDirectory(tiff.get(), 0) == 1);
    // libtiff takes a mutable pointer because it may swap bytes in place; little-endian files are written as they are.
    auto* pixels = const_cast<std::uint16_t*>(frame.mosaic.data());
    tiff.check(TIFFWriteEncodedStrip(tiff.get(), 0, pixels, size_bytes) == size_bytes);
    tiff.check(TIFFForceStrileArrayWriting(tiff.get()) == 1);
  }
  file.commit();
}

}  // namespace rdenoise
