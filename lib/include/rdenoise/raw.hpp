// SPDX-License-Identifier: LGPL-2.1-or-later
// RAW photos: the mosaic with its levels and colour facts, read through LibRaw, written as DNG.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <rdenoise/image.hpp>
#include <rdenoise/noise.hpp>
#include <rdenoise/raw_tags.hpp>
#include <span>
#include <string>
#include <vector>

namespace rdenoise {

/// What the covered pixels at the sensor's edge show: black and read noise of this very exposure.
struct OpticalBlack {
  std::array<double, 4> mean_dn{};       ///< per site of the visible area's 2×2 cell
  std::array<double, 4> variance_dn2{};  ///< of single pixels, fixed pattern included, hot pixels left out
  std::int64_t pixel_count = 0;          ///< pixels measured, all sites together

  bool operator==(const OpticalBlack&) const = default;
};

/// What rdenoise did to a mosaic. It travels in the file's XMP, so that nothing is denoised twice unawares.
struct DenoiseRecord {
  std::string version;    ///< of rdenoise
  std::string model;      ///< the network's name
  double strength = 1.0;  ///< that the noise level was multiplied by

  bool operator==(const DenoiseRecord&) const = default;
};

/// What a camera says about its mosaic besides the pixels.
struct RawMetadata {
  std::array<float, 4> black_level_dn{};  ///< per site of the 2×2 cell: (0,0) (1,0) (0,1) (1,1)
  float white_level_dn = 65535.F;
  std::array<float, 3> as_shot_gains{1.F, 1.F, 1.F};               ///< white balance: factors for R, G, B; green is 1
  std::array<float, 9> camera_to_srgb{1, 0, 0, 0, 1, 0, 0, 0, 1};  ///< row-major, after white balance, to linear sRGB
  std::array<float, 9> xyz_to_camera{};       ///< row-major ColorMatrix of DNG (D65); all 0 if unknown
  std::optional<NoiseProfile> noise_profile;  ///< DNG NoiseProfile tag, if there is one
  std::optional<OpticalBlack> optical_black;  ///< if the file has a border that is covered
  float iso = 0.F;                            ///< 0 if unknown
  float exposure_s = 0.F;                     ///< 0 if unknown
  float aperture_f = 0.F;                     ///< 0 if unknown
  float focal_length_mm = 0.F;                ///< 0 if unknown
  std::string make;
  std::string model;
  std::string date_time;                  ///< "YYYY:MM:DD HH:MM:SS"; empty if unknown
  int orientation = 1;                    ///< EXIF 1 … 8
  float pixel_aspect_ratio = 1.F;         ///< width of a pixel over its height
  std::optional<DenoiseRecord> denoised;  ///< if rdenoise has been here before
  CarriedTags carried;                    ///< what a DNG of this photo should have again
};

/// What the metadata tell of the noise: the read noise of the covered border, and the file's NoiseProfile tag. The tag
/// speaks for the camera model, not for these pixels, and so has a confidence of 0.5.
[[nodiscard]] NoisePriors noise_priors(const RawMetadata& metadata, CfaPattern cfa);

/// One RAW photo: the visible area of the mosaic as stored.
struct RawFrame {
  int width_px = 0;
  int height_px = 0;
  CfaPattern cfa = CfaPattern::rggb;
  int bit_depth = 16;                 ///< 8, 10, 12, 14 or 16: the smallest that holds the white level and the data
  std::vector<std::uint16_t> mosaic;  ///< [height, width], DN
  RawMetadata metadata;

  /// A view with the levels of the metadata.
  [[nodiscard]] FrameView view() noexcept;
  [[nodiscard]] ConstFrameView view() const noexcept;
};

/// Levels of the metadata as the frame view wants them.
[[nodiscard]] FrameLevels to_frame_levels(const RawMetadata& metadata) noexcept;

/// True if LibRaw takes the bytes for a RAW file (they may still turn out damaged). Cheap: opens, does not unpack.
[[nodiscard]] bool looks_like_raw(std::span<const std::byte> file) noexcept;

/// Decodes a whole RAW file. `name` is used in messages.
/// throws  Error{corrupt} if damaged or without pixel data, Error{unsupported} if it is no Bayer mosaic or LibRaw
///         cannot decode it
[[nodiscard]] RawFrame read_raw(std::span<const std::byte> file, const std::string& name);
[[nodiscard]] RawFrame read_raw_file(const std::filesystem::path& path);

/// A RAW photo developed by LibRaw as far as linear light.
struct LinearRgb {
  Image image;           ///< rgb, linear, 0 … 1, clipped
  RawMetadata metadata;  ///< its levels do not count
};

enum class LinearColors {
  srgb,   ///< sRGB primaries, after the camera's white balance
  camera  ///< as demosaic() gives them: the camera's own, before white balance
};

/// For RAW files that are no Bayer mosaic: X-Trans, Foveon, linear DNG, scans. Those that are one are interpolated.
/// throws  as read_raw
[[nodiscard]] LinearRgb read_linear_rgb(std::span<const std::byte> file, const std::string& name,
                                        LinearColors colors = LinearColors::srgb);

/// What a picture developed from the photo should carry as its EXIF: camera, lens, exposure, time, place, author. The
/// maker's note is left out, since its offsets would no longer hold; the orientation is 1: the picture is turned.
///
/// returns  a TIFF-structured block without the "Exif\0\0" prefix (EXIF 2.3, 4.5), as Picture::exif
[[nodiscard]] std::vector<std::byte> exif_of_developed(const RawMetadata& metadata, int width_px, int height_px);

enum class DngCompression {
  none,          ///< 16 bit; every program reads that
  lossless_jpeg  ///< ITU-T T.81, process 14, as cameras' own DNG files have it
};

struct DngOptions {
  DngCompression compression = DngCompression::none;
  int preview_size_px = 1024;  ///< longest side at most; 0: no preview
  int n_threads = 0;           ///< 0: all cores; the file does not depend on it
  bool operator==(const DngOptions&) const = default;
};

/// Writes a DNG (1.4): the mosaic with its levels and colour facts, EXIF, GPS, maker note, XMP, and a preview developed
/// from these pixels. The metadata's noise_profile is written as the tag NoiseProfile: for denoised pixels it must tell
/// the noise that is left. Their `denoised` becomes a record in the XMP, and the tag NoiseReductionApplied. Atomic.
/// LibRaw reads the file back from 22×22 pixels on.
///
/// throws  Error{io}; Error{invalid_argument} if the mosaic has not the size that the frame says; Error{unsupported}
///         beyond 4 GiB
void write_dng(const std::filesystem::path& path, const RawFrame& frame, const DngOptions& options = {});

/// The same of a demosaiced picture, as PhotometricInterpretation LinearRaw with three samples of 16 bit. What lies
/// below black or above white is clipped: readers of linear DNG know no black level.
///
/// rgb       linear camera RGB before white balance, 0 black, 1 white: what demosaic() gives
/// metadata  of the photo; its levels do not count
/// throws    as write_dng; Error{invalid_argument} if the picture is not rgb
void write_linear_dng(const std::filesystem::path& path, const Image& rgb, const RawMetadata& metadata,
                      const DngOptions& options = {});

}  // namespace rdenoise
