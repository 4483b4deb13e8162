// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/watched_layers.hpp"

#include <algorithm>
#include <rdenoise/error.hpp>
#include <string>

namespace rdenoise {

void check_watched(const NetworkSpec& spec, std::span<const int> watched) {
  if (watched.empty()) return;
  const auto refuse = [](const std::string& expected, const std::string& found) {
    throw Error(ErrorCode::invalid_argument, "watching layers: expected " + expected + ", found " + found);
  };
  const bool has_norm = std::ranges::any_of(spec.layers, [](const Layer& layer) {
    return layer.kind == LayerKind::batch_norm || layer.kind == LayerKind::batch_scale;
  });
  if (has_norm) refuse("a network with batch norm folded", "one with batch norm");
  const int count = static_cast<int>(spec.layers.size());
  for (const int layer : watched) {
    if (layer < 0 || layer >= count)
      refuse("layers from 0 to " + std::to_string(count - 1), "layer " + std::to_string(layer));
    const LayerKind kind = spec.layers[static_cast<std::size_t>(layer)].kind;
    if (kind == LayerKind::image_input || kind == LayerKind::noise_map_input)
      refuse("layers that compute something",
             "layer " + std::to_string(layer) + " (" + std::string(to_string(kind)) + ")");
  }
}

}  // namespace rdenoise
