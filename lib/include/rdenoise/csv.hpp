// SPDX-License-Identifier: LGPL-2.1-or-later
// Tables of figures as files of comma-separated values.
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace rdenoise {

struct FigureTable {
  std::vector<std::string> columns;       ///< names with units, without commas, quotes and line ends: `psnr_db`
  std::vector<std::vector<double>> rows;  ///< as long as `columns`; what is not finite is an empty field
};

/// The names, then the rows. Numbers have a decimal point whatever the locale, and are read back as the same bits.
/// throws  Error{invalid_argument} if a name or the length of a row does not fit
[[nodiscard]] std::string to_csv(const FigureTable& table);

/// Writes to_csv() to a file, atomically.
/// throws  as to_csv; Error{io}
void write_csv(const std::filesystem::path& path, const FigureTable& table);

/// A table with texts among the figures.
struct RecordTable {
  using Field = std::variant<double, std::string>;
  std::vector<std::string> columns;      ///< as FigureTable's
  std::vector<std::vector<Field>> rows;  ///< as long as `columns`
};

/// As to_csv(); texts with commas, quotes or line ends are quoted (RFC 4180).
[[nodiscard]] std::string records_to_csv(const RecordTable& table);
/// As write_csv().
void write_records_csv(const std::filesystem::path& path, const RecordTable& table);

}  // namespace rdenoise
