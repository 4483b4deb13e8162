// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn noise add: synthetic noise on a picture or RAW photo.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <rdenoise/camera_simulation.hpp>
#include <rdenoise/jpeg.hpp>
#include <rdenoise/noise.hpp>
#include <string>
#include <utility>

#include "command.hpp"
#include "input.hpp"
#include "json_output.hpp"
#include "named_error.hpp"
#include "output.hpp"
#include "simulated_camera.hpp"

namespace rdn {
namespace {

using rdenoise::CameraKind;
using rdenoise::CameraParameters;
using rdenoise::Error;
using rdenoise::ErrorCode;
using rdenoise::Image;
using rdenoise::JpegOptions;
using rdenoise::NoiseModel;
using rdenoise::NoiseProfile;
using rdenoise::Picture;
using rdenoise::PictureFileType;
using rdenoise::RawFrame;

struct Arguments {
  std::filesystem::path input;
  std::filesystem::path output;
  double sigma_8bit = -1.0;
  double shot = -1.0;
  double read = -1.0;
  bool isp = false;
  std::optional<CameraKind> camera;
  std::filesystem::path response_curves;
  int jpeg_quality = -1;  ///< below 0: not asked for
  std::uint64_t seed = 0;
  bool json = false;

  [[nodiscard]] std::optional<NoiseModel> noise() const {
    if (sigma_8bit >= 0.0) return NoiseModel::gaussian(sigma_8bit);
    if (shot >= 0.0 && read >= 0.0) return NoiseModel{shot, read};
    return std::nullopt;
  }
};

void check(const Arguments& arguments, OutputKind kind) {
  if (!arguments.noise() && !arguments.isp) {
    throw UsageError("noise add: expected --sigma S, or --shot A and --read B, or --isp");
  }
  if (!arguments.response_curves.empty() && arguments.camera == CameraKind::unprocessing) {
    throw UsageError("noise add: --response-curves is for --camera cbdnet, found --camera unprocessing");
  }
  if (arguments.jpeg_quality > 0 && kind == OutputKind::dng) {
    throw UsageError("noise add: expected no --jpeg-quality for a mosaic, found one for " + arguments.output.string());
  }
}

CameraParameters draw_camera_for(const Arguments& arguments, OutputKind kind) {
  // Curves tell which of the two uses them.
  const CameraKind by_curves = arguments.response_curves.empty() ? CameraKind::unprocessing : CameraKind::cbdnet;
  CameraOptions options{arguments.camera.value_or(by_curves), arguments.response_curves, arguments.noise(), {}};
  if (arguments.jpeg_quality >= 0) options.jpeg_quality = arguments.jpeg_quality;
  CameraParameters camera = draw_camera(options, arguments.seed);
  if (kind == OutputKind::dng) {
    camera.levels = rdenoise::Levels{512.F, 16383.F};  // as 14-bit cameras have them
    camera.jpeg.reset();
  }
  return camera;
}

/// Compresses once: a JPEG file is what the camera would have written.
void write_compressed(Picture picture, const std::optional<JpegOptions>& jpeg, const std::filesystem::path& output) {
  const std::optional<PictureFileType> type = rdenoise::picture_type_for_name(output);
  if (jpeg && type == PictureFileType::jpeg) {
    naming(output, [&] {
      rdenoise::write_picture(output, picture,
                              {.jpeg_quality = jpeg->quality, .chroma_subsampling = jpeg->chroma_subsampling});
    });
    return;
  }
  if (jpeg) picture.image = rdenoise::jpeg_round_trip(picture.image, *jpeg);
  // A TIFF keeps what lies outside 0 … 1 and between the steps, so that the noise stays what was asked for.
  if (type == PictureFileType::tiff) picture.source_bit_depth = 32;
  write_output(output, picture);
}

void add_to_picture(Picture picture, const NoiseProfile& noise, const Arguments& arguments) {
  rdenoise::add_noise(picture.image.view(), picture.image.view(), noise, {.seed = arguments.seed});
  std::optional<JpegOptions> jpeg;
  if (arguments.jpeg_quality > 0) jpeg = JpegOptions{.quality = arguments.jpeg_quality};
  write_compressed(std::move(picture), jpeg, arguments.output);
}

void photograph(Picture picture, CameraParameters camera, const Arguments& arguments, OutputKind kind) {
  if (kind == OutputKind::dng) {
    const Image mosaic = expose(unprocess(picture.image, camera), camera, {.seed = arguments.seed});
    naming(arguments.output, [&] { rdenoise::write_dng(arguments.output, to_raw_frame(mosaic, camera)); });
    return;
  }
  // The picture becomes one in colour, which a gray profile does not describe.
  if (picture.image.color_model() == rdenoise::ColorModel::gray) picture.icc_profile.clear();
  const std::optional<JpegOptions> jpeg = std::exchange(camera.jpeg, std::nullopt);
  picture.image = rdenoise::simulate_photo(picture.image, camera, {.seed = arguments.seed}).noisy;
  write_compressed(std::move(picture), jpeg, arguments.output);
}

void add_to_raw(RawFrame frame, const NoiseProfile& noise, std::uint64_t seed, const std::filesystem::path& output) {
  rdenoise::add_noise(frame.view(), frame.view(), noise, {.seed = seed});
  frame.metadata.denoised.reset();  // no longer
  if (auto& profile = frame.metadata.noise_profile) {
    for (int c = 0; c < profile->channel_count; ++c) {
      profile->channels[c].a += noise.channels[c].a;
      profile->channels[c].b += noise.channels[c].b;
    }
  }
  naming(output, [&] { rdenoise::write_dng(output, frame); });
}

void print_drawn(const Arguments& arguments, const NoiseModel& noise, const std::optional<CameraParameters>& camera,
                 bool is_raw) {
  Json object{{"input", arguments.input.string()},
              {"output", arguments.output.string()},
              {"a", noise.a},
              {"b", noise.b},
              {"seed", arguments.seed}};
  object["jpeg_quality"] = arguments.jpeg_quality > 0 ? Json(arguments.jpeg_quality) : Json(nullptr);
  if (camera) {
    object["jpeg_quality"] = camera->jpeg ? Json(camera->jpeg->quality) : Json(nullptr);
    if (!is_raw) object["camera"] = to_json(*camera);
  }
  print_json(object);
}

int run(const Arguments& arguments) {
  const OutputKind kind = output_kind(arguments.output);
  check(arguments, kind);
  check_keeps_input(arguments.input, arguments.output);
  Input input = read_input(arguments.input);
  const bool is_raw = std::holds_alternative<RawFrame>(input);
  if (is_raw != (kind == OutputKind::dng) && (is_raw || !arguments.isp)) {
    throw Error(ErrorCode::unsupported, arguments.input.string() + ": expected " +
                                            (is_raw ? "a .dng as output of a RAW photo" : "a RAW photo for a DNG") +
                                            ", found " + arguments.output.string());
  }
  std::optional<CameraParameters> camera;
  if (arguments.isp) camera = draw_camera_for(arguments, kind);
  const NoiseModel noise = camera ? camera->noise.channels[0] : *arguments.noise();
  const NoiseProfile profile = rdenoise::uniform_profile(view_of(input).color_model, noise);
  naming(arguments.input, [&] {
    if (is_raw) {
      add_to_raw(std::get<RawFrame>(std::move(input)), profile, arguments.seed, arguments.output);
    } else if (camera) {
      photograph(picture_of(std::move(input)), *camera, arguments, kind);
    } else {
      add_to_picture(picture_of(std::move(input)), profile, arguments);
    }
  });
  if (arguments.json) print_drawn(arguments, noise, camera, is_raw);
  return exit_done;
}

}  // namespace

void add_noise_add_command(CLI::App& parent, Action& chosen) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& command = *parent.add_subcommand("add", "Add noise to a picture or RAW photo");
  command.footer(
      "The noise is drawn from variance(x) = A*x + B, x and the variance in normalised signal (0 black, 1 white).\n"
      "It depends on the seed alone. A .tiff is 32-bit float, neither clipped nor rounded; PNG and JPEG are both.\n"
      "A RAW photo gets its noise on the mosaic and is written as .dng.\n"
      "--isp takes the picture again with a camera drawn by the seed: back to a mosaic, noise there, and developed;\n"
      "with a .dng as OUT the noisy mosaic itself is written. --json prints what was drawn.");
  command.add_option("IN", arguments->input, "PNG, JPEG, TIFF, PGM/PPM or RAW")->required();
  command.add_option("OUT", arguments->output, ".tiff .png .jpg .ppm .pgm, and .dng for RAW photos and --isp")
      ->required();
  CLI::Option* shot = command.add_option("--shot", arguments->shot, "A: shot noise, variance per signal")
                          ->check(CLI::NonNegativeNumber);
  CLI::Option* read = command.add_option("--read", arguments->read, "B: read noise, variance at black")
                          ->check(CLI::NonNegativeNumber)
                          ->needs(shot);
  shot->needs(read);
  CLI::Option* isp =
      command.add_flag("--isp", arguments->isp, "Noise of a whole camera; with --shot and --read: that of its sensor");
  command.add_option("--sigma", arguments->sigma_8bit, "White Gaussian noise in 8-bit steps (25 is 25/255)")
      ->check(CLI::NonNegativeNumber)
      ->excludes(shot)
      ->excludes(read)
      ->excludes(isp);
  const std::map<std::string, CameraKind> kinds{{"cbdnet", CameraKind::cbdnet},
                                                {"unprocessing", CameraKind::unprocessing}};
  command
      .add_option("--camera", arguments->camera,
                  "Cameras drawn as in the paper CBDNet or in Unprocessing (default; cbdnet with --response-curves)")
      ->transform(CLI::CheckedTransformer(kinds))
      ->needs(isp);
  command
      .add_option("--response-curves", arguments->response_curves,
                  "Measured response curves: dorfCurves.txt, or a .mat with matrices I and B")
      ->needs(isp);
  command
      .add_option("--jpeg-quality", arguments->jpeg_quality,
                  "Compress the noisy picture as JPEG 4:2:0 of this quality, whatever OUT is (0: not)")
      ->check(CLI::Range(0, 100));
  command.add_option("--seed", arguments->seed, "Seed of the noise and of the camera")->capture_default_str();
  add_json_flag(command, arguments->json);
  command.callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace rdn
