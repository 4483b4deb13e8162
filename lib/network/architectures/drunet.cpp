// SPDX-License-Identifier: LGPL-2.1-or-later
// DRUNet: Zhang, Li, Zuo, Zhang, Van Gool, Timofte, "Plug-and-play image restoration with deep denoiser prior", IEEE
// TPAMI 2021, section 3: a U-Net of four sizes with `depth` residual blocks at each, without biases, that takes the
// noise level as a map. Variant "blind": without the map.
#include <algorithm>

#include "network/architectures/architectures.hpp"
#include "network/architectures/layer_list.hpp"

namespace rdenoise {
namespace {

constexpr int n_steps = 3;

/// depth blocks x + conv(relu(conv(x))), named prefix.first, prefix.first+1, …
int residual_blocks(LayerList& list, const std::string& prefix, int first, int input, int channels) {
  int x = input;
  for (int i = 0; i < list.params().depth; ++i) {
    const std::string block = prefix + "." + std::to_string(first + i) + ".res.";
    x = list.add(x, list.convolution(block + "2", list.convolution_relu(block + "0", x, channels), channels));
  }
  return x;
}

NetworkSpec build(const NetworkParams& params) {
  LayerList list(params);
  const int image = list.image();
  const int joined = params.variant == "blind" ? image : list.concatenate(image, list.noise_map(1));
  std::vector<int> skips{list.convolution("m_head", joined, params.width)};
  int channels = params.width;
  int x = skips.back();
  for (int step = 1; step <= n_steps; ++step) {
    const std::string name = "m_down" + std::to_string(step);
    x = residual_blocks(list, name, 0, x, channels);
    channels *= 2;
    x = list.convolution(name + "." + std::to_string(params.depth), x, channels, 2, 2);
    skips.push_back(x);
  }
  x = residual_blocks(list, "m_body", 0, x, channels);
  for (int step = n_steps; step >= 1; --step) {
    const std::string name = "m_up" + std::to_string(step);
    channels /= 2;
    x = list.transposed(name + ".0", list.add(x, skips[static_cast<std::size_t>(step)]), channels, 2, 2, params.bias);
    x = residual_blocks(list, name, 1, x, channels);
  }
  list.convolution("m_tail", list.add(x, skips.front()), params.image_channels);
  return list.take();
}

bool recognise(const TensorShapes& tensors, NetworkParams& params) {
  if (!tensors.contains("m_head.weight") && !tensors.contains("m_tail.weight")) return false;
  int depth = 0;
  for (const auto& [name, shape] : tensors)
    if (name.starts_with("m_body.")) depth = std::max(depth, std::atoi(name.c_str() + 7) + 1);
  const int in = kernel_extent(tensors, "m_head.weight", 1);
  const int out = kernel_extent(tensors, "m_tail.weight", 0);
  const int width =
      std::max(kernel_extent(tensors, "m_down1.0.res.0.weight", 0), kernel_extent(tensors, "m_up1.1.res.0.weight", 0));
  // One of the two may be wrong.
  const bool color = out == 3 || (out != 1 && in >= 3 && in <= 4);
  params = {.network = "drunet",
            .input = color ? InputDomain::rgb : InputDomain::gray,
            .image_channels = color ? 3 : 1,
            .depth = depth,
            .width = width,
            .bias = shows_biases(tensors),
            .variant = in == (color ? 3 : 1) ? "blind" : ""};
  return depth > 0 && width > 0;
}

const NetworkParams examples[] = {
    {.network = "drunet", .input = InputDomain::rgb, .image_channels = 3, .depth = 4, .width = 64, .bias = false},
    {.network = "drunet", .image_channels = 1, .depth = 2, .width = 8, .bias = true},
    {.network = "drunet", .image_channels = 1, .depth = 1, .width = 6, .bias = false, .variant = "blind"},
};

}  // namespace

const Architecture drunet_architecture{"drunet", "DRUNet (Zhang et al. 2021): residual U-Net with a noise level map",
                                       build, recognise, examples};

}  // namespace rdenoise
