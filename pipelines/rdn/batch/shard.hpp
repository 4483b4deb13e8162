// SPDX-License-Identifier: LGPL-2.1-or-later
// A part of a batch, for one of several machines.
#pragma once

#include <filesystem>
#include <string>

namespace rdn {

/// Which files are this machine's: those whose stable_hash of the path below the input folder, divided by count, leaves
/// index − 1. A file's shard depends on its own path alone, so machines that see the folder at other mount points, or
/// while files are added, still agree.
struct Shard {
  int index = 1;  ///< 1 … count
  int count = 1;

  [[nodiscard]] bool takes(const std::filesystem::path& relative) const;
};

/// "i/n".  throws  UsageError unless 1 ≤ i ≤ n
[[nodiscard]] Shard parse_shard(const std::string& text);

}  // namespace rdn
