// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn denoise: one picture or RAW photo.
#include <rdenoise/isp.hpp>
#include <rdenoise/noise_profile_file.hpp>
#include <string>
#include <utility>
#include <vector>

#include "command.hpp"
#include "denoiser_options.hpp"
#include "input.hpp"
#include "json_output.hpp"
#include "named_error.hpp"
#include "output.hpp"
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
using rdenoise::Picture;
using rdenoise::RawFrame;

struct Arguments {
  std::filesystem::path input;
  std::filesystem::path output;
  double sigma_8bit = -1.0;
  std::filesystem::path noise_profile;
  int bit_depth = 0;
  std::string demosaic{rdenoise::to_string(rdenoise::DevelopOptions{}.demosaic)};
  DenoiserArguments denoiser;
  bool json = false;
};

/// Where the noise figures come from, as --json calls it.
const char* noise_source(const Arguments& arguments) {
  if (!arguments.noise_profile.empty()) return "profile";
  return arguments.sigma_8bit < 0.0 ? "estimated" : "given";
}

NoiseProfile read_profile_for(const ConstFrameView& frame, const Arguments& arguments) {
  const rdenoise::NoiseProfileFile file = rdenoise::read_noise_profile(arguments.noise_profile);
  if (file.color_model == frame.color_model) return file.profile;
  throw Error(ErrorCode::invalid_argument, arguments.noise_profile.string() + ": expected a noise profile for " +
                                               std::string(rdenoise::to_string(frame.color_model)) + ", as " +
                                               arguments.input.string() + " is; found one for " +
                                               std::string(rdenoise::to_string(file.color_model)));
}

/// The user's profile or σ, or what the picture shows.
NoiseProfile noise_of(const Input& input, const Arguments& arguments) {
  const ConstFrameView frame = view_of(input);
  if (!arguments.noise_profile.empty()) return read_profile_for(frame, arguments);
  if (arguments.sigma_8bit < 0.0) return rdenoise::estimate_noise(frame, {.priors = priors_of(input)});
  return rdenoise::uniform_profile(frame.color_model, rdenoise::NoiseModel::gaussian(arguments.sigma_8bit));
}

void denoise_picture(const Picture& picture, PictureMethod& method, const NoiseProfile& noise,
                     const Arguments& arguments) {
  Picture result = picture;
  method.denoise(picture.image.view(), result.image.view(), noise);
  write_output(arguments.output, result, arguments.bit_depth);
}

void denoise_to_dng(const RawFrame& frame, PictureMethod& method, const NoiseProfile& noise,
                    const std::filesystem::path& output) {
  RawFrame result = frame;
  method.denoise(frame.view(), result.view(), noise);
  // The tag told of noise that is gone; a converter that believed it would smooth a second time.
  result.metadata.noise_profile.reset();
  naming(output, [&] { rdenoise::write_dng(output, result); });
}

void denoise_and_develop(const RawFrame& frame, PictureMethod& method, const NoiseProfile& noise,
                         const Arguments& arguments) {
  Image mosaic(rdenoise::ColorModel::bayer, frame.width_px, frame.height_px, frame.cfa);
  method.denoise(frame.view(), mosaic.view(), noise);
  Image rgb(rdenoise::ColorModel::rgb, frame.width_px, frame.height_px);
  rdenoise::develop(std::as_const(mosaic).view(), rgb.view(),
                    {.gains = frame.metadata.as_shot_gains,
                     .camera_to_srgb = frame.metadata.camera_to_srgb,
                     .demosaic = rdenoise::find_demosaic_method(arguments.demosaic).value(),
                     .n_threads = arguments.denoiser.n_threads});
  Picture picture;
  picture.image = upright(std::move(rgb), frame.metadata.orientation);
  picture.source_bit_depth = 16;
  write_output(arguments.output, picture, arguments.bit_depth);
}

int run(const Arguments& arguments) {
  check_method(arguments.denoiser);
  const OutputKind kind = output_kind(arguments.output);
  const Input input = read_input(arguments.input);
  const RawFrame* raw = std::get_if<RawFrame>(&input);
  if (kind == OutputKind::dng && raw == nullptr) {
    throw Error(ErrorCode::unsupported, arguments.input.string() + ": expected a RAW photo, because " +
                                            arguments.output.string() + " is a DNG; found a developed picture");
  }
  const ConstFrameView frame = view_of(input);
  const std::string model_name = arguments.denoiser.model.empty()
                                     ? std::string(rdenoise::default_model_name(frame.color_model))
                                     : arguments.denoiser.model;
  PictureMethod method(arguments.denoiser, model_name);
  const NoiseProfile noise = naming(arguments.input, [&] {
    const NoiseProfile profile = noise_of(input, arguments);
    if (raw == nullptr) {
      denoise_picture(std::get<Picture>(input), method, profile, arguments);
    } else if (kind == OutputKind::dng) {
      denoise_to_dng(*raw, method, profile, arguments.output);
    } else {
      denoise_and_develop(*raw, method, profile, arguments);
    }
    return profile;
  });
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
                   {"noise_source", noise_source(arguments)},
                   {"noise", to_json(noise)}};
    add_picture_class(object, method.picture_class());
    print_json(object);
  } else {
    std::fprintf(stderr, "%s: %s, sigma %.2f (%s), %s\n", arguments.output.c_str(),
                 std::string(rdenoise::to_string(frame.color_model)).c_str(), rdenoise::sigma_8bit(noise),
                 noise_source(arguments), method.title().c_str());
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
  add_method_option(command, arguments->denoiser);
  CLI::Option* sigma = command
                           .add_option("--sigma", arguments->sigma_8bit,
                                       "Noise in 8-bit steps (25 is 25/255); below 0: estimated from the picture")
                           ->capture_default_str();
  command
      .add_option("--noise-profile", arguments->noise_profile,
                  "Noise from a profile (JSON), as noise calibrate and noise estimate write it")
      ->excludes(sigma);
  command
      .add_option("--strength", arguments->denoiser.strength,
                  "Multiplies the noise level; 0 leaves every pixel as it is")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  command
      .add_option("--bit-depth", arguments->bit_depth, "Bits of a PNG or TIFF, 32 (float) for TIFF; without: as below")
      ->check(CLI::IsMember({8, 16, 32}));
  std::vector<std::string> methods;
  for (const rdenoise::DemosaicMethod method : rdenoise::demosaic_methods) methods.emplace_back(to_string(method));
  command
      .add_option("--demosaic", arguments->demosaic,
                  "How a RAW photo's missing colours are interpolated, when developed")
      ->check(CLI::IsMember(methods))
      ->capture_default_str();
  add_json_flag(command, arguments->json);
  command.callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace rdn
