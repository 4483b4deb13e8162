// SPDX-License-Identifier: LGPL-2.1-or-later
// The options that every subcommand with a denoiser shares.
#pragma once

#include <rdenoise/denoise.hpp>
#include <string>
#include <string_view>

#include "command_line_classes.hpp"

namespace rdn {

/// What denoises: a network alone, BM3D, or a network and a non-local filter in turns.
enum class Method { network, bm3d, nn3d };

[[nodiscard]] std::string_view to_string(Method method) noexcept;

struct DenoiserArguments {
  std::string method_name = "network";
  std::string model;
  std::string precision = "auto";
  double strength = 1.0;
  int tile_size_px = 0;
  int n_threads = 0;
  bool stabilise_variance = false;
  std::string picture_class = rdenoise::DenoiseOptions{}.picture_class;

  [[nodiscard]] Method method() const;
  [[nodiscard]] rdenoise::DenoiseOptions options() const;
};

/// Adds --method; the subcommands that have it check that the other options go with it.
void add_method_option(CLI::App& command, DenoiserArguments& arguments);

/// throws  UsageError if --model, --stabilise-variance or --picture-class was given to a method that has no use for it
void check_method(const DenoiserArguments& arguments);

/// Adds --model (returned, so that it can be made required), --precision, --tile-size, --threads, --stabilise-variance
/// and --picture-class.
CLI::Option* add_denoiser_options(CLI::App& command, DenoiserArguments& arguments);

}  // namespace rdn
