// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn noise plot: noise against signal, of profiles and pictures beside each other.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <rdenoise/noise_profile_file.hpp>
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

namespace fs = std::filesystem;
using rdenoise::ColorModel;

struct Arguments {
  std::vector<std::string> inputs_and_output;
  std::string method = "poisson-gaussian";
  bool variance = false;
  bool json = false;
};

/// The read noise that the covered border shows, at the signal it shows it.
NoiseCurves border_points(const std::string& name, const rdenoise::RawFrame& frame) {
  const rdenoise::OpticalBlack& black = *frame.metadata.optical_black;
  NoiseCurves curves{name + " border", ColorModel::bayer, {}, std::vector<std::vector<rdenoise::ChartPoint>>(3)};
  for (std::size_t site = 0; site < 4; ++site) {
    const double black_dn = frame.metadata.black_level_dn[site];
    const double range_dn = frame.metadata.white_level_dn - black_dn;
    const auto color = static_cast<std::size_t>(
        rdenoise::cfa_color_at(frame.cfa, static_cast<int>(site % 2), static_cast<int>(site / 2)));
    curves.points[color].push_back(
        {(black.mean_dn[site] - black_dn) / range_dn, black.variance_dn2[site] / (range_dn * range_dn)});
  }
  return curves;
}

void add_curves(const fs::path& path, rdenoise::EstimateMethod method, std::vector<NoiseCurves>& sources) {
  const std::string name = path.stem().string();
  if (path.extension() == ".json") {
    const rdenoise::NoiseProfileFile file = rdenoise::read_noise_profile(path);
    sources.push_back({name, file.color_model, file.profile, {}});
    return;
  }
  const Input input = read_input(path);
  const rdenoise::ConstFrameView frame = view_of(input);
  naming(path, [&] {
    sources.push_back({name + " estimate", frame.color_model, rdenoise::estimate_noise(frame, {.method = method}), {}});
  });
  if (const auto* raw = std::get_if<rdenoise::RawFrame>(&input)) {
    const auto& tag = raw->metadata.noise_profile;
    if (tag) sources.push_back({name + " DNG tag", ColorModel::bayer, *tag, {}});
    if (raw->metadata.optical_black) sources.push_back(border_points(name, *raw));
  }
}

int run(const Arguments& arguments) {
  if (arguments.inputs_and_output.size() < 2) throw UsageError("noise plot: expected IN... and OUT.svg");
  const std::string output = arguments.inputs_and_output.back();
  expect_svg_name(output);
  std::vector<NoiseCurves> sources;
  for (std::size_t i = 0; i + 1 < arguments.inputs_and_output.size(); ++i) {
    add_curves(arguments.inputs_and_output[i], estimate_methods().at(arguments.method), sources);
  }
  rdenoise::write_svg(output,
                      profile_chart(sources, arguments.variance ? NoiseQuantity::variance : NoiseQuantity::sigma));
  if (!arguments.json) return exit_done;
  Json curves = Json::array();
  for (const NoiseCurves& source : sources) {
    if (!source.points.empty()) continue;
    Json object = {{"name", source.name}, {"color_model", rdenoise::to_string(source.color_model)}};
    object.update(to_json(source.profile));
    curves.push_back(object);
  }
  print_json({{"output", output}, {"curves", curves}});
  return exit_done;
}

}  // namespace

void add_noise_plot_command(CLI::App& parent, Action& chosen) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& command = *parent.add_subcommand("plot", "Draw noise against signal, of profiles and pictures");
  command.footer(
      "A profile (.json) is drawn as it is, a picture or RAW photo as its estimate, the DNG tag NoiseProfile, and, as\n"
      "points, what the sensor's covered border shows.");
  command
      .add_option("IN... OUT", arguments->inputs_and_output,
                  "Profiles (.json), pictures or RAW photos; last the chart to write (.svg)")
      ->required();
  command.add_option("--method", arguments->method, "How pictures are estimated, as in noise estimate")
      ->check(CLI::IsMember(estimate_methods()))
      ->capture_default_str();
  command.add_flag("--variance", arguments->variance, "Draw the variance instead of sigma in 8-bit steps");
  add_json_flag(command, arguments->json);
  command.callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace rdn
