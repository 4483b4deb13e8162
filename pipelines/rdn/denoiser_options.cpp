// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoiser_options.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <limits>

#include "command.hpp"

namespace rdn {

std::string_view to_string(Method method) noexcept {
  constexpr std::array<std::string_view, 3> names{"network", "bm3d", "nn3d"};
  return names[static_cast<std::size_t>(method)];
}

Method DenoiserArguments::method() const {
  for (const Method candidate : {Method::bm3d, Method::nn3d})
    if (to_string(candidate) == method_name) return candidate;
  return Method::network;
}

void add_method_option(CLI::App& command, DenoiserArguments& arguments) {
  command
      .add_option("--method", arguments.method_name,
                  "network: the model alone; bm3d: BM3D, without a model; nn3d: the model and a non-local filter in "
                  "turns. bm3d and nn3d take the noise for white, and gray or colour pictures only")
      ->check(CLI::IsMember({"network", "bm3d", "nn3d"}))
      ->capture_default_str();
}

void check_method(const DenoiserArguments& arguments) {
  if (arguments.method() == Method::bm3d && !arguments.model.empty())
    throw UsageError("expected no --model with --method bm3d, found " + arguments.model);
  if (arguments.method() == Method::bm3d && arguments.picture_class != rdenoise::DenoiseOptions{}.picture_class)
    throw UsageError("expected no --picture-class with --method bm3d, found " + arguments.picture_class);
  if (arguments.method() != Method::network && arguments.stabilise_variance)
    throw UsageError("expected no --stabilise-variance with --method " + arguments.method_name +
                     ", which takes the noise for white");
}

rdenoise::DenoiseOptions DenoiserArguments::options() const {
  return {.strength = strength,
          .precision = rdenoise::parse_precision(precision),
          .tile_size_px = tile_size_px,
          .n_threads = n_threads,
          .stabilise_variance = stabilise_variance,
          .picture_class = picture_class};
}

CLI::Option* add_denoiser_options(CLI::App& command, DenoiserArguments& arguments) {
  command
      .add_option("--precision", arguments.precision,
                  "Arithmetic of the network: auto, f32, bf16 or int8; auto is the fastest that is exact enough here")
      ->check(CLI::IsMember({"auto", "f32", "bf16", "int8"}))
      ->capture_default_str();
  command.add_option("--tile-size", arguments.tile_size_px, "Edge of a tile in pixels; 0: chosen")
      ->check(CLI::Range(0, std::numeric_limits<int>::max()))
      ->capture_default_str();
  command.add_option("--threads", arguments.n_threads, "Number of threads; 0: all cores")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  command.add_flag("--stabilise-variance", arguments.stabilise_variance,
                   "Give the network noise of one strength everywhere, by variance stabilisation; for models that know "
                   "white noise only");
  command
      .add_option(
          "--picture-class", arguments.picture_class,
          "Weights of a class-aware model: auto (by its classifier), none (those for all pictures) or the name of "
          "a class (see rdn model info)")
      ->capture_default_str();
  return command.add_option("--model", arguments.model,
                            "Name of a model (see rdn model list), or path of a model folder or .safetensors file");
}

}  // namespace rdn
