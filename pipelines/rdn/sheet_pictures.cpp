// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sheet_pictures.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "named_error.hpp"

namespace rdn {

using rdenoise::ColorModel;
using rdenoise::ConstFrameView;
using rdenoise::Image;

SheetView sheet_view(const Image& image, int box_px) {
  const int width_px = std::min(image.width_px(), box_px);
  const int height_px = std::min(image.height_px(), box_px);
  const bool is_part = width_px < image.width_px() || height_px < image.height_px();
  SheetView view{Image(image.color_model(), width_px, height_px),
                 is_part ? 1 : std::max(1, box_px / std::max(width_px, height_px)), is_part};
  const int left_px = (image.width_px() - width_px) / 2;
  const int top_px = (image.height_px() - height_px) / 2;
  for (int c = 0; c < image.plane_count(); ++c)
    for (int y = 0; y < height_px; ++y)
      for (int x = 0; x < width_px; ++x) view.image.at(c, x, y) = image.at(c, left_px + x, top_px + y);
  return view;
}

rdenoise::SheetTile write_with_tile(const std::filesystem::path& folder, const std::string& name,
                                    const rdenoise::Picture& picture, int box_px, std::vector<std::string> label) {
  const std::filesystem::path path = folder / name;
  naming(path, [&] { rdenoise::write_picture(path, picture, {.bit_depth = 8}); });
  SheetView view = sheet_view(picture.image, box_px);
  const int width_px = view.image.width_px() * view.enlarged;
  const int height_px = view.image.height_px() * view.enlarged;
  if (view.is_part) label.push_back("the middle " + std::to_string(width_px) + "x" + std::to_string(height_px) + " px");
  rdenoise::Picture seen;
  seen.image = std::move(view.image);
  return {rdenoise::encode_png(seen), width_px, height_px, std::move(label), name};
}

Image frame_difference(const ConstFrameView& minuend, const ConstFrameView& subtrahend) {
  const bool mosaic = minuend.color_model == ColorModel::bayer;
  // The first site of an odd mosaic has the most pixels, its last the fewest: cells that are not whole are left out,
  // unless there is none.
  const int width_px = mosaic ? std::max(minuend.width_px / 2, 1) : minuend.width_px;
  const int height_px = mosaic ? std::max(minuend.height_px / 2, 1) : minuend.height_px;
  Image difference(mosaic ? ColorModel::rgb : minuend.color_model, width_px, height_px);
  std::vector<float> left(static_cast<std::size_t>(width_px));
  std::vector<float> right(left.size());
  for (int channel = 0; channel < minuend.channel_count; ++channel) {
    const auto& view = minuend.channels[channel];
    if (view.width_px < width_px || view.height_px < height_px) continue;
    const int plane = mosaic ? rdenoise::cfa_color_at(minuend.cfa, channel % 2, channel / 2) : channel;
    const float weight = mosaic && plane == 1 ? 0.5F : 1.F;
    for (int y = 0; y < height_px; ++y) {
      rdenoise::read_row(view, y, 0, left);
      rdenoise::read_row(subtrahend.channels[channel], y, 0, right);
      for (int x = 0; x < width_px; ++x) difference.at(plane, x, y) += weight * (left[x] - right[x]);
    }
  }
  return difference;
}

void centre_on_gray(Image& difference, double gain) {
  for (float& sample : difference.samples()) sample = 0.5F + static_cast<float>(gain) * sample;
}

double gain_for_noise(double sigma_8bit) {
  constexpr double least_sigma_8bit = 0.1;  // below, rounding to 8 bit is all there is to see
  const double most = 127.5 / (4.0 * std::max(sigma_8bit, least_sigma_8bit));
  const double power = std::pow(10.0, std::floor(std::log10(most)));
  return most >= 5.0 * power ? 5.0 * power : most >= 2.0 * power ? 2.0 * power : power;
}

}  // namespace rdn
