// SPDX-License-Identifier: LGPL-2.1-or-later
// What the user of rdn batch asked for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "batch/output_name.hpp"
#include "batch/shard.hpp"
#include "batch/source_list.hpp"
#include "denoiser_options.hpp"
#include "noise_choice.hpp"
#include "output.hpp"

namespace rdn {

/// What to do where there is a file of the output's name already.
enum class OnExist { skip, overwrite, rename, fail };

struct BatchArguments {
  SourceArguments sources;
  std::filesystem::path output_dir;
  OutputNaming naming;
  OnExist on_exist = OnExist::skip;
  Shard shard;
  bool resume = false;
  bool dry_run = false;
  bool force = false;                  ///< photos, too, that rdenoise has denoised before
  int jobs = 0;                        ///< files in flight; 0: one more than threads
  std::uint64_t max_memory_bytes = 0;  ///< 0: default_memory_limit_bytes
  std::filesystem::path report;        ///< empty: none
  bool json = false;

  DenoiserArguments denoiser;
  NoiseArguments noise;
  std::string demosaic;
  OutputOptions output;
};

/// Of all that has a say in the pixels of an output, and of this program's version.
[[nodiscard]] std::string parameters_hash(const BatchArguments& arguments);

}  // namespace rdn
