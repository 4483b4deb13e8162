// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn denoise: one picture or RAW photo.
#include <CLI/CLI.hpp>
#include <optional>
#include <rdenoise/explain.hpp>
#include <rdenoise/isp.hpp>
#include <rdenoise/preset.hpp>
#include <string>
#include <utility>
#include <vector>

#include "command.hpp"
#include "denoise_record.hpp"
#include "denoised.hpp"
#include "denoiser_options.hpp"
#include "explain.hpp"
#include "input.hpp"
#include "json_output.hpp"
#include "named_error.hpp"
#include "noise_choice.hpp"
#include "noise_map_output.hpp"
#include "output.hpp"
#include "output_folder.hpp"
#include "picture_class_output.hpp"
#include "picture_method.hpp"
#include "upright.hpp"

namespace rdn {
namespace {

using rdenoise::ConstFrameView;
using rdenoise::Error;
using rdenoise::ErrorCode;
using rdenoise::Image;
using rdenoise::NoiseProfile;
using rdenoise::RawFrame;

struct Arguments {
  std::filesystem::path input;
  std::filesystem::path output;
  NoiseArguments noise;
  std::string demosaic{rdenoise::to_string(rdenoise::DevelopOptions{}.demosaic)};
  DenoiserArguments denoiser;
  std::string preset{rdenoise::to_string(rdenoise::Preset::none)};
  std::filesystem::path noise_map;
  std::filesystem::path explain;
  OutputOptions output_options;
  bool force = false;
  bool json = false;
};

/// The options that look inside a network.
void check_looks_inside(const Arguments& arguments) {
  const bool looks_inside = !arguments.noise_map.empty() || !arguments.explain.empty();
  if (looks_inside && arguments.denoiser.method() != Method::network)
    throw UsageError("expected no --noise-map-out and --explain with --method " + arguments.denoiser.method_name +
                     ": they look inside a network");
  if (!arguments.noise_map.empty()) check_noise_map_name(arguments.noise_map);
}

/// Writes the map that the network goes by, turned as the output is.
SigmaRange write_noise_map_of(const Input& input, const rdenoise::Model& model, const NoiseProfile& noise,
                              const rdenoise::DenoiseOptions& options, const Arguments& arguments) {
  Image map = rdenoise::noise_map(model, view_of(input), noise, options);
  const SigmaRange range = sigma_range(map);
  const RawFrame* raw = std::get_if<RawFrame>(&input);
  if (raw != nullptr && output_kind(arguments.output) == OutputKind::picture)
    map = upright(std::move(map), raw->metadata.orientation);
  write_noise_map(arguments.noise_map, map, white_sigma_8bit(range));
  return range;
}

int run(const Arguments& arguments) {
  check_method(arguments.denoiser);
  const rdenoise::Preset preset = rdenoise::parse_preset(arguments.preset);
  if (preset != rdenoise::Preset::none && arguments.denoiser.method() == Method::bm3d)
    throw UsageError("expected no --preset with --method bm3d, found " + arguments.preset);
  check_looks_inside(arguments);
  const OutputKind kind = output_kind(arguments.output);
  check_keeps_input(arguments.input, arguments.output);
  const Input input = read_input(arguments.input);
  const RawFrame* raw = std::get_if<RawFrame>(&input);
  if (kind == OutputKind::dng && raw == nullptr) {
    throw Error(ErrorCode::unsupported, arguments.input.string() + ": expected a RAW photo, because " +
                                            arguments.output.string() + " is a DNG; found a developed picture");
  }
  if (const rdenoise::RawMetadata* metadata = metadata_of(input);
      metadata != nullptr && !arguments.force && arguments.denoiser.strength > 0.0)
    check_not_denoised(*metadata, arguments.input);
  const ConstFrameView frame = view_of(input);
  const std::string model_name = arguments.denoiser.model.empty()
                                     ? std::string(rdenoise::preset_model_name(preset, frame))
                                     : arguments.denoiser.model;
  if (preset != rdenoise::Preset::none && !arguments.denoiser.model.empty())
    std::fprintf(stderr, "rdn: warning: expected --model or --preset, found both: using %s\n", model_name.c_str());
  PictureMethod method(arguments.denoiser, model_name);
  std::optional<OutputFolder> explanation;
  if (!arguments.explain.empty()) explanation.emplace(arguments.explain);
  std::optional<SigmaRange> noise_map;
  std::optional<NoiseProfile> residual_noise;
  const NoiseProfile noise = naming(arguments.input, [&] {
    const NoiseProfile profile = noise_of(input, arguments.input, arguments.noise);
    if (explanation || !arguments.noise_map.empty()) {
      const rdenoise::Model network = method.network_for(frame);
      rdenoise::DenoiseOptions options = arguments.denoiser.options();
      options.picture_class = "none";  // chosen already
      if (explanation)
        explain({.title = arguments.input.filename().string() + " through " + network.name,
                 .input = input,
                 .model = network,
                 .noise = profile,
                 .options = options,
                 .demosaic = arguments.demosaic},
                explanation->staging());
      if (!arguments.noise_map.empty()) noise_map = write_noise_map_of(input, network, profile, options, arguments);
    }
    const Output output =
        finished(input, kind, denoised(input, kind, method, profile), arguments.demosaic, arguments.denoiser.n_threads);
    OutputOptions options = arguments.output_options;
    options.n_threads = arguments.denoiser.n_threads;
    write_output(arguments.output, output, options);
    if (const auto* frame_left = std::get_if<RawFrame>(&output); frame_left != nullptr && method.strength() > 0.0)
      residual_noise = frame_left->metadata.noise_profile;
    return profile;
  });
  if (explanation) explanation->commit();
  if (arguments.json) {
    Json object = {{"input", arguments.input.string()},
                   {"output", arguments.output.string()},
                   {"width", frame.width_px},
                   {"height", frame.height_px},
                   {"color_model", rdenoise::to_string(frame.color_model)},
                   {"method", method.name()},
                   {"model", method.model() == nullptr ? Json(nullptr) : Json(method.model()->name)},
                   {"precision", rdenoise::to_string(method.precision())},
                   {"strength", arguments.denoiser.strength},
                   {"noise_source", noise_source(arguments.noise)},
                   {"noise", to_json(noise)}};
    if (noise_map) {
      object["noise_map"] = {{"output", arguments.noise_map.string()},
                             {"least_8bit", noise_map->least_8bit},
                             {"mean_8bit", noise_map->mean_8bit},
                             {"most_8bit", noise_map->most_8bit},
                             {"white_8bit", white_sigma_8bit(*noise_map)}};
    }
    if (residual_noise) object["residual_noise"] = to_json(*residual_noise);
    if (explanation) object["explain"] = arguments.explain.string();
    add_picture_class(object, method.picture_class());
    print_json(object);
  } else {
    std::fprintf(stderr, "%s: %s, sigma %.2f (%s), %s, %s\n", arguments.output.c_str(),
                 std::string(rdenoise::to_string(frame.color_model)).c_str(), rdenoise::sigma_8bit(noise),
                 noise_source(arguments.noise), method.title().c_str(), to_string(method.precision()).data());
    if (noise_map)
      std::fprintf(stderr, "%s: sigma %.2f to %.2f, mean %.2f; white in a PNG is %g\n", arguments.noise_map.c_str(),
                   noise_map->least_8bit, noise_map->most_8bit, noise_map->mean_8bit, white_sigma_8bit(*noise_map));
    if (explanation) std::fprintf(stderr, "%s\n", (arguments.explain / "explain.svg").c_str());
  }
  return exit_done;
}

}  // namespace

void add_denoise_command(CLI::App& parent, Action& chosen) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& command = *parent.add_subcommand("denoise", "Denoise one picture or RAW photo");
  command.footer(
      "A RAW photo is denoised as a mosaic. Written as .dng it stays one; written as a picture it is developed with\n"
      "the camera's white balance, 16 bit where the format can. A .tiff from float data is float, neither clipped nor\n"
      "rounded; else 16 bit. PNG keeps 8 bit from 8-bit pictures. Nothing is left under OUT if anything fails.");
  command.add_option("IN", arguments->input, "PNG, JPEG, TIFF, PGM/PPM or RAW")->required();
  command.add_option("OUT", arguments->output, "By its ending: .png .jpg .tiff .ppm .pgm, and .dng for RAW photos")
      ->required();
  add_denoiser_options(command, arguments->denoiser)
      ->description("Name or path of a model; without: ffdnet-gray, ffdnet-color or ffdnet-bayer, as the picture is");
  std::vector<std::string> preset_words;
  for (const rdenoise::Preset preset : rdenoise::presets) preset_words.emplace_back(to_string(preset));
  command
      .add_option(
          "--preset", arguments->preset,
          "Model by how much time there is, as the element rdenoise chooses it; for pictures and RAW photos live "
          "has a small one, the others the default")
      ->check(CLI::IsMember(preset_words))
      ->capture_default_str();
  add_method_option(command, arguments->denoiser);
  add_noise_options(command, arguments->noise);
  command
      .add_option("--strength", arguments->denoiser.strength,
                  "Multiplies the noise level; 0 leaves every pixel as it is")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  command
      .add_option("--bit-depth", arguments->output_options.bit_depth,
                  "Bits of a PNG or TIFF, 32 (float) for TIFF; without: as below")
      ->check(CLI::IsMember({8, 16, 32}));
  std::vector<std::string> methods;
  for (const rdenoise::DemosaicMethod method : rdenoise::demosaic_methods) methods.emplace_back(to_string(method));
  command
      .add_option("--demosaic", arguments->demosaic,
                  "How a RAW photo's missing colours are interpolated, when developed")
      ->check(CLI::IsMember(methods))
      ->capture_default_str();
  command.add_option("--noise-map-out", arguments->noise_map,
                     "Write the sigma map that the network was told, or estimated: .tiff is float in 8-bit steps, .png "
                     "runs from 0 to the white that is reported");
  command.add_option("--explain", arguments->explain,
                     "Folder for pictures of what goes on inside the network; explain.svg shows all of them");
  add_dng_compression_option(command, arguments->output_options);
  command.add_flag("--force", arguments->force, "Denoise a RAW photo even if rdenoise has denoised it before");
  add_json_flag(command, arguments->json);
  command.callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace rdn
