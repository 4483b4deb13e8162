// SPDX-License-Identifier: LGPL-2.1-or-later
// What a batch will do, decided before anything is read: each file's output and whether it is its turn.
#pragma once

#include <string>
#include <vector>

#include "batch/batch_arguments.hpp"
#include "batch/file_report.hpp"
#include "batch/journal.hpp"

namespace rdn {

struct PlannedFile {
  Source source;
  FileReport report;  ///< status planned: is to be converted; else settled already
};

/// The files of the shard. Names are given out over all shards, so that two of them never write the same file.
///
/// journal  what earlier runs did; they are gone by with --resume only
[[nodiscard]] std::vector<PlannedFile> plan_batch(const std::vector<Source>& sources, const BatchArguments& arguments,
                                                  const JournalEntries& journal);

/// Removes what runs that were killed have left of the planned outputs: temporary files beside them.
void remove_leftovers(const std::vector<PlannedFile>& plan, const std::filesystem::path& output_dir);

}  // namespace rdn
