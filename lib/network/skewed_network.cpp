// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/error.hpp>
#include <rdenoise/skewed_network.hpp>

namespace rdenoise {

std::unique_ptr<SkewedNetwork> Executor::prepare_skewed(const SkewedGrid& /*grid*/) const {
  throw Error(ErrorCode::unsupported,
              "preparing network: expected a chain of 3x3 convolutions for tiles without overlap, found another "
              "network or an executor that has none");
}

}  // namespace rdenoise
