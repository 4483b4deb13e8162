// SPDX-License-Identifier: LGPL-2.1-or-later
// What a batch has done, kept in the output folder so that a run that was cut off can go on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "batch/file_report.hpp"
#include "batch/shard.hpp"
#include "batch/source_list.hpp"

namespace rdn {

/// What journals say of one source.
struct JournalEntry {
  std::uintmax_t source_bytes = 0;
  std::int64_t source_mtime_ns = 0;
  std::string parameters;  ///< their hash
  std::filesystem::path output;
  std::uintmax_t output_bytes = 0;
  bool is_done = false;  ///< else: writing had begun
  Json report = Json::object();

  /// The source is as it was, and would be treated in the same way.
  [[nodiscard]] bool is_of(const Source& source, const std::string& parameters_hash) const;
};

/// By the source's path; of each the last line counts.
using JournalEntries = std::map<std::string, JournalEntry>;

/// Reads every journal in the folder, those of other shards too. Lines that were cut off are passed over.
[[nodiscard]] JournalEntries read_journals(const std::filesystem::path& folder);

/// One JSON object on each line: "begin" before an output is written, "done" after it has its name.
class Journal {
 public:
  /// Opens the shard's journal in the folder, to add to it, and locks it.
  /// throws  Error{io} if it cannot be written, or another process has it
  Journal(const std::filesystem::path& folder, const Shard& shard);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Each is on disk when it returns.  throws  Error{io}
  /// threads  any
  void begin(const Source& source, const std::string& parameters, const std::filesystem::path& output);
  void done(const Source& source, const std::string& parameters, const FileReport& report);

 private:
  void add_line(Json line);

  std::filesystem::path path_;
  std::mutex mutex_;
  int descriptor_ = -1;
};

}  // namespace rdn
