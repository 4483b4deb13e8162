// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn metrics: a picture against its reference.
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
  if (auto* picture = std::get_if<Picture>(&input)) return std::move(*picture);
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
    const std::optional<double> gmsd = rdenoise::gmsd(reference.image, test.image);
    const double l1 = rdenoise::l1(reference.image, test.image);
    if (arguments.json) {
      print_json({{"psnr", psnr},
                  {"ssim", to_json(ssim)},
                  {"ms_ssim", to_json(ms_ssim)},
                  {"iw_ssim", nullptr},
                  {"gmsd", to_json(gmsd)},
                  {"fsim", nullptr},
                  {"fsimc", nullptr},
                  {"l1", l1},
                  {"l2", l2},
                  {"identical", identical}});
      return;
    }
    std::printf("%-8s %.4f dB%s\n", "psnr", psnr, identical ? " (identical)" : "");
    print_figure("ssim", ssim);
    print_figure("ms_ssim", ms_ssim);
    print_figure("gmsd", gmsd);
    std::printf("%-8s %.6g\n%-8s %.6g\n", "l1", l1, "l2", l2);
  });
  return exit_done;
}

}  // namespace

void add_metrics_command(CLI::App& parent, Action& chosen) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& command = *parent.add_subcommand("metrics", "Measure a picture against its reference");
  command.footer(
      "psnr has peak 1 over all samples, no border cropped; ssim of colour is the mean of its channels; ms_ssim and\n"
      "gmsd (0 is best) are measured on luma; l1 and l2 are mean absolute and mean squared error. With --json, psnr "
      "of\n"
      "equal pictures is infinite, so it is null and `identical` is true. A figure is null where the picture is too\n"
      "small for it (ssim below 11x11, ms_ssim below 176x176), and iw_ssim, fsim and fsimc are null in this version.");
  command.add_option("REF", arguments->reference, "The reference picture")->required();
  command.add_option("TEST", arguments->test, "The picture to measure")->required();
  add_json_flag(command, arguments->json);
  command.callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace rdn
