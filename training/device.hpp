// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a network is trained.
#pragma once

#include <string>

namespace rdenoise::training {

/// The device as libtorch names it: "cpu", "cuda:1".
///
/// word        auto (a GPU if there is one and libtorch is built for it), cpu or cuda
/// local_rank  which of the processes on this machine; they take turns at its GPUs
/// throws      Error{unsupported} for cuda where there is none
[[nodiscard]] std::string choose_device(const std::string& word, int local_rank = 0);

}  // namespace rdenoise::training
