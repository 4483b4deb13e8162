// SPDX-License-Identifier: LGPL-2.1-or-later
// An input file: a RAW photo or a developed picture, told apart by content.
#pragma once

#include <filesystem>
#include <rdenoise/picture_file.hpp>
#include <rdenoise/raw.hpp>
#include <variant>

namespace rdn {

using Input = std::variant<rdenoise::RawFrame, rdenoise::Picture>;

/// True for the endings of cameras' RAW files, in any case.
[[nodiscard]] bool is_raw_name(const std::filesystem::path& path);

/// RAW photos without a Bayer mosaic (X-Trans, Foveon, linear DNG) come as pictures, developed by LibRaw.
/// throws  Error that names the file
[[nodiscard]] Input read_input(const std::filesystem::path& path);

/// A view on the samples, whichever it is.
[[nodiscard]] rdenoise::ConstFrameView view_of(const Input& input);

/// What the file tells of its noise besides the pixels; nothing for pictures.
[[nodiscard]] rdenoise::NoisePriors priors_of(const Input& input);

}  // namespace rdn
