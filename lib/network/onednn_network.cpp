// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/onednn_network.hpp"

#include <algorithm>

#include "network/cell_convolution.hpp"
#include "network/edge_convolution.hpp"
#include "network/f32_results.hpp"
#include "network/matrix_convolution.hpp"
#include "network/onednn_cpu.hpp"
#include "network/stored_kernels.hpp"
#include "network/watched_layers.hpp"

namespace rdenoise::onednn {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// Kernels for bf16 are for layers whose values are all in floating point: eight bits have their own.
bool computes_in_bf16(const LayoutRules& rules, const Value& src, const Value& dst) {
  if (src.layout.element == ElementType::u8 || dst.layout.element == ElementType::u8) return false;
  return src.layout.element == ElementType::bf16 || rules.matrix_units;
}

/// What comes before the noise map in planes that hold both; all of other values.
int image_channels(const ExecutionPlan& plan, const Value& value) {
  if (plan.noise_map < 0) return value.channels;
  const Value& noise_map = plan.values[at(plan.noise_map)];
  const bool is_last = noise_map.part_of >= 0 && &plan.values[at(noise_map.part_of)] == &value &&
                       noise_map.first_channel + noise_map.channels == value.channels;
  return is_last ? noise_map.first_channel : value.channels;
}

std::unique_ptr<OwnConvolution> make_own(const Network& network, const Layer& layer, const Weights& weights,
                                         const Value& src, const Value& dst) {
  const std::span<const float> src_scales = network.scales_of(src);
  const std::span<const float> result_scales = network.scales_of(dst);
  if (network.rules.matrix_units) {
    // Weights of the last layer are worth more than eight bits.
    if (src.layout.element == ElementType::u8 && dst.layout.block > 1)
      return make_eight_bit_matrix_convolution(layer, weights, network.rules.eight_bit_results[at(src.scales_of)],
                                               src.copies, src.layout.block, result_scales);
    return make_matrix_convolution(layer, weights, src.channels, src.layout, dst.layout, src_scales, result_scales,
                                   image_channels(network.plan, src));
  }
  const int lanes = network.rules.block;
  return src.layout.block == 1 ? make_input_edge(layer, weights, src.channels, lanes, result_scales)
                               : make_output_edge(layer, weights, src.channels, lanes, src_scales);
}

std::unique_ptr<ConvolutionWeights> make_weights(const Network& network, const Layer& layer, const Weights& weights,
                                                 const Value& src, const Value& dst) {
  if (src.layout.element != ElementType::u8)
    return std::make_unique<ConvolutionWeights>(layer, weights, src.channels, src.padded_channels(),
                                                dst.padded_channels());
  return std::make_unique<ConvolutionWeights>(layer, weights, network.rules.eight_bit_results[at(src.scales_of)],
                                              src.copies, src.padded_channels(), dst.padded_channels(),
                                              network.scales_of(dst), most_weight_of_cpu());
}

bool keeps_eight_bits(const ExecutionPlan& plan) {
  return std::ranges::any_of(plan.values, [](const Value& value) { return value.layout.element == ElementType::u8; });
}

}  // namespace

std::span<const float> Network::scales_of(const Value& value) const noexcept {
  return value.scales_of < 0 ? std::span<const float>() : rules.eight_bit_results[at(value.scales_of)].scales;
}

std::size_t Network::weights_bytes() const {
  std::size_t bytes = 0;
  for (const auto& layer : weights)
    if (layer) bytes += layer->memory_bytes();
  for (const auto& layer : own_convolutions)
    if (layer) bytes += layer->memory_bytes();
  return bytes;
}

std::vector<PixelPlanes> bordered_planes(const Network& network) {
  std::vector<PixelPlanes> planes;
  for (std::size_t i = 0; i < network.plan.steps.size(); ++i)
    if (network.chain->border_layer[i] >= 0)
      planes.push_back(pixel_planes(network.plan.values[at(network.plan.steps[i].output)]));
  return planes;
}

std::shared_ptr<const Network> make_network(const NetworkSpec& spec, const Weights& weights, Precision precision,
                                            std::span<const int> watched) {
  check_watched(spec, watched);
  StridelessNetwork folded = without_strides(fold_batch_norm(spec, weights));
  auto network = std::make_shared<Network>();
  std::vector<int> watched_here;
  for (const int layer : watched) {
    watched_here.push_back(folded.new_index[at(layer)]);
    network->watched[watched_here.back()] = layer;
  }
  network->spec = std::move(folded.spec);
  network->rules = layout_rules(precision);
  if (precision == Precision::int8)
    network->rules.eight_bit_results = eight_bit_results(network->spec, folded.weights, watched_here);
  if (precision == Precision::bf16) network->rules.f32_results = f32_results(network->spec, folded.weights);
  network->plan = lower(network->spec, network->rules, watched_here);
  network->precision = precision;
  if (precision == Precision::int8 && !keeps_eight_bits(network->plan)) {
    network->precision = Precision::f32;
    network->rules = layout_rules(Precision::f32);
    network->plan = lower(network->spec, network->rules, watched_here);
  }
  network->weights.resize(network->spec.layers.size());
  network->own_convolutions.resize(network->spec.layers.size());
  const Weights bf16_weights =
      network->rules.activation == ElementType::bf16 ? with_bf16_kernels(network->spec, folded.weights) : Weights();
  for (const Step& step : network->plan.steps) {
    if (step.kind != StepKind::convolution && step.kind != StepKind::own_convolution) continue;
    const Layer& layer = network->spec.layers[at(step.layer)];
    const Value& src = network->plan.values[at(step.inputs[0])];
    const Value& dst = network->plan.values[at(step.output)];
    const Weights& weights_here = computes_in_bf16(network->rules, src, dst) ? bf16_weights : folded.weights;
    if (step.kind == StepKind::convolution)
      network->weights[at(step.layer)] = make_weights(*network, layer, weights_here, src, dst);
    else
      network->own_convolutions[at(step.layer)] = make_own(*network, layer, weights_here, src, dst);
  }
  network->chain = find_chain(network->spec, network->plan);
  return network;
}

}  // namespace rdenoise::onednn
