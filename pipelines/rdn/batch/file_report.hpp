// SPDX-License-Identifier: LGPL-2.1-or-later
// What a batch says of one file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "json_output.hpp"

namespace rdn {

enum class FileStatus {
  done,     ///< converted now
  resumed,  ///< converted by an earlier run, as the journal says
  skipped,  ///< there was an output of that name
  planned,  ///< would be converted, if this were no dry run
  failed,
  not_begun  ///< the batch was stopped before its turn
};

[[nodiscard]] std::string_view to_string(FileStatus status) noexcept;

struct FileReport {
  std::filesystem::path source;
  std::filesystem::path output;  ///< below the output folder
  FileStatus status = FileStatus::not_begun;
  std::string reason;  ///< why it failed or was skipped
  std::uintmax_t source_bytes = 0;
  std::uintmax_t output_bytes = 0;
  double seconds = 0.0;
  Json details = Json::object();  ///< size, noise profile, hints, times: see convert_file()
};

/// Keys source, output, status, reason, then those of the details.
[[nodiscard]] Json to_json(const FileReport& report);

}  // namespace rdn
