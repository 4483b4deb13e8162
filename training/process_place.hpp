// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a process stands among those that train one network, as torchrun tells it.
#pragma once

#include <cstdint>
#include <string>

namespace rdenoise::training {

struct ProcessPlace {
  int rank = 0;
  int world_size = 1;
  int local_rank = 0;  ///< on its machine: which GPU it takes
  std::string master_address = "127.0.0.1";
  std::uint16_t master_port = 29500;
};

/// From RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR and MASTER_PORT; a process on its own if WORLD_SIZE is not set.
/// throws  Error{invalid_argument} naming the variable that is missing or makes no sense
[[nodiscard]] ProcessPlace place_from_environment();

}  // namespace rdenoise::training
