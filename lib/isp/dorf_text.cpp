// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/dorf_text.hpp"

#include <charconv>
#include <cstring>
#include <rdenoise/error.hpp>
#include <string_view>
#include <utility>

namespace rdenoise {
namespace {

constexpr std::string_view blanks = " \t\r\v\f";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Lines that are not empty.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (const std::string_view line = trimmed(text.substr(0, end)); !line.empty()) lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// "I =" with any blanks.
bool is_heading(std::string_view line, char letter) {
  return line.size() >= 2 && line.front() == letter && trimmed(line.substr(1)) == "=";
}

class Parser {
 public:
  explicit Parser(const std::string& name) : name_(name) {}

  [[nodiscard]] MeasuredCurve curve(std::span<const std::string_view> lines, std::size_t number) const {
    if (lines.size() < 6) throw_corrupt(number, "its end in the middle of it");
    if (!is_heading(lines[2], 'I')) throw_corrupt(number, "no line \"I =\"");
    if (!is_heading(lines[4], 'B')) throw_corrupt(number, "no line \"B =\"");
    MeasuredCurve curve{std::string(lines[0]), numbers(lines[3], number), numbers(lines[5], number)};
    if (curve.irradiance.size() != curve.brightness.size()) {
      throw_corrupt(number, std::to_string(curve.irradiance.size()) + " irradiances and " +
                                std::to_string(curve.brightness.size()) + " brightnesses");
    }
    return curve;
  }

 private:
  [[noreturn]] void throw_corrupt(std::size_t number, const std::string& found) const {
    throw Error(ErrorCode::corrupt, "reading " + name_ + ": expected an undamaged list of response curves, found in " +
                                        "curve " + std::to_string(number) + " " + found);
  }

  [[nodiscard]] std::vector<float> numbers(std::string_view line, std::size_t number) const {
    std::vector<float> values;
    while (!(line = trimmed(line)).empty()) {
      float value = 0.F;
      const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
      const auto used = static_cast<std::size_t>(end - line.data());
      const bool whole_word = used == line.size() || blanks.find(line[used]) != std::string_view::npos;
      if (error != std::errc() || !whole_word) throw_corrupt(number, "something that is no number");
      values.push_back(value);
      line.remove_prefix(used);
    }
    return values;
  }

  const std::string& name_;
};

}  // namespace

std::vector<MeasuredCurve> read_dorf_text(std::span<const std::byte> file, const std::string& name) {
  const std::vector<std::string_view> lines = lines_of({reinterpret_cast<const char*>(file.data()), file.size()});
  if (lines.size() < 3 || !is_heading(lines[2], 'I')) {
    throw Error(ErrorCode::unsupported, "reading " + name +
                                            ": expected response curves, as a MATLAB file of version 5 or as the text "
                                            "of dorfCurves.txt, found neither");
  }
  const Parser parser(name);
  std::vector<MeasuredCurve> curves;
  for (std::size_t i = 0; i < lines.size(); i += 6) {
    curves.push_back(parser.curve(std::span(lines).subspan(i), curves.size() + 1));
  }
  return curves;
}

}  // namespace rdenoise
