// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn noise calibrate: the noise of a camera from frames made for the purpose.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <rdenoise/noise_calibration.hpp>
#include <string>
#include <vector>

#include "command.hpp"
#include "input.hpp"
#include "json_output.hpp"
#include "named_error.hpp"
#include "noise_charts.hpp"
#include "profile_output.hpp"

namespace rdn {
namespace {

using rdenoise::NoiseCalibration;
using rdenoise::NoiseCalibrator;
using rdenoise::PhotonTransferCurve;
using rdenoise::PhotonTransferPoint;
namespace fs = std::filesystem;

struct Arguments {
  std::vector<fs::path> frames;
  fs::path output;
  std::string plot;
  bool pairs = false;
  bool singles = false;
  int patch_size_px = rdenoise::CalibrationOptions{}.patch_size_px;
  bool json = false;
};

/// A frame that waits for its partner.
struct Waiting {
  fs::path path;
  Input input;
};

/// Two exposures of the same: all colours within 2 % of each other (or of a thousandth of the range, near black).
bool same_levels(const Input& one, const Input& other) {
  const auto a = rdenoise::mean_levels(view_of(one));
  const auto b = rdenoise::mean_levels(view_of(other));
  return std::ranges::equal(a, b, [](double x, double y) {
    return std::abs(x - y) <= std::max(0.02 * std::max(std::abs(x), std::abs(y)), 0.001);
  });
}

bool same_camera(const Input& one, const Input& other) {
  const auto* a = std::get_if<rdenoise::RawFrame>(&one);
  const auto* b = std::get_if<rdenoise::RawFrame>(&other);
  if (a == nullptr || b == nullptr) return a == b;
  return a->metadata.make == b->metadata.make && a->metadata.model == b->metadata.model &&
         a->metadata.iso == b->metadata.iso;
}

bool same_size(const Input& one, const Input& other) {
  const auto a = view_of(one);
  const auto b = view_of(other);
  return a.color_model == b.color_model && a.width_px == b.width_px && a.height_px == b.height_px;
}

std::string setting_text(const Input& input) {
  const auto* raw = std::get_if<rdenoise::RawFrame>(&input);
  if (raw == nullptr) return "a developed picture";
  return raw->metadata.make + " " + raw->metadata.model + " at ISO " + std::to_string(std::lround(raw->metadata.iso));
}

/// Feeds the frames one by one, so that two are held at most besides the first.
class FrameFeeder {
 public:
  explicit FrameFeeder(const Arguments& arguments)
      : arguments_(arguments), calibrator_({.patch_size_px = arguments.patch_size_px}) {}

  void add(const fs::path& path) {
    Input input = read_input(path);
    if (!first_) {
      first_ = profile_file(input, {}, "");
      first_setting_ = input_without_pixels(input);
    } else if (!same_camera(*first_setting_, input)) {
      throw rdenoise::Error(rdenoise::ErrorCode::invalid_argument, path.string() + ": expected a frame of " +
                                                                       setting_text(*first_setting_) +
                                                                       ", as the first; found " + setting_text(input));
    }
    if (arguments_.singles) return add_single({path, std::move(input)});
    if (!waiting_) {
      waiting_.emplace(Waiting{path, std::move(input)});
      return;
    }
    if (arguments_.pairs || (same_size(waiting_->input, input) && same_levels(waiting_->input, input))) {
      naming(path, [&] { calibrator_.add_pair(view_of(waiting_->input), view_of(input)); });
      waiting_.reset();
      return;
    }
    add_single(*waiting_);
    waiting_.emplace(Waiting{path, std::move(input)});
  }

  [[nodiscard]] NoiseCalibration fit() {
    if (waiting_) add_single(*waiting_);
    return naming(arguments_.frames.front(), [&] { return calibrator_.fit(); });
  }

  /// Camera and colour model of the frames.
  [[nodiscard]] const rdenoise::NoiseProfileFile& camera() const { return *first_; }

 private:
  static Input input_without_pixels(const Input& input) {
    if (const auto* raw = std::get_if<rdenoise::RawFrame>(&input)) {
      rdenoise::RawFrame frame;
      frame.metadata = raw->metadata;
      return frame;
    }
    return rdenoise::Picture{};
  }
  void add_single(const Waiting& frame) {
    naming(frame.path, [&] { calibrator_.add_frame(view_of(frame.input)); });
  }

