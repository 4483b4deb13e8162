// SPDX-License-Identifier: LGPL-2.1-or-later
// The options that every subcommand with a denoiser shares.
#pragma once

#include <CLI/CLI.hpp>
#include <rdenoise/denoise.hpp>
#include <string>

namespace rdn {

struct DenoiserArguments {
  std::string model;
  std::string precision = "auto";
  double strength = 1.0;
  int tile_size_px = 0;
  int n_threads = 0;
  bool stabilise_variance = false;

  [[nodiscard]] rdenoise::DenoiseOptions options() const;
};

/// Adds --model (returned, so that it can be made required), --precision, --tile-size, --threads and
/// --stabilise-variance.
CLI::Option* add_denoiser_options(CLI::App& command, DenoiserArguments& arguments);

}  // namespace rdn
