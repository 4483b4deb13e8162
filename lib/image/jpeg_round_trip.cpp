// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/error.hpp>
#include <rdenoise/jpeg.hpp>
#include <string>
#include <utility>

#include "image/jpeg_encoder.hpp"
#include "image/picture_formats.hpp"

namespace rdenoise {
namespace {

void check(const Image& picture, const JpegOptions& options) {
  if (picture.width_px() == 0 || picture.color_model() == ColorModel::bayer) {
    throw Error(ErrorCode::invalid_argument,
                std::string("compressing to JPEG: expected a gray or rgb picture, found ") +
                    (picture.width_px() == 0 ? "an empty one" : "a bayer mosaic"));
  }
  if (options.quality < 1 || options.quality > 100) {
    throw Error(ErrorCode::invalid_argument,
                "compressing to JPEG: expected a quality of 1 to 100, found " + std::to_string(options.quality));
  }
}

}  // namespace

std::string_view to_string(ChromaSubsampling subsampling) noexcept {
  switch (subsampling) {
    case ChromaSubsampling::s444:
      return "4:4:4";
    case ChromaSubsampling::s422:
      return "4:2:2";
    case ChromaSubsampling::s420:
      return "4:2:0";
  }
  return "unknown";
}

Image jpeg_round_trip(const Image& picture, const JpegOptions& options) {
  check(picture, options);
  const std::string name = "a JPEG in memory";
  const JpegBytes jpeg = encode_jpeg(from_image(picture, 8), options, {.optimize_size = false}, name);
  const PictureSource source{jpeg.bytes(), name};
  return std::move(read_jpeg(source).image);
}

}  // namespace rdenoise
