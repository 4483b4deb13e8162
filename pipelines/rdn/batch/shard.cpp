// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/shard.hpp"

#include <charconv>
#include <cstdint>

#include "batch/stable_hash.hpp"
#include "command.hpp"

namespace rdn {

bool Shard::takes(const std::filesystem::path& relative) const {
  const auto parts = static_cast<std::uint64_t>(count);
  return stable_hash(relative.generic_string()) % parts == static_cast<std::uint64_t>(index - 1);
}

Shard parse_shard(const std::string& text) {
  Shard shard;
  const char* end = text.data() + text.size();
  const auto [slash, first_error] = std::from_chars(text.data(), end, shard.index);
  bool good = first_error == std::errc() && slash != end && *slash == '/';
  if (good) {
    const auto [rest, second_error] = std::from_chars(slash + 1, end, shard.count);
    good = second_error == std::errc() && rest == end;
  }
  if (!good || shard.index < 1 || shard.index > shard.count)
    throw UsageError("--shard: expected i/n with i from 1 to n, found " + text);
  return shard;
}

}  // namespace rdn
