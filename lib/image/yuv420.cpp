// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <rdenoise/error.hpp>
#include <rdenoise/yuv420.hpp>
#include <string>

namespace rdenoise {
namespace {

constexpr float red_weight = 0.2126F;
constexpr float blue_weight = 0.0722F;
constexpr float green_weight = 1.F - red_weight - blue_weight;

template <typename Frame, typename Planes>
Frame view_of(Planes& planes) {
  Frame frame = planes[0].view();
  frame.color_model = ColorModel::yuv;
  frame.channel_count = 3;
  for (std::size_t c = 1; c < 3; ++c) frame.channels[c] = planes[c].view().channels[0];
  return frame;
}

float luma(const Image& rgb, int x, int y) {
  return red_weight * rgb.at(0, x, y) + green_weight * rgb.at(1, x, y) + blue_weight * rgb.at(2, x, y);
}

/// Mean of one colour over the pixels of a cell.
float cell_mean(const Image& picture, int plane, int cell_x, int cell_y) {
  const int x_end = std::min(2 * cell_x + 2, picture.width_px());
  const int y_end = std::min(2 * cell_y + 2, picture.height_px());
  float sum = 0.F;
  for (int y = 2 * cell_y; y < y_end; ++y)
    for (int x = 2 * cell_x; x < x_end; ++x) sum += picture.at(plane, x, y);
  return sum / static_cast<float>((x_end - 2 * cell_x) * (y_end - 2 * cell_y));
}

}  // namespace

Yuv420Picture::Yuv420Picture(int width_px, int height_px)
    : planes{Image(ColorModel::gray, width_px, height_px),
             Image(ColorModel::gray, (width_px + 1) / 2, (height_px + 1) / 2),
             Image(ColorModel::gray, (width_px + 1) / 2, (height_px + 1) / 2)} {}

FrameView Yuv420Picture::view() noexcept { return view_of<FrameView>(planes); }

ConstFrameView Yuv420Picture::view() const noexcept { return view_of<ConstFrameView>(planes); }

Yuv420Picture yuv420_from_rgb(const Image& rgb) {
  if (rgb.color_model() != ColorModel::rgb)
    throw Error(ErrorCode::invalid_argument,
                "converting to 4:2:0: expected an rgb picture, found " + std::string(to_string(rgb.color_model())));
  Yuv420Picture yuv(rgb.width_px(), rgb.height_px());
  for (int y = 0; y < rgb.height_px(); ++y)
    for (int x = 0; x < rgb.width_px(); ++x) yuv.planes[0].at(0, x, y) = luma(rgb, x, y);
  const Image& chroma = yuv.planes[1];
  for (int y = 0; y < chroma.height_px(); ++y)
    for (int x = 0; x < chroma.width_px(); ++x) {
      // The matrix is linear: chroma of the mean is the mean of chroma.
      const float mean_luma = cell_mean(yuv.planes[0], 0, x, y);
      yuv.planes[1].at(0, x, y) = (cell_mean(rgb, 2, x, y) - mean_luma) / (2.F * (1.F - blue_weight)) + 0.5F;
      yuv.planes[2].at(0, x, y) = (cell_mean(rgb, 0, x, y) - mean_luma) / (2.F * (1.F - red_weight)) + 0.5F;
    }
  return yuv;
}

std::vector<float> yuv420_planes(const Yuv420Picture& picture) {
  const auto& [luma, u, v] = picture.planes;
  std::vector<float> planes;
  planes.reserve(6 * u.samples().size());
  for (int phase = 0; phase < 4; ++phase)
    for (int y = 0; y < u.height_px(); ++y)
      for (int x = 0; x < u.width_px(); ++x)
        planes.push_back(luma.at(0, std::min(2 * x + phase % 2, luma.width_px() - 1),
                                 std::min(2 * y + phase / 2, luma.height_px() - 1)));
  for (const Image* chroma : {&u, &v}) planes.insert(planes.end(), chroma->samples().begin(), chroma->samples().end());
  return planes;
}

}  // namespace rdenoise
