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

void check_picture_size(const PictureSource& source, std::uint64_t width_px, std::uint64_t height_px) {
  // Blank pictures pack best: 1-bit PNG reaches 8256 pixels in a byte, the other codings less than 2^15.
  constexpr std::uint64_t max_pixels_per_byte = 1U << 15;
  constexpr std::uint64_t max_pixels = 1U << 28;
  constexpr std::uint64_t max_side_px = 1U << 20;
  const std::string size = std::to_string(width_px) + "x" + std::to_string(height_px) + " pixels";
  if (width_px == 0 || height_px == 0) throw_corrupt(source, size);
  if (width_px > max_side_px || height_px > max_side_px ||
      width_px * height_px > source.bytes.size() * max_pixels_per_byte) {
    throw_corrupt(source, size + " in " + std::to_string(source.bytes.size()) + " bytes");
  }
  if (width_px * height_px > max_pixels) {
    throw_unsupported(source, "expected at most " + std::to_string(max_pixels) + " pixels, found " + size);
  }
}

Picture read_picture(const std::filesystem::path& path) {
  const std::vector<std::byte> bytes = read_whole_file(path);
  const PictureSource source{bytes, path.string()};
  const std::optional<PictureFileType> type = detect_picture_type(bytes);
  if (!type) throw_unsupported(source, "expected PNG, JPEG, TIFF, PGM or PPM, found none of them");
  switch (*type) {
    case PictureFileType::png:
      return read_png(source);
    case PictureFileType::jpeg:
      return read_jpeg(source);
    default:
      throw_unsupported(source, "expected PNG or JPEG");
  }
}

}  // namespace rdenoise
