// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise_choice.hpp"

#include <CLI/CLI.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/noise_profile_file.hpp>
#include <string>

namespace rdn {
namespace {

using rdenoise::ConstFrameView;
using rdenoise::Error;
using rdenoise::ErrorCode;
using rdenoise::NoiseProfile;

NoiseProfile read_profile_for(const ConstFrameView& frame, const std::filesystem::path& path,
                              const NoiseArguments& arguments) {
  const rdenoise::NoiseProfileFile file = rdenoise::read_noise_profile(arguments.noise_profile);
  if (file.color_model == frame.color_model) return file.profile;
  throw Error(ErrorCode::invalid_argument, arguments.noise_profile.string() + ": expected a noise profile for " +
                                               std::string(rdenoise::to_string(frame.color_model)) + ", as " +
                                               path.string() + " is; found one for " +
                                               std::string(rdenoise::to_string(file.color_model)));
}

}  // namespace

void add_noise_options(CLI::App& command, NoiseArguments& arguments) {
  CLI::Option* sigma = command
                           .add_option("--sigma", arguments.sigma_8bit,
                                       "Noise in 8-bit steps (25 is 25/255); below 0: estimated from the picture")
                           ->capture_default_str();
  command
      .add_option("--noise-profile", arguments.noise_profile,
                  "Noise from a profile (JSON), as noise calibrate and noise estimate write it")
      ->excludes(sigma);
}

const char* noise_source(const NoiseArguments& arguments) noexcept {
  if (!arguments.noise_profile.empty()) return "profile";
  return arguments.sigma_8bit < 0.0 ? "estimated" : "given";
}

NoiseProfile noise_of(const Input& input, const std::filesystem::path& path, const NoiseArguments& arguments) {
  const ConstFrameView frame = view_of(input);
  if (!arguments.noise_profile.empty()) return read_profile_for(frame, path, arguments);
  if (arguments.sigma_8bit < 0.0)
    return rdenoise::estimate_noise(frame, {.method = arguments.method, .priors = priors_of(input)});
  return rdenoise::uniform_profile(frame.color_model, rdenoise::NoiseModel::gaussian(arguments.sigma_8bit));
}

}  // namespace rdn
