// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn noise estimate: the noise that a picture or RAW photo shows.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>
#include <rdenoise/camera_profiles.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/noise.hpp>
#include <string>

#include "command.hpp"
#include "input.hpp"
#include "json_output.hpp"
#include "named_error.hpp"
#include "profile_output.hpp"

namespace rdn {
namespace {

using rdenoise::NoiseProfile;

/// In place of a file's name.
constexpr std::string_view installed = "installed";

struct Arguments {
  std::filesystem::path input;
  std::string method = "poisson-gaussian";
  std::filesystem::path output;
  std::string camera_profiles;
  bool pixels_only = false;
  bool json = false;
};

/// The file that the user named, or that of an installed darktable.
std::filesystem::path camera_profiles_path(const std::string& given) {
  if (given != installed) return given;
  for (const auto& path : rdenoise::default_camera_profile_paths()) {
    if (std::filesystem::exists(path)) return path;
  }
  throw rdenoise::Error(
      rdenoise::ErrorCode::not_found,
      "--camera-profiles installed: expected darktable/noiseprofiles.json in a data folder, found none");
}

/// What others measured for this camera and ISO.
std::optional<NoiseProfile> camera_profile(const Input& input, const Arguments& arguments) {
  const auto profiles = rdenoise::CameraProfiles::load(camera_profiles_path(arguments.camera_profiles));
  const auto* raw = std::get_if<rdenoise::RawFrame>(&input);
  if (raw == nullptr) {
    std::fprintf(stderr, "%s: no camera profile: they are for RAW photos\n", arguments.input.c_str());
    return std::nullopt;
  }
  const auto found = profiles.find(raw->metadata.make, raw->metadata.model, raw->metadata.iso);
  if (!found) {
    std::fprintf(stderr, "%s: no camera profile for %s %s at ISO %g\n", arguments.input.c_str(),
                 raw->metadata.make.c_str(), raw->metadata.model.c_str(), static_cast<double>(raw->metadata.iso));
  }
  return found;
}

void print_channels(const NoiseProfile& profile, rdenoise::ColorModel model) {
  for (int c = 0; c < profile.channel_count; ++c) {
    std::printf("%s: a = %.6g, b = %.6g\n", channel_name(model, c), profile.channels[c].a, profile.channels[c].b);
  }
  std::printf("sigma: %.2f (8-bit steps), confidence: %.2f\n", rdenoise::sigma_8bit(profile), profile.confidence);
}

int run(const Arguments& arguments) {
  const Input input = read_input(arguments.input);
  const rdenoise::EstimateMethod method = estimate_methods().at(arguments.method);
  const rdenoise::ConstFrameView frame = view_of(input);
  const bool wants_camera = !arguments.camera_profiles.empty();
  const std::optional<NoiseProfile> of_camera = wants_camera ? camera_profile(input, arguments) : std::nullopt;
  rdenoise::NoisePriors priors = arguments.pixels_only ? rdenoise::NoisePriors{} : priors_of(input);
  if (!arguments.pixels_only && !priors.profile) priors.profile = of_camera;
  const NoiseProfile profile =
      naming(arguments.input, [&] { return rdenoise::estimate_noise(frame, {.method = method, .priors = priors}); });
  if (!arguments.output.empty()) {
    rdenoise::write_noise_profile(
        arguments.output, profile_file(input, profile, "estimated from " + arguments.input.filename().string()));
  }
  if (arguments.json) {
    Json object = {{"input", arguments.input.string()},
                   {"model", arguments.method},
                   {"color_model", rdenoise::to_string(frame.color_model)}};
    object.update(to_json(profile));
    if (wants_camera) object["camera_profile"] = of_camera ? to_json(*of_camera) : Json(nullptr);
    print_json(object);
    return exit_done;
  }
  print_channels(profile, frame.color_model);
  if (of_camera) {
    std::printf("camera profile:\n");
    print_channels(*of_camera, frame.color_model);
  }
  return exit_done;
}

}  // namespace

void add_noise_estimate_command(CLI::App& parent, Action& chosen) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& command = *parent.add_subcommand("estimate", "Measure the noise of a picture or RAW photo");
  command.footer(
      "variance(x) = a*x + b per channel, in normalised signal: (S, O) of the DNG NoiseProfile tag. sigma is the root\n"
      "of the mean variance at half signal, in 8-bit steps. confidence, 0 to 1, tells how far the picture allowed it.\n"
      "For a RAW photo the covered border gives the read noise, and the less the picture tells, the more its\n"
      "NoiseProfile tag counts. With a level function, --json has the variance at 33 levels from 0 to 1,\n"
      "level_function, and a and b are the line nearest to it.");
  command.add_option("IN", arguments->input, "PNG, JPEG, TIFF, PGM/PPM or RAW")->required();
  command
      .add_option(
          "--method", arguments->method,
          "poisson-gaussian fits a and b; gaussian one sigma for all levels; level-function, for noisy developed\n"
          "pictures, JPEG and video: any variance at 33 levels, of noise correlated from pixel to pixel")
      ->check(CLI::IsMember(estimate_methods()))
      ->capture_default_str();
  command.add_option("--output", arguments->output, "Profile to write (JSON), for denoise --noise-profile");
  command.add_option("--camera-profiles", arguments->camera_profiles,
                     "darktable's noiseprofiles.json, or installed: its figures for this camera and ISO, raised to "
                     "what a mosaic has,\n"
                     "help where the photo tells little (if it has no NoiseProfile tag), and are printed as well");
  command.add_flag("--pixels-only", arguments->pixels_only,
                   "Leave out what the file or a camera profile says of its noise, and its covered border");
  add_json_flag(command, arguments->json);
  command.callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace rdn
