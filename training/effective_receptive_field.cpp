// SPDX-License-Identifier: LGPL-2.1-or-later
#include "effective_receptive_field.hpp"

#include "torch_network.hpp"

namespace rdenoise::training {
namespace {

constexpr double influence_threshold = 1.0 - 0.9545;  // two standard deviations, as in the paper
constexpr double map_sigma = 25.0 / 255.0;

}  // namespace

EffectiveReceptiveField measure_receptive_field(const Model& model, int pictures) {
  TorchNetwork network(model.spec, 0);
  network.set_weights(model.weights);
  const int radius_px = receptive_radius_px(model.spec);
  const int alignment = alignment_px(model.spec);
  // Room for the whole field to both sides of the centre.
  const int size_px = (2 * radius_px + 1 + 2 * alignment + alignment - 1) / alignment * alignment;
  const int centre = size_px / 2;
  torch::Tensor noise_map;
  if (const Layer* map = model.spec.noise_map_layer())
    noise_map = torch::full({1, map->out_channels, size_px / map->factor, size_px / map->factor}, map_sigma);

  torch::manual_seed(1);
  torch::Tensor sum = torch::zeros({size_px, size_px});
  for (int i = 0; i < pictures; ++i) {
    // A flat picture with the noise that the map tells of: there a denoiser has every reason to look far.
    torch::Tensor picture = torch::randn({1, model.spec.params.image_channels, size_px, size_px}) * map_sigma + 0.5;
    picture.requires_grad_(true);
    const torch::Tensor output = network.forward(picture, noise_map, torch::kFloat, /*training=*/false);
    output.index({0, torch::indexing::Slice(), centre, centre}).sum().backward();
    sum += picture.grad()[0].abs().sum(0);
  }
  EffectiveReceptiveField field;
  field.theoretical_px = 2 * radius_px + 1;
  field.influence = sum / sum.max();
  field.effective_px = std::sqrt((field.influence > influence_threshold).sum().item<double>());
  return field;
}

}  // namespace rdenoise::training
