// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures by formula in files, for tests that read training data.
#pragma once

#include <filesystem>
#include <rdenoise/picture_file.hpp>
#include <string>

#include "support/formula_pictures.hpp"

namespace rdenoise::training {

inline void write_formula_picture(const std::filesystem::path& path, int width_px, int height_px,
                                  float brighter = 0.F) {
  std::filesystem::create_directories(path.parent_path());
  Picture picture;
  picture.image = test::formula_rgb(width_px, height_px);
  for (float& sample : picture.image.samples()) sample = sample * 0.8F + brighter;
  write_picture(path, picture, {});
}

}  // namespace rdenoise::training
