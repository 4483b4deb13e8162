// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <rdenoise/csv.hpp>
#include <rdenoise/error.hpp>

#include "base/atomic_file.hpp"

namespace rdenoise {
namespace {

void append_number(double value, std::string& text) {
  if (!std::isfinite(value)) return;
  std::array<char, 32> digits{};  // the shortest form has 24 characters at most
  text.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

}  // namespace

std::string to_csv(const FigureTable& table) {
  std::string text;
  for (const std::string& name : table.columns) {
    if (name.find_first_of(",\"\r\n") != std::string::npos) {
      throw Error(ErrorCode::invalid_argument,
                  "making a table: expected a name without commas, quotes and line ends, found " + name);
    }
    text += (text.empty() ? "" : ",") + name;
  }
  text += '\n';
  for (const std::vector<double>& row : table.rows) {
    if (row.size() != table.columns.size()) {
      throw Error(ErrorCode::invalid_argument, "making a table: expected rows of " +
                                                   std::to_string(table.columns.size()) + " figures, found one of " +
                                                   std::to_string(row.size()));
    }
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) text += ',';
      append_number(row[i], text);
    }
    text += '\n';
  }
  return text;
}

void write_csv(const std::filesystem::path& path, const FigureTable& table) {
  const std::string text = to_csv(table);
  AtomicFile file(path);
  errno = 0;
  std::ofstream stream(file.temporary(), std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) {
    throw Error(ErrorCode::io,
                "writing " + path.string() + ": expected a file that takes the table, found " + std::strerror(errno));
  }
  file.commit();
}

}  // namespace rdenoise
