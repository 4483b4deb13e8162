// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <rdenoise/error.hpp>
#include <rdenoise/picture_file.hpp>
#include <string>
#include <system_error>

#include "base/atomic_file.hpp"
#include "image/picture_formats.hpp"

namespace rdenoise {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

std::vector<std::byte> read_whole_file(const std::filesystem::path& path) {
  const auto fail = [&path](int error) {
    const ErrorCode code = error == ENOENT || error == ENOTDIR ? ErrorCode::not_found : ErrorCode::io;
    throw Error(code, "reading " + path.string() + ": " + std::generic_category().message(error));
  };
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
  if (!file) fail(errno);
  std::vector<std::byte> bytes;
  std::array<std::byte, 65536> block;
  while (const std::size_t count = std::fread(block.data(), 1, block.size(), file.get())) {
    bytes.insert(bytes.end(), block.begin(), block.begin() + count);
  }
  if (std::ferror(file.get()) != 0) fail(errno);
  return bytes;
}

bool starts_with(std::span<const std::byte> head, std::string_view magic) noexcept {
  return head.size() >= magic.size() && std::equal(magic.begin(), magic.end(), head.begin(), [](char a, std::byte b) {
           return static_cast<unsigned char>(a) == std::to_integer<unsigned char>(b);
         });
}

void check_writable(const std::filesystem::path& path, const Picture& picture, const PictureWriteOptions& options,
                    PictureFileType type) {
  const auto require = [&path](bool met, const std::string& expected_and_found) {
    if (!met) throw Error(ErrorCode::invalid_argument, "writing " + path.string() + ": " + expected_and_found);
  };
  const Image& image = picture.image;
  require(image.width_px() > 0, "expected a picture, found an empty one");
  require(image.color_model() != ColorModel::bayer, "expected a gray or rgb picture, found a bayer mosaic");
  require(!picture.alpha ||
              (picture.alpha->color_model() == ColorModel::gray && picture.alpha->width_px() == image.width_px() &&
               picture.alpha->height_px() == image.height_px()),
          "expected alpha of the same size, found another");
  const int depth = options.bit_depth;
  const bool depth_fits =
      depth == 8 || (depth == 16 && type != PictureFileType::jpeg) || (depth == 32 && type == PictureFileType::tiff);
  require(depth_fits, "expected a bit depth that the format has, found " + std::to_string(depth));
  require(options.jpeg_quality >= 1 && options.jpeg_quality <= 100,
          "expected a JPEG quality of 1 to 100, found " + std::to_string(options.jpeg_quality));
}

JpegOptions jpeg_options(const PictureWriteOptions& options) {
  constexpr int first_quality_with_full_chroma = 90;
  const ChromaSubsampling by_quality =
      options.jpeg_quality >= first_quality_with_full_chroma ? ChromaSubsampling::s444 : ChromaSubsampling::s420;
  return {options.jpeg_quality, options.chroma_subsampling.value_or(by_quality)};
}

}  // namespace

std::optional<PictureFileType> detect_picture_type(std::span<const std::byte> head) noexcept {
  using namespace std::string_view_literals;
  if (starts_with(head, "\x89PNG\r\n\x1a\n"sv)) return PictureFileType::png;
  if (starts_with(head, "\xff\xd8\xff"sv)) return PictureFileType::jpeg;
  // TIFF and BigTIFF, both byte orders.
  for (const std::string_view magic : {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv}) {
    if (starts_with(head, magic)) return PictureFileType::tiff;
  }
  if (starts_with(head, "P5"sv) || starts_with(head, "P6"sv)) return PictureFileType::pnm;
  return std::nullopt;
}

