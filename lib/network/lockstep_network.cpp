// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/error.hpp>
#include <rdenoise/lockstep_network.hpp>

namespace rdenoise {

std::unique_ptr<LockstepNetwork> Executor::prepare_lockstep(const LockstepCut& /*cut*/) const {
  throw Error(ErrorCode::unsupported,
              "preparing network: expected a chain of 3x3 convolutions for bands in lockstep, found another network or "
              "an executor that has none");
}

}  // namespace rdenoise
