// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <charconv>
#include <cmath>
#include <rdenoise/csv.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/text_file.hpp>

namespace rdenoise {
namespace {

void append_number(double value, std::string& text) {
  if (!std::isfinite(value)) return;
  std::array<char, 32> digits{};  // the shortest form has 24 characters at most
  text.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

void append_field(double value, std::string& text) { append_number(value, text); }

void append_field(const RecordTable::Field& field, std::string& text) {
  if (const double* figure = std::get_if<double>(&field)) return append_number(*figure, text);
  const std::string& given = std::get<std::string>(field);
  if (given.find_first_of(",\"\r\n") == std::string::npos) {
    text += given;
    return;
  }
  text += '"';
  for (const char character : given) text += character == '"' ? std::string("\"\"") : std::string(1, character);
  text += '"';
}

template <typename Table>
std::string table_text(const Table& table) {
  std::string text;
  for (const std::string& name : table.columns) {
    if (name.find_first_of(",\"\r\n") != std::string::npos) {
      throw Error(ErrorCode::invalid_argument,
                  "making a table: expected a name without commas, quotes and line ends, found " + name);
    }
    text += (text.empty() ? "" : ",") + name;
  }
  text += '\n';
  for (const auto& row : table.rows) {
    if (row.size() != table.columns.size()) {
      throw Error(ErrorCode::invalid_argument, "making a table: expected rows of " +
                                                   std::to_string(table.columns.size()) + " fields, found one of " +
                                                   std::to_string(row.size()));
    }
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) text += ',';
      append_field(row[i], text);
    }
    text += '\n';
  }
  return text;
}

}  // namespace

std::string to_csv(const FigureTable& table) { return table_text(table); }

std::string records_to_csv(const RecordTable& table) { return table_text(table); }

void write_csv(const std::filesystem::path& path, const FigureTable& table) { write_text_file(path, to_csv(table)); }

void write_records_csv(const std::filesystem::path& path, const RecordTable& table) {
  write_text_file(path, records_to_csv(table));
}

}  // namespace rdenoise
