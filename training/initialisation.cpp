// SPDX-License-Identifier: LGPL-2.1-or-later
#include "initialisation.hpp"

#include <array>
#include <rdenoise/error.hpp>

namespace rdenoise::training {
namespace {

constexpr std::array initialisations{Initialisation::he, Initialisation::orthogonal, Initialisation::centre_light,
                                     Initialisation::linear};

[[noreturn]] void refuse_linear(const Layer& layer, const std::string& why) {
  throw Error(ErrorCode::invalid_argument,
              "initialising linearly: expected a plain chain of convolutions, norms and relu without side outputs, "
              "found " +
                  std::string(to_string(layer.kind)) + (layer.name.empty() ? "" : " " + layer.name) + why);
}

bool is_norm(LayerKind kind) { return kind == LayerKind::batch_norm || kind == LayerKind::batch_scale; }

void check_plain_chain(const NetworkSpec& spec) {
  const auto input_of = [&](int layer) { return spec.layers[static_cast<std::size_t>(layer)].inputs.at(0); };
  // Halves that mirror each other have the same variance and opposite means, so norms keep them mirrored.
  const auto before_norms = [&](int layer) {
    while (is_norm(spec.layers[static_cast<std::size_t>(layer)].kind)) layer = input_of(layer);
    return layer;
  };
  int previous = -1;  // convolution
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const Layer& layer = spec.layers[i];
    switch (layer.kind) {
      case LayerKind::convolution: {
        if (layer.factor != 1) refuse_linear(layer, " with stride");
        if (previous >= 0) {
          const int relu = layer.inputs[0];
          if (spec.layers[static_cast<std::size_t>(relu)].kind != LayerKind::relu ||
              before_norms(input_of(relu)) != previous)
            refuse_linear(layer, ", which does not follow a relu of the convolution before it");
          const int width = spec.layers[static_cast<std::size_t>(previous)].out_channels;
          if (width % 2 != 0) refuse_linear(layer, " with an odd number of inputs, " + std::to_string(width));
        }
        previous = static_cast<int>(i);
        break;
      }
      case LayerKind::image_input:
      case LayerKind::noise_map_input:
      case LayerKind::relu:
      case LayerKind::pixel_unshuffle:
      case LayerKind::pixel_shuffle:
      case LayerKind::batch_norm:
      case LayerKind::batch_scale:
      case LayerKind::concatenate:
      case LayerKind::add:
      case LayerKind::subtract:
        break;
      default:
        refuse_linear(layer, "");
    }
  }
}

}  // namespace

std::string_view to_string(Initialisation initialisation) noexcept {
  switch (initialisation) {
    case Initialisation::he:
      return "he";
    case Initialisation::orthogonal:
      return "orthogonal";
    case Initialisation::centre_light:
      return "centre-light";
    case Initialisation::linear:
      return "linear";
  }
  return "";
}

std::string initialisation_names() {
  std::string names;
  for (const Initialisation initialisation : initialisations)
    names += (names.empty() ? "" : ", ") + std::string(to_string(initialisation));
  return names;
}

std::optional<Initialisation> find_initialisation(std::string_view name) noexcept {
  for (const Initialisation initialisation : initialisations)
    if (name == to_string(initialisation)) return initialisation;
  return std::nullopt;
}

void check_initialisation(const NetworkSpec& spec, Initialisation initialisation) {
  if (initialisation == Initialisation::linear) check_plain_chain(spec);
}

}  // namespace rdenoise::training
