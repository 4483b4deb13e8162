// SPDX-License-Identifier: LGPL-2.1-or-later
#include "output.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <map>
#include <string>

#include "command.hpp"
#include "named_error.hpp"

namespace rdn {
namespace {

const std::map<std::string, rdenoise::DngCompression>& dng_compressions() {
  static const std::map<std::string, rdenoise::DngCompression> compressions{
      {"lossless", rdenoise::DngCompression::lossless_jpeg}, {"none", rdenoise::DngCompression::none}};
  return compressions;
}

rdenoise::DngOptions dng_options(const OutputOptions& options) {
  return {.compression = dng_compressions().at(options.dng_compression), .n_threads = options.n_threads};
}

}  // namespace

OutputKind output_kind(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (ending == ".dng") return OutputKind::dng;
  if (rdenoise::picture_type_for_name(path)) return OutputKind::picture;
  throw UsageError(path.string() + ": expected an output name that ends in .png, .jpg, .tiff, .ppm, .pgm or .dng");
}

void check_keeps_input(const std::filesystem::path& input, const std::filesystem::path& output) {
  std::error_code error;  // if one is not there
  if (std::filesystem::equivalent(input, output, error))
    throw UsageError(output.string() + ": expected an output that is not the input, which would be lost");
}

int output_bit_depth(const std::filesystem::path& path, int source_bit_depth) {
  switch (rdenoise::picture_type_for_name(path).value_or(rdenoise::PictureFileType::png)) {
    case rdenoise::PictureFileType::jpeg:
      return 8;
    case rdenoise::PictureFileType::tiff:
      return source_bit_depth == 32 ? 32 : 16;
    case rdenoise::PictureFileType::png:
    case rdenoise::PictureFileType::pnm:
      break;
  }
  return source_bit_depth == 8 ? 8 : 16;
}

void write_output(const std::filesystem::path& path, const rdenoise::Picture& picture, const OutputOptions& options) {
  const int bit_depth = options.bit_depth != 0 ? options.bit_depth : output_bit_depth(path, picture.source_bit_depth);
  naming(path, [&] {
    rdenoise::write_picture(path, picture, {.bit_depth = bit_depth, .jpeg_quality = options.jpeg_quality});
  });
}

void add_dng_compression_option(CLI::App& command, OutputOptions& options) {
  command.add_option("--dng-compression", options.dng_compression, "Of a .dng: lossless (JPEG) or none")
      ->check(CLI::IsMember(dng_compressions()))
      ->capture_default_str();
}

void write_output(const std::filesystem::path& path, const rdenoise::RawFrame& frame, const OutputOptions& options) {
  naming(path, [&] { rdenoise::write_dng(path, frame, dng_options(options)); });
}

void write_output(const std::filesystem::path& path, const LinearPhoto& photo, const OutputOptions& options) {
  naming(path, [&] { rdenoise::write_linear_dng(path, photo.rgb, photo.metadata, dng_options(options)); });
}

}  // namespace rdn