  const Arguments& arguments_;
  NoiseCalibrator calibrator_;
  std::optional<rdenoise::NoiseProfileFile> first_;
  std::optional<Input> first_setting_;
  std::optional<Waiting> waiting_;
};

std::size_t accepted_count(const PhotonTransferCurve& curve) {
  return static_cast<std::size_t>(std::ranges::count_if(curve.points, &PhotonTransferPoint::accepted));
}

Json curve_json(const PhotonTransferCurve& curve, const char* name) {
  constexpr std::size_t groups = 32;
  Json points = Json::array();
  for (const auto& point : rdenoise::grouped_by_level(curve.points, groups)) {
    points.push_back({{"mean", point.mean},
                      {"variance", point.variance},
                      {"residual", point.variance - curve.model.variance(point.mean)}});
  }
  return {{"channel", name},
          {"a", curve.model.a},
          {"a_error", curve.a_error},
          {"b", curve.model.b},
          {"b_error", curve.b_error},
          {"r_squared", curve.r_squared},
          {"excess_scatter", curve.excess_scatter},
          {"confidence", curve.confidence},
          {"patches", curve.points.size()},
          {"accepted", accepted_count(curve)},
          {"clipped", curve.unusable.clipped},
          {"constant", curve.unusable.constant},
          {"not_finite", curve.unusable.not_finite},
          {"points", points}};
}

void print(const NoiseCalibration& calibration) {
  for (int c = 0; c < calibration.profile.channel_count; ++c) {
    const PhotonTransferCurve& curve = calibration.curves[static_cast<std::size_t>(c)];
    std::printf("%s: a = %.6g ± %.2g, b = %.6g ± %.2g, R² = %.4f, %zu of %zu patches\n",
                channel_name(calibration.color_model, c), curve.model.a, curve.a_error, curve.model.b, curve.b_error,
                curve.r_squared, accepted_count(curve), curve.points.size() + curve.unusable.constant);
  }
  std::printf("%d pairs, %d single frames; sigma: %.2f (8-bit steps), confidence: %.2f\n", calibration.pair_count,
              calibration.single_count, rdenoise::sigma_8bit(calibration.profile), calibration.profile.confidence);
}

int run(const Arguments& arguments) {
  if (arguments.pairs && arguments.frames.size() % 2 != 0) {
    throw UsageError("noise calibrate: expected an even number of frames for --pairs, found " +
                     std::to_string(arguments.frames.size()));
  }
  if (!arguments.plot.empty()) expect_svg_name(arguments.plot);
  FrameFeeder feeder(arguments);
  for (const fs::path& frame : arguments.frames) feeder.add(frame);
  const NoiseCalibration calibration = feeder.fit();
  if (!arguments.output.empty()) {
    rdenoise::NoiseProfileFile file = feeder.camera();
    file.profile = calibration.profile;
    file.source = "photon transfer curve, " + std::to_string(calibration.pair_count) + " pairs and " +
                  std::to_string(calibration.single_count) + " single frames";
    rdenoise::write_noise_profile(arguments.output, file);
  }
  if (!arguments.plot.empty()) {
    const rdenoise::NoiseProfileFile& camera = feeder.camera();
    std::string title = "Photon transfer";
    if (!camera.model.empty()) title += ": " + camera.make + " " + camera.model;
    if (camera.iso > 0.0) title += ", ISO " + std::to_string(std::lround(camera.iso));
    rdenoise::write_svg(arguments.plot, calibration_chart(calibration, title));
  }
  if (!arguments.json) {
    print(calibration);
    return exit_done;
  }
  Json frames = Json::array();
  for (const fs::path& frame : arguments.frames) frames.push_back(frame.string());
  Json channels = Json::array();
  for (int c = 0; c < calibration.profile.channel_count; ++c) {
    channels.push_back(
        curve_json(calibration.curves[static_cast<std::size_t>(c)], channel_name(calibration.color_model, c)));
  }
  Json object = {{"frames", frames},
                 {"pairs", calibration.pair_count},
                 {"singles", calibration.single_count},
                 {"color_model", rdenoise::to_string(calibration.color_model)}};
  object.update(to_json(calibration.profile));
  object["channels"] = channels;
  object["output"] = arguments.output.empty() ? Json(nullptr) : Json(arguments.output.string());
  object["plot"] = arguments.plot.empty() ? Json(nullptr) : Json(arguments.plot);
  print_json(object);
  return exit_done;
}

}  // namespace

void add_noise_calibrate_command(CLI::App& parent, Action& chosen) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& command = *parent.add_subcommand("calibrate", "Measure a camera's noise from frames made for it");
  command.footer(
      "Take evenly lit frames of one camera and ISO at several exposures, two of each, the camera fixed. In a pair "
      "the\n"
      "scene and the sensor's fixed pattern fall out; in a single frame flat patches are looked for and the pattern\n"
      "counts. Fits variance(x) = a*x + b to the variance against the mean of patches, per channel, and tells the\n"
      "standard errors. confidence is low if the levels are too few to tell a from b.");
  command.add_option("FRAMES", arguments->frames, "RAW photos, or PNG, TIFF, PGM/PPM, JPEG")->required();
  command.add_option("--output", arguments->output, "Profile to write (JSON), for denoise --noise-profile");
  command.add_option("--plot", arguments->plot, "Chart to write (.svg): variance against mean, fit and residuals");
  CLI::Option* pairs = command.add_flag("--pairs", arguments->pairs,
                                        "Each two frames in turn are a pair; without: those with the same mean levels");
  command.add_flag("--singles", arguments->singles, "Look at each frame by itself")->excludes(pairs);
  command.add_option("--patch-size", arguments->patch_size_px, "Edge of a patch in pixels of one color")
      ->check(CLI::Range(4, 256))
      ->capture_default_str();
  add_json_flag(command, arguments->json);
  command.callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace rdn
