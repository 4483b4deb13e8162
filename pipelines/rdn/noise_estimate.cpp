// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn noise estimate: the noise that a picture or RAW photo shows.
#include <cstdio>
#include <rdenoise/noise.hpp>
#include <string>

#include "command.hpp"
#include "input.hpp"
#include "json_output.hpp"
#include "named_error.hpp"

namespace rdn {
namespace {

using rdenoise::NoiseProfile;

struct Arguments {
  std::filesystem::path input;
  std::string method = "poisson-gaussian";
  bool json = false;
};

int run(const Arguments& arguments) {
  const Input input = read_input(arguments.input);
  const rdenoise::EstimateMethod method =
      arguments.method == "gaussian" ? rdenoise::EstimateMethod::gaussian : rdenoise::EstimateMethod::poisson_gaussian;
  const rdenoise::ConstFrameView frame = view_of(input);
  const NoiseProfile profile =
      naming(arguments.input, [&] { return rdenoise::estimate_noise(frame, {.method = method}); });
  if (arguments.json) {
    Json object = {{"input", arguments.input.string()},
                   {"model", arguments.method},
                   {"color_model", rdenoise::to_string(frame.color_model)}};
    object.update(to_json(profile));
    print_json(object);
    return exit_done;
  }
  for (int c = 0; c < profile.channel_count; ++c) {
    const char* channel = profile.channel_count == 1 ? "Y" : c == 0 ? "R" : c == 1 ? "G" : "B";
    std::printf("%s: a = %.6g, b = %.6g\n", channel, profile.channels[c].a, profile.channels[c].b);
  }
  std::printf("sigma: %.2f (8-bit steps), confidence: %.2f\n", rdenoise::sigma_8bit(profile), profile.confidence);
  return exit_done;
}

}  // namespace

void add_noise_estimate_command(CLI::App& parent, Action& chosen) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& command = *parent.add_subcommand("estimate", "Measure the noise of a picture or RAW photo");
  command.footer(
      "variance(x) = a*x + b per channel, in normalised signal: (S, O) of the DNG NoiseProfile tag. sigma is the root\n"
      "of the mean variance at half signal, in 8-bit steps. confidence, 0 to 1, tells how far the picture allowed it.");
  command.add_option("IN", arguments->input, "PNG, JPEG, TIFF, PGM/PPM or RAW")->required();
  command.add_option("--method", arguments->method, "poisson-gaussian fits a and b; gaussian one sigma for all levels")
      ->check(CLI::IsMember({"poisson-gaussian", "gaussian"}))
      ->capture_default_str();
  add_json_flag(command, arguments->json);
  command.callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace rdn
