// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/stored_picture.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>

namespace rdenoise::training {
namespace {

constexpr std::array<float, 256> make_signal_of_byte() {
  std::array<float, 256> signal{};
  for (int i = 0; i < 256; ++i) signal[static_cast<std::size_t>(i)] = static_cast<float>(i) / 255.F;
  return signal;
}
constexpr std::array<float, 256> signal_of_byte = make_signal_of_byte();

}  // namespace

Image converted(Image picture, ColorModel color_model) {
  if (picture.color_model() == color_model) return picture;
  Image result(color_model, picture.width_px(), picture.height_px());
  if (color_model == ColorModel::rgb) {
    for (int c = 0; c < 3; ++c) std::ranges::copy(picture.plane(0), result.plane(c).begin());
    return result;
  }
  const auto red = picture.plane(0);
  const auto green = picture.plane(1);
  const auto blue = picture.plane(2);
  const auto luma = result.plane(0);
  for (std::size_t i = 0; i < luma.size(); ++i) luma[i] = 0.299F * red[i] + 0.587F * green[i] + 0.114F * blue[i];
  return result;
}

StoredPicture stored(const Image& picture) {
  StoredPicture result{picture.color_model(), picture.width_px(), picture.height_px(), {}};
  result.samples.reserve(picture.samples().size());
  for (const float sample : picture.samples())
    result.samples.push_back(static_cast<std::uint8_t>(std::clamp(sample, 0.F, 1.F) * 255.F + 0.5F));
  return result;
}

Image as_image(const StoredPicture& picture) {
  Image image(picture.color_model, picture.width_px, picture.height_px);
  std::ranges::transform(picture.samples, image.samples().begin(),
                         [](std::uint8_t sample) { return signal_of_byte[sample]; });
  return image;
}

Image crop(const StoredPicture& picture, const PatchPlace& place, int side_px) {
  assert(place.x_px >= 0 && place.x_px + side_px <= picture.width_px);
  assert(place.y_px >= 0 && place.y_px + side_px <= picture.height_px);
  // Walking the patch row by row is walking the picture from one of the square's corners, in steps of ±1 and ±width.
  const std::ptrdiff_t width = picture.width_px;
  const std::ptrdiff_t last = side_px - 1;
  std::ptrdiff_t start = 0;
  std::ptrdiff_t along_row = 1;
  std::ptrdiff_t to_next_row = width;
  switch (place.turn & 3) {
    case 0:
      break;
    case 1:
      start = last, along_row = width, to_next_row = -1;
      break;
    case 2:
      start = last * width + last, along_row = -1, to_next_row = -width;
      break;
    case 3:
      start = last * width, along_row = -width, to_next_row = 1;
      break;
  }
  if ((place.turn & 4) != 0) {
    // Column x of the mirrored square is column last − x of the picture's.
    const auto mirrored = [&](std::ptrdiff_t step) { return step == 1 || step == -1 ? -step : step; };
    start += last - 2 * (start % width);
    along_row = mirrored(along_row);
    to_next_row = mirrored(to_next_row);
  }
  Image patch(picture.color_model, side_px, side_px);
  for (int c = 0; c < patch.plane_count(); ++c) {
    const std::uint8_t* const corner =
        picture.samples.data() + (c * static_cast<std::ptrdiff_t>(picture.height_px) + place.y_px) * width + place.x_px;
    float* to = patch.plane(c).data();
    for (int y = 0; y < side_px; ++y) {
      const std::uint8_t* from = corner + start + y * to_next_row;
      for (int x = 0; x < side_px; ++x, from += along_row) *to++ = signal_of_byte[*from];
    }
  }
  return patch;
}

Image cut(const Image& picture, int x_px, int y_px, int side_px) {
  Image patch(picture.color_model(), side_px, side_px, shifted(picture.cfa(), x_px, y_px));
  for (int c = 0; c < patch.plane_count(); ++c)
    for (int y = 0; y < side_px; ++y) {
      const std::size_t from = static_cast<std::size_t>(y_px + y) * static_cast<std::size_t>(picture.width_px()) +
                               static_cast<std::size_t>(x_px);
      std::ranges::copy(picture.plane(c).subspan(from, static_cast<std::size_t>(side_px)), &patch.at(c, 0, y));
    }
  return patch;
}

}  // namespace rdenoise::training
