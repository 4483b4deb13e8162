// SPDX-License-Identifier: LGPL-2.1-or-later
// One file of a batch: read, denoised, judged, written.
#pragma once

#include <filesystem>
#include <rdenoise/parallel.hpp>

#include "batch/batch_arguments.hpp"
#include "batch/file_report.hpp"
#include "batch/memory_budget.hpp"
#include "batch/method_pool.hpp"

namespace rdn {

/// What files in flight share.
struct BatchWorkshop {
  rdenoise::SharedCores& cores;
  MethodPool& methods;
  MemoryBudget& memory;
};

/// Reads and writes on this thread, computes on the shared cores. Adds to the report's details: width, height,
/// color_model, camera (RAW photos), model, precision, noise_source, noise, hints, seconds {read, estimate, denoise,
/// judge, develop, write}, and picture_class of class-aware models.
///
/// throws  Error that names the file; nothing is left under the output's name then
void convert_file(const std::filesystem::path& source, const std::filesystem::path& output,
                  const BatchArguments& arguments, BatchWorkshop workshop, FileReport& report);

}  // namespace rdn
