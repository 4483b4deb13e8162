// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chart/base64.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace rdenoise {

std::string base64(std::span<const std::byte> bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t begin = 0; begin < bytes.size(); begin += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - begin);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8 | (i < count ? std::to_integer<std::uint32_t>(bytes[begin + i]) : 0);
    for (std::size_t digit = 0; digit < 4; ++digit)
      text += digit <= count ? digits[group >> (18 - 6 * digit) & 63U] : '=';
  }
  return text;
}

}  // namespace rdenoise
