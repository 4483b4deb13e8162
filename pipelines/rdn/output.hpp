// SPDX-License-Identifier: LGPL-2.1-or-later
// The output file: its kind by the name's ending, and the depth it is written with.
#pragma once

#include <filesystem>
#include <rdenoise/picture_file.hpp>
#include <rdenoise/raw.hpp>
#include <string>

#include "command_line_classes.hpp"

namespace rdn {

enum class OutputKind {
  picture,
  dng,        ///< a mosaic
  linear_dng  ///< linear camera RGB
};

/// A RAW photo that is demosaiced and no more.
struct LinearPhoto {
  rdenoise::Image rgb;  ///< linear camera RGB before white balance
  rdenoise::RawMetadata metadata;
};

/// By the ending; `.dng` is a mosaic.
/// throws  UsageError for an ending that nothing here writes
[[nodiscard]] OutputKind output_kind(const std::filesystem::path& path);

/// Bits per sample for data that came with `source_bit_depth`: png and pnm keep 8, all else is 16; tiff is float for
/// float data and else 16; jpeg is 8.
[[nodiscard]] int output_bit_depth(const std::filesystem::path& path, int source_bit_depth);

/// throws  UsageError if the two are one file, by whatever names: the original would be lost
void check_keeps_input(const std::filesystem::path& input, const std::filesystem::path& output);

struct OutputOptions {
  int bit_depth = 0;  ///< 0: output_bit_depth of the picture's source
  int jpeg_quality = rdenoise::PictureWriteOptions{}.jpeg_quality;
  std::string dng_compression = "lossless";  ///< of a .dng: lossless or none
  int n_threads = 0;                         ///< that compress a .dng; 0: all cores
};

/// Adds --dng-compression.
void add_dng_compression_option(CLI::App& command, OutputOptions& options);

/// throws  Error that names the file
void write_output(const std::filesystem::path& path, const rdenoise::Picture& picture,
                  const OutputOptions& options = {});
void write_output(const std::filesystem::path& path, const LinearPhoto& photo, const OutputOptions& options);
/// As DNG.  throws  Error that names the file
void write_output(const std::filesystem::path& path, const rdenoise::RawFrame& frame, const OutputOptions& options);

}  // namespace rdn
