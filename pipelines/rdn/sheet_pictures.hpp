// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures for a contact sheet: a file of the whole, and a tile of what fits on the sheet.
#pragma once

#include <filesystem>
#include <rdenoise/contact_sheet.hpp>
#include <rdenoise/picture_file.hpp>
#include <string>
#include <vector>

namespace rdn {

/// What of a picture is seen on the sheet, at most box_px in width and height: small pictures whole, enlarged by a
/// whole number; of large ones the middle, pixel by pixel, because noise is gone in a reduced one.
struct SheetView {
  rdenoise::Image image;
  int enlarged = 1;
  bool is_part = false;
};
[[nodiscard]] SheetView sheet_view(const rdenoise::Image& image, int box_px);

/// Writes the picture as folder/name (PNG, 8 bit) and makes a tile that links to it.
/// throws  Error that names the file
[[nodiscard]] rdenoise::SheetTile write_with_tile(const std::filesystem::path& folder, const std::string& name,
                                                  const rdenoise::Picture& picture, int box_px,
                                                  std::vector<std::string> label);

/// Signal of `minuend` minus that of `subtrahend`, of the same size and colour model. Gray and rgb pixel by pixel; of a
/// mosaic each 2×2 cell becomes an rgb pixel, its green the mean of both.
[[nodiscard]] rdenoise::Image frame_difference(const rdenoise::ConstFrameView& minuend,
                                               const rdenoise::ConstFrameView& subtrahend);

/// 0 becomes mid-gray.
void centre_on_gray(rdenoise::Image& difference, double gain);

/// The largest of 1, 2, 5 times a power of ten with which four sigma stay within black and white around mid-gray.
[[nodiscard]] double gain_for_noise(double sigma_8bit);

}  // namespace rdn
