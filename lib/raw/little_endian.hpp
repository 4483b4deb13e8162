// SPDX-License-Identifier: LGPL-2.1-or-later
// Integers as bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rdenoise {

/// Least significant byte first, on any machine.
template <typename Integer>
void append_little_endian(std::vector<std::byte>& bytes, Integer value) {
  for (std::size_t i = 0; i < sizeof value; ++i) {
    bytes.push_back(static_cast<std::byte>(static_cast<std::uint64_t>(value) >> (8 * i)));
  }
}

}  // namespace rdenoise
