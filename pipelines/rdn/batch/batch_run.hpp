// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs a plan: several files in flight, their computing on the same cores.
#pragma once

#include <vector>

#include "batch/batch_plan.hpp"

namespace rdn {

/// Settles every planned file and returns all reports in the plan's order. Stops taking up files once the process is
/// interrupted, or the disk is full; those left are FileStatus::not_begun then.
/// throws  Error{io} if the output folder cannot be made or its journal written
[[nodiscard]] std::vector<FileReport> run_batch(std::vector<PlannedFile> plan, const BatchArguments& arguments);

}  // namespace rdn
