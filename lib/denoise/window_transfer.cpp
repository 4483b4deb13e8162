// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise/window_transfer.hpp"

namespace rdenoise {

void fill_window_map(const Pass& pass, const PassInputs& inputs, const Rect& window, TensorView image,
                     TensorView noise_map) {
  const int factor = inputs.map_layer->factor;
  fill_noise_map({image.data, image.channels, image.height, image.width}, inputs.noise, inputs.strength, factor,
                 noise_map);
  if (inputs.noise_share == nullptr) return;
  weaken_noise_map(*inputs.noise_share,
                   {window.x_px - pass.padding.left_px, window.y_px - pass.padding.top_px, factor, pass.cell_px},
                   noise_map);
}

void fill_window(const Pass& pass, const PassInputs& inputs, const Rect& window, TensorView image, TensorView noise_map,
                 std::span<float> scratch) {
  gather(pass.src, pass.padding, window, image, {}, scratch);
  if (inputs.stabiliser != nullptr) inputs.stabiliser->stabilise(image, scratch);
  if (inputs.map_layer != nullptr) fill_window_map(pass, inputs, window, image, noise_map);
}

void put_out(const Pass& pass, const PictureStabiliser* stabiliser, const Tile& tile, ConstTensorView denoised,
             TensorView image, std::span<float> scratch) {
  if (stabiliser != nullptr) {
    stabiliser->restore(denoised, image, scratch);
    denoised = {image.data, image.channels, image.height, image.width};
  }
  scatter(denoised, pass.padding, tile, pass.dst, scratch);
}

}  // namespace rdenoise
