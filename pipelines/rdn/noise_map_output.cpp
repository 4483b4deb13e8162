// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise_map_output.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <rdenoise/picture_file.hpp>

#include "command.hpp"
#include "named_error.hpp"

namespace rdn {

using rdenoise::PictureFileType;

SigmaRange sigma_range(const rdenoise::Image& map) {
  const auto [least, most] = std::ranges::minmax(map.samples());
  double sum = 0.0;
  for (const float sigma : map.samples()) sum += sigma;
  return {255.0 * least, 255.0 * sum / static_cast<double>(map.samples().size()), 255.0 * most};
}

double white_sigma_8bit(const SigmaRange& range) {
  if (!(range.most_8bit > 0.0) || !std::isfinite(range.most_8bit)) return 1.0;
  const double power = std::pow(10.0, std::floor(std::log10(range.most_8bit)));
  for (const double step : {1.0, 2.0, 5.0})
    if (range.most_8bit <= step * power) return step * power;
  return 10.0 * power;
}

void check_noise_map_name(const std::filesystem::path& path) {
  const std::optional<PictureFileType> type = rdenoise::picture_type_for_name(path);
  if (type != PictureFileType::tiff && type != PictureFileType::png)
    throw UsageError(path.string() + ": expected a name for the noise map that ends in .tiff or .png");
}

void write_noise_map(const std::filesystem::path& path, const rdenoise::Image& map, double white_8bit, int bit_depth) {
  const bool is_float = rdenoise::picture_type_for_name(path) == PictureFileType::tiff;
  rdenoise::Picture picture;
  picture.image = map;
  const auto scale = static_cast<float>(is_float ? 255.0 : 255.0 / white_8bit);
  for (float& sample : picture.image.samples()) sample *= scale;
  naming(path, [&] { rdenoise::write_picture(path, picture, {.bit_depth = is_float ? 32 : bit_depth}); });
}

}  // namespace rdn
