// SPDX-License-Identifier: LGPL-2.1-or-later
// In place of process_group_gloo.cpp where libtorch's headers for it, or Gloo's own, are not there.
#include <rdenoise/error.hpp>

#include "process_group.hpp"

namespace rdenoise::training {

struct ProcessGroup::Impl {};

ProcessGroup::ProcessGroup(const ProcessPlace&, std::chrono::milliseconds) {
  throw Error(ErrorCode::unsupported,
              "joining the other processes: expected an rdn-train with Gloo, found one built without (Debian: install "
              "libgloo-dev and build again)");
}

ProcessGroup::~ProcessGroup() = default;
void ProcessGroup::average(torch::Tensor&) {}
void ProcessGroup::copy_from_first(torch::Tensor) {}
void ProcessGroup::expect_equal(const torch::Tensor&, const std::string&) {}

bool can_train_together() noexcept { return false; }

}  // namespace rdenoise::training
