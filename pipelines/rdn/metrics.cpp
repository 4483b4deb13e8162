// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn metrics: a picture against its reference.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>
#include <rdenoise/quality.hpp>
#include <string>

#include "command.hpp"
#include "input.hpp"
#include "json_output.hpp"
#include "named_error.hpp"

namespace rdn {
namespace {

using rdenoise::Error;
using rdenoise::ErrorCode;
using rdenoise::Picture;

struct Arguments {
  std::filesystem::path reference;
  std::filesystem::path test;
  bool json = false;
};

Picture read_developed(const std::filesystem::path& path) {
  Input input = read_input(path);
  if (!std::holds_alternative<rdenoise::RawFrame>(input)) return picture_of(std::move(input));
  throw Error(ErrorCode::unsupported, path.string() + ": expected a developed picture, found a RAW photo");
}

void print_figure(const char* name, const std::optional<double>& value) {
  if (value) {
    std::printf("%-8s %.4f\n", name, *value);
  } else {
    std::printf("%-8s -\n", name);
  }
}

int run(const Arguments& arguments) {
  const Picture reference = read_developed(arguments.reference);
  const Picture test = read_developed(arguments.test);
  naming(arguments.test, [&] {
    const double l2 = rdenoise::l2(reference.image, test.image);
    const bool identical = l2 == 0.0;
    const double psnr = rdenoise::psnr_db(reference.image, test.image);
    const std::optional<double> ssim = rdenoise::ssim(reference.image, test.image);
    const std::optional<double> ms_ssim = rdenoise::ms_ssim(reference.image, test.image);
    const std::optional<double> iw_ssim = rdenoise::iw_ssim(reference.image, test.image);
    const std::optional<double> gmsd = rdenoise::gmsd(reference.image, test.image);
    std::optional<double> fsim;
    std::optional<double> fsimc;
    if (const auto similarity = rdenoise::feature_similarity(reference.image, test.image)) {
      fsim = similarity->fsim;
      fsimc = similarity->fsimc;
    }
    const double l1 = rdenoise::l1(reference.image, test.image);
    if (arguments.json) {
      print_json({{"psnr", psnr},
                  {"ssim", to_json(ssim)},
                  {"ms_ssim", to_json(ms_ssim)},
                  {"iw_ssim", to_json(iw_ssim)},
                  {"gmsd", to_json(gmsd)},
                  {"fsim", to_json(fsim)},
                  {"fsimc", to_json(fsimc)},
                  {"l1", l1},
                  {"l2", l2},
                  {"identical", identical}});
      return;
    }
    std::printf("%-8s %.4f dB%s\n", "psnr", psnr, identical ? " (identical)" : "");
    print_figure("ssim", ssim);
    print_figure("ms_ssim", ms_ssim);
    print_figure("iw_ssim", iw_ssim);
    print_figure("gmsd", gmsd);
    print_figure("fsim", fsim);
    print_figure("fsimc", fsimc);
    std::printf("%-8s %.6g\n%-8s %.6g\n", "l1", l1, "l2", l2);
  });
  return exit_done;
}

}  // namespace

void add_metrics_command(CLI::App& parent, Action& chosen) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& command = *parent.add_subcommand("metrics", "Measure a picture against its reference");
  command.footer(
      "psnr has peak 1 over all samples, no border cropped; ssim of colour is the mean of its channels, and the "
      "picture\n"
      "is not reduced for it. ms_ssim, iw_ssim, gmsd (0 is best) and fsim are measured on luma, the last two on a\n"
      "reduced picture as in their papers; fsimc counts chroma too and is fsim for gray pictures. l1 and l2 are mean\n"
      "absolute and mean squared error. With --json, psnr of equal pictures is infinite, so it is null and "
      "`identical`\n"
      "is true. A figure is null where the picture is too small for it: ssim below 11x11, fsim below 12x12, ms_ssim "
      "and\n"
      "iw_ssim below 176x176.");
  command.add_option("REF", arguments->reference, "The reference picture")->required();
  command.add_option("TEST", arguments->test, "The picture to measure")->required();
  add_json_flag(command, arguments->json);
  command.callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace rdn