std::optional<PictureFileType> picture_type_for_name(const std::filesystem::path& path) noexcept {
  struct Ending {
    std::string_view text;
    PictureFileType type;
  };
  static constexpr std::array<Ending, 8> endings = {{{".png", PictureFileType::png},
                                                     {".jpg", PictureFileType::jpeg},
                                                     {".jpeg", PictureFileType::jpeg},
                                                     {".tif", PictureFileType::tiff},
                                                     {".tiff", PictureFileType::tiff},
                                                     {".pgm", PictureFileType::pnm},
                                                     {".ppm", PictureFileType::pnm},
                                                     {".pnm", PictureFileType::pnm}}};
  const std::string_view name = path.native();
  const auto same = [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); };
  for (const Ending& ending : endings) {
    if (name.size() < ending.text.size()) continue;
    const std::string_view tail = name.substr(name.size() - ending.text.size());
    if (std::equal(ending.text.begin(), ending.text.end(), tail.begin(), same)) return ending.type;
  }
  return std::nullopt;
}

void throw_corrupt(const PictureSource& source, const std::string& found) {
  throw Error(ErrorCode::corrupt, "reading " + source.name + ": expected an undamaged file, found: " + found);
}

void throw_unsupported(const PictureSource& source, const std::string& expected_and_found) {
  throw Error(ErrorCode::unsupported, "reading " + source.name + ": " + expected_and_found);
}

void check_picture_size(const PictureSource& source, std::uint64_t width_px, std::uint64_t height_px,
                        std::uint64_t bits_per_pixel, std::uint64_t max_expansion) {
  constexpr std::uint64_t max_pixels = 1U << 28;
  constexpr std::uint64_t max_side_px = 1U << 20;
  const std::string size = std::to_string(width_px) + "x" + std::to_string(height_px) + " pixels";
  if (width_px == 0 || height_px == 0) throw_corrupt(source, size);
  if (width_px > max_side_px || height_px > max_side_px ||
      width_px * height_px * bits_per_pixel / 8 > source.bytes.size() * max_expansion) {
    throw_corrupt(source, size + " in a file of " + std::to_string(source.bytes.size()) + " bytes");
  }
  if (width_px * height_px > max_pixels) {
    throw_unsupported(source, "expected at most " + std::to_string(max_pixels) + " pixels, found " + size);
  }
}

Picture decode_picture(const PictureSource& source) {
  const std::optional<PictureFileType> type = detect_picture_type(source.bytes);
  if (!type) throw_unsupported(source, "expected PNG, JPEG, TIFF, PGM or PPM, found none of them");
  switch (*type) {
    case PictureFileType::png:
      return read_png(source);
    case PictureFileType::jpeg:
      return read_jpeg(source);
    case PictureFileType::tiff:
      return read_tiff(source);
    case PictureFileType::pnm:
      return read_pnm(source);
  }
  throw_unsupported(source, "found an unknown kind of picture");
}

Picture read_picture(const std::filesystem::path& path) {
  const std::vector<std::byte> bytes = read_whole_file(path);
  return decode_picture({bytes, path.string()});
}

std::vector<std::byte> encode_png(const Picture& picture, int bit_depth) {
  check_writable("picture.png", picture, {.bit_depth = bit_depth}, PictureFileType::png);
  return encode_png_samples(picture, bit_depth);
}

void write_picture(const std::filesystem::path& path, const Picture& picture, const PictureWriteOptions& options) {
  const std::optional<PictureFileType> type = picture_type_for_name(path);
  if (!type) {
    throw Error(ErrorCode::unsupported, "writing " + path.string() +
                                            ": expected a name that ends in .png, .jpg, .jpeg, .tif, .tiff, .pgm, "
                                            ".ppm or .pnm, found '" +
                                            path.extension().string() + "'");
  }
  check_writable(path, picture, options, *type);
  AtomicFile file(path);
  const PictureTarget target{file.temporary(), path.string()};
  switch (*type) {
    case PictureFileType::png:
      write_png(target, picture, options.bit_depth);
      break;
    case PictureFileType::jpeg:
      write_jpeg(target, picture, jpeg_options(options));
      break;
    case PictureFileType::tiff:
      write_tiff(target, picture, options.bit_depth);
      break;
    case PictureFileType::pnm:
      write_pnm(target, picture, options.bit_depth);
      break;
  }
  file.commit();
}

}  // namespace rdenoise
