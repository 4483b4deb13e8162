// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chart/svg_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

namespace rdenoise {
namespace {

/// Bytes of the well-formed UTF-8 character that `text` begins with; 0 if there is none (RFC 3629).
std::size_t utf8_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  // Forms that are longer than needed, surrogates, and what lies beyond U+10FFFF.
  const unsigned second = byte(1);
  const bool is_wrong = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
                        (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
  // U+FFFE and U+FFFF are no characters of XML.
  const bool is_no_character = lead == 0xEF && second == 0xBF && byte(2) >= 0xBE;
  return is_wrong || is_no_character ? 0 : length;
}

}  // namespace

std::string xml_escaped(std::string_view text) {
  std::string escaped;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text.substr(i));
    const char first = text[i];
    if (length == 0 || (static_cast<unsigned char>(first) < 0x20 && first != '\t' && first != '\n')) {
      escaped += '?';
    } else if (first == '&') {
      escaped += "&amp;";
    } else if (first == '<') {
      escaped += "&lt;";
    } else if (first == '>') {
      escaped += "&gt;";
    } else if (first == '"') {
      escaped += "&quot;";
    } else if (first == '\'') {
      escaped += "&#39;";
    } else {
      escaped += text.substr(i, length);
    }
    i += std::max<std::size_t>(length, 1);
  }
  return escaped;
}

int character_count(std::string_view text) noexcept {
  return static_cast<int>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string pixels(double value) {
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 2).ptr;
  std::string number(text.data(), end);
  number.erase(number.find_last_not_of('0') + 1);
  if (number.ends_with('.')) number.pop_back();
  return number == "-0" ? "0" : number;
}

}  // namespace rdenoise
