// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/picture_folder.hpp"

#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/picture_file.hpp>
#include <rdenoise/resize.hpp>

#include "data/stored_picture.hpp"

namespace rdenoise::training {

namespace fs = std::filesystem;

std::vector<fs::path> pictures_below(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    throw Error(ErrorCode::not_found, "reading training data: expected folder " + folder.string() + ", found none");
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && picture_type_for_name(entry.path())) paths.push_back(entry.path());
  if (paths.empty())
    throw Error(ErrorCode::not_found,
                "reading training data: expected pictures in " + folder.string() + ", found none");
  std::ranges::sort(paths);
  return paths;
}

std::string name_below(const fs::path& data, const fs::path& path) {
  return path.lexically_relative(data).generic_string();
}

Image read_training_picture(const fs::path& path, ColorModel color_model, int max_side_px) {
  const Image picture = converted(read_picture(path).image, color_model);
  const int longer_px = std::max(picture.width_px(), picture.height_px());
  return reduced(picture, max_side_px > 0 ? std::min(1.0, static_cast<double>(max_side_px) / longer_px) : 1.0);
}

Image reduced(const Image& picture, double scale) {
  if (scale == 1.0) return picture;
  const auto side = [&](int px) { return std::max(1, static_cast<int>(std::lround(px * scale))); };
  return resize(picture, side(picture.width_px()), side(picture.height_px()), ResizeFilter::bicubic, 1);
}

Image softened(const Image& picture, double detail_px) {
  if (detail_px == 1.0) return picture;
  return resize(reduced(picture, 1.0 / detail_px), picture.width_px(), picture.height_px(), ResizeFilter::bicubic, 1);
}

}  // namespace rdenoise::training
