// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/denoise_record_xmp.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace rdenoise {
namespace {

constexpr std::string_view name_space = "urn:rdenoise:1.0/";
constexpr std::string_view prefix = "rdenoise:";
constexpr std::string_view rdf_end = "</rdf:RDF>";

constexpr std::array<std::pair<char, std::string_view>, 5> escapes{
    {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&apos;"}}};

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    std::string_view replacement(&c, 1);
    for (const auto& [character, escape] : escapes) {
      if (c == character) replacement = escape;
    }
    result += replacement;
  }
  return result;
}

std::string unescaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    std::size_t length = 1;
    char character = text.front();
    for (const auto& [c, escape] : escapes) {
      if (text.starts_with(escape)) {
        character = c;
        length = escape.size();
      }
    }
    result += character;
    text.remove_prefix(length);
  }
  return result;
}

/// A property in the packet: all of it, and its value.
struct Property {
  std::size_t begin = 0;
  std::size_t end = 0;  ///< one behind
  std::string_view name;
  std::string_view value;
};

constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The next property with this program's prefix from `from` on; nothing at the end of the packet.
std::optional<Property> next_property(std::string_view xmp, std::size_t from) {
  for (std::size_t begin = xmp.find(prefix, from); begin != std::string_view::npos;
       begin = xmp.find(prefix, begin + 1)) {
    const std::size_t name_begin = begin + prefix.size();
    const std::size_t name_end = xmp.find_first_not_of(letters, name_begin);
    if (begin == 0 || name_end == std::string_view::npos) continue;
    const std::string_view name = xmp.substr(name_begin, name_end - name_begin);
    if (xmp[begin - 1] == '<' && xmp[name_end] == '>') {
      const std::string closing = "</" + std::string(prefix) + std::string(name) + ">";
      const std::size_t value_end = xmp.find(closing, name_end);
      if (value_end == std::string_view::npos) continue;
      return Property{begin - 1, value_end + closing.size(), name, xmp.substr(name_end + 1, value_end - name_end - 1)};
    }
    const char quote = name_end + 1 < xmp.size() ? xmp[name_end + 1] : '\0';
    if (xmp[name_end] == '=' && (quote == '"' || quote == '\'')) {
      const std::size_t value_end = xmp.find(quote, name_end + 2);
      if (value_end == std::string_view::npos) continue;
      return Property{begin, value_end + 1, name, xmp.substr(name_end + 2, value_end - name_end - 2)};
    }
  }
  return std::nullopt;
}

/// Shortest decimal that is the same number again.
std::string decimal(double value) {
  std::array<char, 32> text{};
  const auto result = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), result.ptr};
}

std::string description_begin() {
  return "<rdf:Description rdf:about=\"\" xmlns:rdenoise=\"" + std::string(name_space) + "\"";
}

std::string description(const DenoiseRecord& record) {
  return description_begin() + " rdenoise:Version=\"" + escaped(record.version) + "\" rdenoise:Model=\"" +
         escaped(record.model) + "\" rdenoise:Strength=\"" + decimal(record.strength) + "\"/>";
}

/// Drops a description that this program wrote and that has no properties left.
void erase_empty_description(std::string& xmp) {
  const std::string begin = description_begin();
  const std::size_t position = xmp.find(begin);
  if (position == std::string::npos) return;
  const std::size_t close = xmp.find_first_not_of(' ', position + begin.size());
  if (close != std::string::npos && xmp.compare(close, 2, "/>") == 0) xmp.erase(position, close + 2 - position);
}

}  // namespace

std::optional<DenoiseRecord> parse_denoise_record(std::string_view xmp) {
  if (xmp.find(name_space) == std::string_view::npos) return std::nullopt;
  DenoiseRecord record;
  bool found = false;
  for (auto property = next_property(xmp, 0); property; property = next_property(xmp, property->end)) {
    const std::string value = unescaped(property->value);
    if (property->name == "Version") record.version = value;
    if (property->name == "Model") record.model = value;
    if (property->name == "Strength") std::from_chars(value.data(), value.data() + value.size(), record.strength);
    found = true;
  }
  return found ? std::optional(record) : std::nullopt;
}

std::string without_denoise_record(std::string xmp) {
  if (xmp.find(name_space) == std::string::npos) return xmp;
  while (const auto property = next_property(xmp, 0)) xmp.erase(property->begin, property->end - property->begin);
  erase_empty_description(xmp);
  return xmp;
}

std::string with_denoise_record(std::string_view xmp, const DenoiseRecord& record) {
  const std::size_t end = xmp.rfind(rdf_end);
  if (end != std::string_view::npos) {
    return std::string(xmp.substr(0, end)) + description(record) + std::string(xmp.substr(end));
  }
  return wrapped_packet(
      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">" +
      description(record) + std::string(rdf_end) + "</x:xmpmeta>");
}

std::string wrapped_packet(std::string xmp) {
  if (xmp.find("<?xpacket") != std::string::npos) return xmp;
  return "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>" + xmp + "<?xpacket end=\"w\"?>";
}

}  // namespace rdenoise
