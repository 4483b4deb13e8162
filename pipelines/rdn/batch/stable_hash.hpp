// SPDX-License-Identifier: LGPL-2.1-or-later
// A hash that is the same on every machine and in every release.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rdn {

/// FNV-1a of 64 bit (Fowler, Noll, Vo; RFC 9923), its bits mixed once more (the finaliser of MurmurHash3, Appleby), so
/// that the remainder of a division by a small number is even for names that differ in one digit.
[[nodiscard]] std::uint64_t stable_hash(std::string_view text) noexcept;

/// 16 hexadecimal digits.
[[nodiscard]] std::string stable_hash_text(std::string_view text);

}  // namespace rdn
