// SPDX-License-Identifier: LGPL-2.1-or-later
// For the accuracy tools: the pictures of a folder, and figures over many errors.
#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <rdenoise/picture_file.hpp>
#include <vector>

namespace rdenoise::bench {

/// All PNG and TIFF pictures of a folder, by name.
inline std::vector<Image> pictures_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto type = picture_type_for_name(entry.path());
    if (type == PictureFileType::png || type == PictureFileType::tiff) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<Image> pictures;
  for (const auto& path : paths) pictures.push_back(read_picture(path).image);
  return pictures;
}

/// Signed errors, summed up by their magnitude.
struct ErrorFigures {
  double mean = 0.0;
  double median = 0.0;
  double percentile_90 = 0.0;
  double worst = 0.0;
  double bias = 0.0;
};

inline ErrorFigures figures_of(const std::vector<double>& errors) {
  ErrorFigures figures;
  if (errors.empty()) return figures;
  std::vector<double> magnitude;
  for (const double e : errors) {
    magnitude.push_back(std::abs(e));
    figures.bias += e / static_cast<double>(errors.size());
    figures.mean += std::abs(e) / static_cast<double>(errors.size());
  }
  std::ranges::sort(magnitude);
  figures.median = magnitude[magnitude.size() / 2];
  figures.percentile_90 = magnitude[magnitude.size() * 9 / 10];
  figures.worst = magnitude.back();
  return figures;
}

}  // namespace rdenoise::bench
