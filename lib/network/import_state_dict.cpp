// SPDX-License-Identifier: LGPL-2.1-or-later
// The network of a state dict that does not say what it is.
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>

#include "network/state_dict_layout.hpp"
#include "network/state_dict_names.hpp"

namespace rdenoise {
namespace {

std::string some_names(const Weights& weights) {
  std::string text;
  for (const auto& [name, tensor] : weights.tensors) {
    if (!text.empty()) text += ", ";
    if (text.size() > 120) return text + "…";
    text += name;
  }
  return text.empty() ? "none" : text;
}

SubImageOrder sub_image_order(const Weights& plain, SubImageOrder wished) {
  const auto entry = plain.metadata.find("sub_image_order");
  return entry == plain.metadata.end() ? wished : parse_sub_image_order(entry->second);
}

}  // namespace

std::string_view to_string(SubImageOrder order) noexcept {
  return order == SubImageOrder::row_major ? "row-major" : "column-major";
}

SubImageOrder parse_sub_image_order(std::string_view text) {
  for (const SubImageOrder order : {SubImageOrder::row_major, SubImageOrder::column_major})
    if (text == to_string(order)) return order;
  throw Error(ErrorCode::invalid_argument,
              "reading order of sub-images: expected row-major or column-major, found \"" + std::string(text) + "\"");
}

Weights import_state_dict(const Weights& plain, std::string_view network, SubImageOrder order) {
  StateDict dict = with_house_names(plain);
  fill_biases(dict.weights);
  if (dict.map_first) move_map_last(dict.weights, dict.published_name("model.0.weight"));
  split_noise_planes(dict.weights);
  TensorShapes shapes;
  for (const auto& [name, tensor] : dict.weights.tensors) shapes[name] = tensor.shape;

  std::string tried;
  for (const Architecture& architecture : architectures()) {
    if (!network.empty() && architecture.name != network) continue;
    tried += (tried.empty() ? "" : ", ") + std::string(architecture.name);
    NetworkParams params;
    if (!architecture.recognise(shapes, params)) continue;
    if (dict.map_first) params.residual = true;
    if (params.batch_norm && dict.batch_norm_epsilon) params.batch_norm_epsilon = *dict.batch_norm_epsilon;
    const NetworkSpec spec = build_network(params);
    check_weights(spec, dict.weights, dict.published_name);
    if (sub_image_order(plain, order) == SubImageOrder::column_major) from_column_major(spec, dict.weights);
    return {std::move(dict.weights.tensors), to_metadata(params)};
  }
  if (tried.empty()) (void)find_architecture(network);  // throws, naming the known ones
  throw Error(ErrorCode::unsupported,
              "recognising a state dict: expected tensors of one of " + tried + ", found " + some_names(plain));
}

}  // namespace rdenoise
