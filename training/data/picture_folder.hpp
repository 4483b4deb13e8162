// SPDX-License-Identifier: LGPL-2.1-or-later
// The picture files of a training folder.
#pragma once

#include <filesystem>
#include <rdenoise/image.hpp>
#include <string>
#include <vector>

namespace rdenoise::training {

/// Pictures below a folder, at any depth, sorted by path.
/// throws  Error{not_found} if there is no such folder or no picture in it
[[nodiscard]] std::vector<std::filesystem::path> pictures_below(const std::filesystem::path& folder);

/// A path below another, with / between its parts: what the recipe's patterns are matched against.
[[nodiscard]] std::string name_below(const std::filesystem::path& data, const std::filesystem::path& path);

/// Reads a picture as gray or rgb; its longer side is reduced to max_side_px (0: as it is).
/// throws  Error{not_found|io|corrupt|unsupported} naming the file
[[nodiscard]] Image read_training_picture(const std::filesystem::path& path, ColorModel color_model, int max_side_px);

/// The picture at a scale of up to 1, bicubic.
[[nodiscard]] Image reduced(const Image& picture, double scale);

/// The picture without what is finer than `detail_px`: reduced by it and enlarged again, bicubic; 1: as it is.
[[nodiscard]] Image softened(const Image& picture, double detail_px);

}  // namespace rdenoise::training
