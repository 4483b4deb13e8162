// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <rdenoise/error.hpp>

#include "network/architectures/architectures.hpp"

namespace rdenoise {
namespace {

constexpr int max_depth = 1000;
constexpr int max_width = 4096;

}  // namespace

std::span<const Architecture> architectures() noexcept {
  // In the order in which a state dict is tried: IRCNN's is one that DnCNN would take as well.
  static const std::array registry{
      ircnn_architecture,  dncnn_architecture,  ffdnet_architecture, fdncnn_architecture,      bfcnn_architecture,
      bfunet_architecture, cbdnet_architecture, drunet_architecture, class_aware_architecture, classifier_architecture};
  return registry;
}

const Architecture& find_architecture(std::string_view name) {
  std::string known;
  for (const Architecture& architecture : architectures()) {
    if (architecture.name == name) return architecture;
    known += known.empty() ? "" : ", ";
    known += architecture.name;
  }
  throw Error(ErrorCode::not_found,
              "looking up network: expected one of " + known + ", found \"" + std::string(name) + "\"");
}

NetworkSpec build_network(const NetworkParams& params) {
  const Architecture& architecture = find_architecture(params.network);
  // Numbers from a file are not worth memory before they are checked.
  if (params.depth < 1 || params.width < 1 || params.depth > max_depth || params.width > max_width)
    throw Error(ErrorCode::invalid_argument,
                "building network " + params.network + ": expected depth 1 … " + std::to_string(max_depth) +
                    " and width 1 … " + std::to_string(max_width) + ", found depth " + std::to_string(params.depth) +
                    " and width " + std::to_string(params.width));
  NetworkSpec spec = architecture.build(params);
  // A wrong description shows here, not in an executor.
  (void)layer_shapes(spec);
  return spec;
}

}  // namespace rdenoise
