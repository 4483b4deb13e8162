// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <rdenoise/error.hpp>

#include "network/architectures/architectures.hpp"

namespace rdenoise {

std::span<const Architecture> architectures() noexcept {
  static const std::array registry{dncnn_architecture, ffdnet_architecture};
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
  NetworkSpec spec = find_architecture(params.network).build(params);
  // A wrong description shows here, not in an executor.
  (void)layer_shapes(spec);
  return spec;
}

}  // namespace rdenoise
