// SPDX-License-Identifier: LGPL-2.1-or-later
#include "input.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <rdenoise/error.hpp>
#include <rdenoise/isp.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "named_error.hpp"
#include "upright.hpp"

namespace rdn {
namespace {

using rdenoise::Error;
using rdenoise::ErrorCode;

std::vector<std::byte> read_bytes(const std::filesystem::path& path) {
  std::error_code status_error;
  const auto status = std::filesystem::status(path, status_error);
  if (!std::filesystem::exists(status)) throw Error(ErrorCode::not_found, path.string() + ": no such file");
  if (std::filesystem::is_directory(status)) {
    throw Error(ErrorCode::invalid_argument, path.string() + ": expected a file, found a folder");
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff size_bytes = file ? static_cast<std::streamoff>(file.tellg()) : -1;
  std::vector<std::byte> bytes(size_bytes > 0 ? static_cast<std::size_t>(size_bytes) : 0);
  file.seekg(0);
  if (size_bytes < 0 || !file.read(reinterpret_cast<char*>(bytes.data()), size_bytes)) {
    throw Error(ErrorCode::io, path.string() + ": cannot be read: " + std::strerror(errno != 0 ? errno : EIO));
  }
  return bytes;
}

/// LibRaw's linear picture, tone-coded.
DevelopedRaw developed_raw(rdenoise::LinearRgb linear, rdenoise::LinearColors colors) {
  DevelopedRaw raw;
  raw.colors = colors;
  const bool is_camera = colors == rdenoise::LinearColors::camera;
  for (int c = 0; c < 3; ++c) {
    const float gain = is_camera ? linear.metadata.as_shot_gains[static_cast<std::size_t>(c)] : 1.F;
    for (float& sample : linear.image.plane(c))
      sample = rdenoise::encode_tone(rdenoise::ToneCurve::srgb, gain * sample);
  }
  raw.picture.image =
      is_camera ? std::move(linear.image) : upright(std::move(linear.image), linear.metadata.orientation);
  raw.picture.source_bit_depth = 16;
  raw.metadata = std::move(linear.metadata);
  raw.picture.exif =
      rdenoise::exif_of_developed(raw.metadata, raw.picture.image.width_px(), raw.picture.image.height_px());
  return raw;
}

Input read_raw_bytes(std::span<const std::byte> bytes, const std::string& name, rdenoise::LinearColors colors) {
  try {
    return rdenoise::read_raw(bytes, name);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unsupported) throw;
    return developed_raw(rdenoise::read_linear_rgb(bytes, name, colors), colors);
  }
}

}  // namespace

bool is_raw_name(const std::filesystem::path& path) {
  constexpr std::string_view endings[] = {".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".gpr",
                                          ".iiq", ".k25", ".kdc", ".mef", ".mos", ".mrw", ".nef", ".nrw", ".orf",
                                          ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srf", ".srw", ".x3f"};
  std::string ending = path.extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::ranges::find(endings, ending) != std::end(endings);
}

Input read_input(const std::filesystem::path& path, rdenoise::LinearColors colors) {
  return naming(path, [&]() -> Input {
    const std::vector<std::byte> bytes = read_bytes(path);
    // RAW first: many RAW files are TIFF inside, and a TIFF reader would find their thumbnail.
    if (rdenoise::looks_like_raw(bytes)) return read_raw_bytes(bytes, path.string(), colors);
    const std::optional<rdenoise::PictureFileType> type = rdenoise::detect_picture_type(bytes);
    if (!type) {
      throw Error(ErrorCode::unsupported,
                  path.string() + ": expected a RAW photo, PNG, JPEG, TIFF, PGM or PPM, found none of them");
    }
    // A damaged RAW file that LibRaw turns down may still be TIFF or JPEG inside, with no more than a preview.
    if (is_raw_name(path)) {
      throw Error(ErrorCode::corrupt, path.string() + ": expected a RAW photo, as the name says; found a " +
                                          (type == rdenoise::PictureFileType::tiff ? "TIFF" : "developed picture") +
                                          " without a mosaic that can be decoded");
    }
    return rdenoise::read_picture(path);
  });
}

rdenoise::ConstFrameView view_of(const Input& input) {
  if (const auto* raw = std::get_if<rdenoise::RawFrame>(&input)) return raw->view();
  return picture_of(input).image.view();
}

const rdenoise::Picture& picture_of(const Input& input) {
  const auto* raw = std::get_if<DevelopedRaw>(&input);
  return raw != nullptr ? raw->picture : std::get<rdenoise::Picture>(input);
}

rdenoise::Picture picture_of(Input&& input) {
  auto* raw = std::get_if<DevelopedRaw>(&input);
  return raw != nullptr ? std::move(raw->picture) : std::get<rdenoise::Picture>(std::move(input));
}

const rdenoise::RawMetadata* metadata_of(const Input& input) {
  if (const auto* raw = std::get_if<rdenoise::RawFrame>(&input)) return &raw->metadata;
  if (const auto* raw = std::get_if<DevelopedRaw>(&input)) return &raw->metadata;
  return nullptr;
}

rdenoise::NoisePriors priors_of(const Input& input) {
  const auto* raw = std::get_if<rdenoise::RawFrame>(&input);
  return raw != nullptr ? rdenoise::noise_priors(raw->metadata, raw->cfa) : rdenoise::NoisePriors{};
}

}  // namespace rdn
