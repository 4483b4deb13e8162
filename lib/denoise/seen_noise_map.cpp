// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <rdenoise/error.hpp>
#include <rdenoise/explain.hpp>

#include "denoise/frame_denoiser.hpp"

namespace rdenoise {
namespace {

void check(const Model& model, const ConstFrameView& src) {
  const auto refuse = [&](const std::string& expected, const std::string& found) {
    throw Error(ErrorCode::unsupported,
                "reading the noise map of " + model.name + ": expected " + expected + ", found " + found);
  };
  if (!model.spec.has_noise_map() && model.spec.noise_estimate_index() < 0)
    refuse("a network that is told how strong the noise is, or estimates it", "a blind one");
  if (src.color_model == ColorModel::yuv) refuse("a gray, rgb or bayer frame", "a yuv frame");
}

/// Each map pixel as a cell of picture pixels.
void enlarge(ConstTensorView map, TensorView picture) {
  const int factor = picture.width / map.width;
  for (int c = 0; c < map.channels; ++c)
    for (int y = 0; y < picture.height; ++y) {
      const float* from = map.row(c, y / factor);
      float* to = picture.row(c, y);
      for (int x = 0; x < map.width; ++x) to = std::fill_n(to, factor, from[x]);
    }
}

Image as_gray(const Image& mosaic) {
  Image gray(ColorModel::gray, mosaic.width_px(), mosaic.height_px());
  std::ranges::copy(mosaic.samples(), gray.samples().begin());
  return gray;
}

}  // namespace

Image noise_map(const Model& model, const ConstFrameView& src, const NoiseProfile& noise,
                const DenoiseOptions& options) {
  check(model, src);
  const int estimate = model.spec.noise_estimate_index();
  const bool estimates = estimate >= 0;
  const FoldedNetwork network =
      estimates ? cut_at(model.spec, model.weights, estimate) : FoldedNetwork{model.spec, model.weights};
  const int map_channels = estimates ? layer_shapes(network.spec).back().channels : 1;
  const bool serves_all = src.color_model == ColorModel::rgb && model.spec.params.image_channels > map_channels;

  FrameDenoiser frames(model.name, network.spec, make_onednn_executor(network.spec, network.weights, options.precision),
                       options);
  Image map(serves_all ? ColorModel::gray : src.color_model, src.width_px, src.height_px, src.cfa);
  frames.for_each_tile(src, map.view(), noise, [&](const FilledTile& filled) {
    TensorView seen = filled.run.noise_map();
    if (estimates) filled.run.run();
    const ConstTensorView sigma =
        estimates ? filled.run.output() : ConstTensorView{seen.data, seen.channels, seen.height, seen.width};
    // The picture has been read: its place is free for the map.
    const TensorView image = filled.run.image();
    enlarge(sigma, image);
    scatter({image.data, sigma.channels, image.height, image.width}, filled.pass.padding, filled.tile, filled.pass.dst,
            filled.scratch);
  });
  return map.color_model() == ColorModel::bayer ? as_gray(map) : map;
}

}  // namespace rdenoise
