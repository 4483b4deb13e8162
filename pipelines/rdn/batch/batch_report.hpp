// SPDX-License-Identifier: LGPL-2.1-or-later
// What a batch says of all its files, and the reports of several batches as one.
#pragma once

#include <filesystem>
#include <vector>

#include "batch/batch_arguments.hpp"
#include "batch/file_report.hpp"

namespace rdn {

/// Keys output_dir, parameters, shard, files (number of), done, resumed, skipped, planned, failed, not_begun, seconds,
/// and reports (one for each file).
[[nodiscard]] Json batch_report(const std::vector<FileReport>& reports, const BatchArguments& arguments,
                                double seconds);

/// True if nothing failed and nothing is left to do.
[[nodiscard]] bool is_complete(const Json& report);

/// The shards of a batch, or its run and the one that resumed it, as one report: of each source that tells most (done
/// before resumed before skipped before failed). Adds the key twice: sources that were converted by more than one.
///
/// throws  Error{corrupt|not_found|io} that names the file which is no report
[[nodiscard]] Json merged_reports(const std::vector<std::filesystem::path>& paths);

}  // namespace rdn
