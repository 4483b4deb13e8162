// SPDX-License-Identifier: LGPL-2.1-or-later
#include "effective_receptive_field.hpp"

#include <algorithm>
#include <cmath>

namespace rdenoise::training {
namespace {

constexpr double influence_threshold = 1.0 - 0.9545;  // two standard deviations, as in the paper
constexpr double map_sigma = 25.0 / 255.0;

int field_size_px(const NetworkSpec& spec) {
  const int alignment = alignment_px(spec);
  // Room for the whole field to both sides of the centre.
  return (2 * receptive_radius_px(spec) + 1 + 2 * alignment + alignment - 1) / alignment * alignment;
}

/// [size, size] Σ |∂ centre / ∂ input| over pictures.
torch::Tensor influence_sum(TorchNetwork& network, int pictures) {
  const NetworkSpec& spec = network.spec();
  const int size_px = field_size_px(spec);
  const int centre = size_px / 2;
  torch::Tensor noise_map;
  if (const Layer* map = spec.noise_map_layer())
    noise_map = torch::full({1, map->out_channels, size_px / map->factor, size_px / map->factor}, map_sigma);
  torch::Tensor sum = torch::zeros({size_px, size_px});
  for (int i = 0; i < pictures; ++i) {
    // A flat picture with the noise that the map tells of: there a denoiser has every reason to look far.
    torch::Tensor picture = torch::randn({1, spec.params.image_channels, size_px, size_px}) * map_sigma + 0.5;
    picture.requires_grad_(true);
    const torch::Tensor output = network.forward(picture, noise_map, torch::kFloat, /*training=*/false);
    output.index({0, torch::indexing::Slice(), centre, centre}).sum().backward();
    sum += picture.grad()[0].abs().sum(0);
  }
  return sum;
}

EffectiveReceptiveField field_of(const torch::Tensor& sum, const NetworkSpec& spec, CentrePixel centre) {
  EffectiveReceptiveField field;
  field.theoretical_px = 2 * receptive_radius_px(spec) + 1;
  torch::Tensor candidates = sum.clone();
  if (centre == CentrePixel::left_out) candidates[sum.size(0) / 2][sum.size(1) / 2] = 0.0;
  field.influence = (sum / candidates.max()).clamp_max(1.0);
  field.effective_px = std::sqrt((field.influence > influence_threshold).sum().item<double>());
  return field;
}

}  // namespace

EffectiveReceptiveField measure_receptive_field(const Model& model, CentrePixel centre, int pictures) {
  TorchNetwork network(model.spec, 0);
  network.set_weights(model.weights);
  torch::manual_seed(1);
  return field_of(influence_sum(network, pictures), model.spec, centre);
}

EffectiveReceptiveField measure_untrained_receptive_field(const NetworkSpec& spec, Initialisation initialisation,
                                                          CentrePixel centre, int draws) {
  torch::Tensor sum;
  for (int i = 0; i < draws; ++i) {
    TorchNetwork network(spec, static_cast<std::uint64_t>(i), initialisation);
    const torch::Tensor influence = influence_sum(network, /*pictures=*/1);
    // Each draw counts alike, whatever its gain and what the centre adds to it.
    const torch::Tensor share = influence / field_of(influence, spec, CentrePixel::left_out).influence.sum();
    sum = sum.defined() ? sum + share : share;
  }
  return field_of(sum, spec, centre);
}

std::vector<double> influence_by_distance(const EffectiveReceptiveField& field) {
  const std::int64_t size_px = field.influence.size(0);
  const auto rings = static_cast<std::size_t>(field.theoretical_px / 2 + 1);
  std::vector<double> sums(rings);
  std::vector<double> counts(rings);
  const torch::Tensor influence = field.influence.contiguous();
  const auto values = influence.accessor<float, 2>();
  for (std::int64_t y = 0; y < size_px; ++y)
    for (std::int64_t x = 0; x < size_px; ++x) {
      const double distance_px = std::hypot(static_cast<double>(y - size_px / 2), static_cast<double>(x - size_px / 2));
      const auto ring = static_cast<std::size_t>(std::lround(distance_px));
      if (ring >= rings) continue;
      sums[ring] += values[y][x];
      counts[ring] += 1.0;
    }
  for (std::size_t i = 0; i < rings; ++i) sums[i] /= std::max(counts[i], 1.0);
  return sums;
}

}  // namespace rdenoise::training
