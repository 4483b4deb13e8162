// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn noise add: synthetic noise on a picture or RAW photo.
#include <cstdint>
#include <rdenoise/noise.hpp>
#include <string>

#include "command.hpp"
#include "input.hpp"
#include "json_output.hpp"
#include "named_error.hpp"
#include "output.hpp"

namespace rdn {
namespace {

using rdenoise::Error;
using rdenoise::ErrorCode;
using rdenoise::NoiseModel;
using rdenoise::NoiseProfile;
using rdenoise::Picture;
using rdenoise::RawFrame;

struct Arguments {
  std::filesystem::path input;
  std::filesystem::path output;
  double sigma_8bit = -1.0;
  double shot = -1.0;
  double read = -1.0;
  std::uint64_t seed = 0;
  bool json = false;
};

void add_to_picture(Picture picture, const NoiseProfile& noise, std::uint64_t seed,
                    const std::filesystem::path& output) {
  rdenoise::add_noise(picture.image.view(), picture.image.view(), noise, {.seed = seed});
  // A TIFF keeps what lies outside 0 … 1 and between the steps, so that the noise stays what was asked for.
  if (rdenoise::picture_type_for_name(output) == rdenoise::PictureFileType::tiff) picture.source_bit_depth = 32;
  write_output(output, picture);
}

void add_to_raw(RawFrame frame, const NoiseProfile& noise, std::uint64_t seed, const std::filesystem::path& output) {
  rdenoise::add_noise(frame.view(), frame.view(), noise, {.seed = seed});
  if (auto& profile = frame.metadata.noise_profile) {
    for (int c = 0; c < profile->channel_count; ++c) {
      profile->channels[c].a += noise.channels[c].a;
      profile->channels[c].b += noise.channels[c].b;
    }
  }
  naming(output, [&] { rdenoise::write_dng(output, frame); });
}

int run(const Arguments& arguments) {
  const bool is_white = arguments.sigma_8bit >= 0.0;
  if (!is_white && (arguments.shot < 0.0 || arguments.read < 0.0)) {
    throw UsageError("noise add: expected --sigma S, or --shot A and --read B");
  }
  const OutputKind kind = output_kind(arguments.output);
  Input input = read_input(arguments.input);
  const bool is_raw = std::holds_alternative<RawFrame>(input);
  if (is_raw != (kind == OutputKind::dng)) {
    throw Error(ErrorCode::unsupported, arguments.input.string() + ": expected " +
                                            (is_raw ? "a .dng as output of a RAW photo" : "a RAW photo for a DNG") +
                                            ", found " + arguments.output.string());
  }
  const NoiseModel noise =
      is_white ? NoiseModel::gaussian(arguments.sigma_8bit) : NoiseModel{arguments.shot, arguments.read};
  const NoiseProfile profile = rdenoise::uniform_profile(view_of(input).color_model, noise);
  naming(arguments.input, [&] {
    if (is_raw) {
      add_to_raw(std::get<RawFrame>(std::move(input)), profile, arguments.seed, arguments.output);
    } else {
      add_to_picture(std::get<Picture>(std::move(input)), profile, arguments.seed, arguments.output);
    }
  });
  if (arguments.json) {
    print_json({{"input", arguments.input.string()},
                {"output", arguments.output.string()},
                {"a", noise.a},
                {"b", noise.b},
                {"seed", arguments.seed}});
  }
  return exit_done;
}

}  // namespace

void add_noise_add_command(CLI::App& parent, Action& chosen) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& command = *parent.add_subcommand("add", "Add noise to a picture or RAW photo");
  command.footer(
      "The noise is drawn from variance(x) = A*x + B, x and the variance in normalised signal (0 black, 1 white).\n"
      "It depends on the seed alone. A .tiff is 32-bit float, neither clipped nor rounded; PNG and JPEG are both.\n"
      "A RAW photo gets its noise on the mosaic and is written as .dng.");
  command.add_option("IN", arguments->input, "PNG, JPEG, TIFF, PGM/PPM or RAW")->required();
  command.add_option("OUT", arguments->output, ".tiff .png .jpg .ppm .pgm, and .dng for RAW photos")->required();
  CLI::Option* shot = command.add_option("--shot", arguments->shot, "A: shot noise, variance per signal")
                          ->check(CLI::NonNegativeNumber);
  CLI::Option* read = command.add_option("--read", arguments->read, "B: read noise, variance at black")
                          ->check(CLI::NonNegativeNumber)
                          ->needs(shot);
  shot->needs(read);
  command.add_option("--sigma", arguments->sigma_8bit, "White Gaussian noise in 8-bit steps (25 is 25/255)")
      ->check(CLI::NonNegativeNumber)
      ->excludes(shot)
      ->excludes(read);
  command.add_option("--seed", arguments->seed, "Seed of the noise")->capture_default_str();
  add_json_flag(command, arguments->json);
  command.callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace rdn
