// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise/window_transfer.hpp"

namespace rdenoise {

void fill_window(const Pass& pass, const PassInputs& inputs, const Rect& window, TensorView image, TensorView noise_map,
                 std::span<float> scratch) {
  gather(pass.src, pass.padding, window, image, {}, scratch);
  if (inputs.stabiliser != nullptr) inputs.stabiliser->stabilise(image, scratch);
  if (inputs.map_layer != nullptr)
    fill_noise_map({image.data, image.channels, image.height, image.width}, inputs.noise, inputs.strength,
                   inputs.map_layer->factor, noise_map);
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
