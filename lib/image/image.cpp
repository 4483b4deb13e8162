// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/error.hpp>
#include <rdenoise/image.hpp>
#include <string>

#include "image/mosaic_sites.hpp"

namespace rdenoise {
namespace {

template <typename Byte, typename Sample>
BasicFrameView<Byte> view_of(ColorModel color_model, CfaPattern cfa, int width_px, int height_px, Sample* samples) {
  BasicFrameView<Byte> view{color_model, width_px, height_px, cfa, color_model == ColorModel::rgb ? 3 : 1, {}};
  const std::ptrdiff_t pixel_bytes = sizeof(float);
  const std::ptrdiff_t row_bytes = width_px * pixel_bytes;
  for (int c = 0; c < view.channel_count; ++c) {
    auto* data = reinterpret_cast<Byte*>(samples) + c * height_px * row_bytes;
    view.channels[c] = {data, width_px, height_px, row_bytes, pixel_bytes, SampleFormat{}, Levels{}};
  }
  if (color_model == ColorModel::bayer) {
    const BasicChannelView<Byte> mosaic = view.channels[0];
    view.channel_count = 4;
    for (int site = 0; site < 4; ++site) view.channels[site] = mosaic_site(mosaic, site);
  }
  return view;
}

}  // namespace

std::string_view to_string(ColorModel model) noexcept {
  switch (model) {
    case ColorModel::gray:
      return "gray";
    case ColorModel::yuv:
      return "yuv";
    case ColorModel::rgb:
      return "rgb";
    case ColorModel::bayer:
      return "bayer";
  }
  return "unknown";
}

Image::Image(ColorModel color_model, int width_px, int height_px, CfaPattern cfa)
    : color_model_(color_model), cfa_(cfa), width_px_(width_px), height_px_(height_px) {
  if (color_model == ColorModel::yuv) {
    throw Error(ErrorCode::invalid_argument, "making an image: expected gray, rgb or bayer, found yuv");
  }
  if (width_px < 1 || height_px < 1) {
    throw Error(ErrorCode::invalid_argument, "making an image: expected at least 1x1 pixels, found " +
                                                 std::to_string(width_px) + "x" + std::to_string(height_px));
  }
  samples_.resize(static_cast<std::size_t>(plane_count()) * width_px * height_px);
}

std::span<float> Image::plane(int index) noexcept {
  const std::size_t size = static_cast<std::size_t>(width_px_) * height_px_;
  return std::span(samples_).subspan(index * size, size);
}

std::span<const float> Image::plane(int index) const noexcept {
  const std::size_t size = static_cast<std::size_t>(width_px_) * height_px_;
  return std::span(samples_).subspan(index * size, size);
}

FrameView Image::view() noexcept {
  return view_of<std::byte>(color_model_, cfa_, width_px_, height_px_, samples_.data());
}

ConstFrameView Image::view() const noexcept {
  return view_of<const std::byte>(color_model_, cfa_, width_px_, height_px_, samples_.data());
}

}  // namespace rdenoise
