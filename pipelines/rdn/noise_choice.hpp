// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a picture's noise figures come from: the user's profile, the user's σ, or the picture itself.
#pragma once

#include <filesystem>

#include "command_line_classes.hpp"
#include "input.hpp"

namespace rdn {

struct NoiseArguments {
  double sigma_8bit = -1.0;  ///< below 0: estimated
  std::filesystem::path noise_profile;
  rdenoise::EstimateMethod method = rdenoise::EstimateMethod::poisson_gaussian;
};

/// Adds --sigma and --noise-profile, which exclude each other.
void add_noise_options(CLI::App& command, NoiseArguments& arguments);

/// "profile", "given" or "estimated", as --json calls it.
[[nodiscard]] const char* noise_source(const NoiseArguments& arguments) noexcept;

/// path  of the input, for messages
/// throws  Error if the profile cannot be read, or is for another colour model than the input's
[[nodiscard]] rdenoise::NoiseProfile noise_of(const Input& input, const std::filesystem::path& path,
                                              const NoiseArguments& arguments);

}  // namespace rdn
