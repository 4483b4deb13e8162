// SPDX-License-Identifier: LGPL-2.1-or-later
// An input file: a RAW photo or a developed picture, told apart by content.
#pragma once

#include <filesystem>
#include <rdenoise/picture_file.hpp>
#include <rdenoise/raw.hpp>
#include <variant>

namespace rdn {

/// A RAW photo without a Bayer mosaic (X-Trans, Foveon, linear DNG), developed by LibRaw.
struct DevelopedRaw {
  /// Tone-coded as a picture is, which is what the colour model and the estimates are for.
  /// LinearColors::srgb:   upright, as it is written
  /// LinearColors::camera: as it was stored, the camera's colours after white balance, beyond 1 where that leads there
  rdenoise::Picture picture;
  rdenoise::RawMetadata metadata;
  rdenoise::LinearColors colors = rdenoise::LinearColors::srgb;
};

using Input = std::variant<rdenoise::RawFrame, rdenoise::Picture, DevelopedRaw>;

/// True for the endings of cameras' RAW files, in any case.
[[nodiscard]] bool is_raw_name(const std::filesystem::path& path);

/// colors  of RAW photos without a Bayer mosaic
/// throws  Error that names the file
[[nodiscard]] Input read_input(const std::filesystem::path& path,
                               rdenoise::LinearColors colors = rdenoise::LinearColors::srgb);

/// The picture of any input but a mosaic.
[[nodiscard]] const rdenoise::Picture& picture_of(const Input& input);
[[nodiscard]] rdenoise::Picture picture_of(Input&& input);

/// What the camera said; null for pictures.
[[nodiscard]] const rdenoise::RawMetadata* metadata_of(const Input& input);

/// A view on the samples, whichever it is.
[[nodiscard]] rdenoise::ConstFrameView view_of(const Input& input);

/// What the file tells of its noise besides the pixels; nothing for pictures.
[[nodiscard]] rdenoise::NoisePriors priors_of(const Input& input);

}  // namespace rdn
