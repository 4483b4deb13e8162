// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn bench: the speed and memory of a model on this machine.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <rdenoise/denoise.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/model_picture.hpp>
#include <rdenoise/parallel.hpp>
#include <string>
#include <utility>
#include <vector>

#include "command.hpp"
#include "denoiser_options.hpp"
#include "json_output.hpp"
#include "peak_flops.hpp"
#include "precision_note.hpp"

namespace rdn {
namespace {

using rdenoise::ColorModel;
using rdenoise::InputDomain;
using rdenoise::ModelPicture;

struct Arguments {
  std::string size = "1920x1080";
  int repeats = 7;
  DenoiserArguments denoiser;
  bool json = false;
};

struct Size {
  int width_px = 0;
  int height_px = 0;
};

Size parse_size(const std::string& text) {
  Size size;
  int end = 0;
  if (std::sscanf(text.c_str(), "%6dx%6d%n", &size.width_px, &size.height_px, &end) != 2 ||
      static_cast<std::size_t>(end) != text.size() || size.width_px < 1 || size.height_px < 1) {
    throw UsageError("bench: --size: expected WxH such as 1920x1080, found " + text);
  }
  return size;
}

ColorModel color_model_of(InputDomain domain) {
  switch (domain) {
    case InputDomain::rgb:
      return ColorModel::rgb;
    case InputDomain::bayer:
      return ColorModel::bayer;
    case InputDomain::yuv420:
      return ColorModel::yuv;
    case InputDomain::gray:
      break;
  }
  return ColorModel::gray;
}

ModelPicture blank_frame(const Size& size, ColorModel model) {
  if (model == ColorModel::yuv) return rdenoise::Yuv420Picture(size.width_px, size.height_px);
  return rdenoise::Image(model, size.width_px, size.height_px);
}

/// Smooth waves with noise: the network's speed does not depend on content, denormal numbers aside.
ModelPicture make_frame(const Size& size, ColorModel model, const rdenoise::NoiseProfile& noise) {
  ModelPicture picture = blank_frame(size, model);
  const rdenoise::FrameView frame = view_of(picture);
  for (int c = 0; c < frame.channel_count; ++c) {
    const rdenoise::ChannelView& channel = frame.channels[c];
    std::vector<float> row(static_cast<std::size_t>(channel.width_px));
    for (int y = 0; y < channel.height_px; ++y) {
      for (int x = 0; x < channel.width_px; ++x)
        row[static_cast<std::size_t>(x)] = 0.5F + 0.3F * std::sin(0.02F * x + c) * std::cos(0.03F * y);
      rdenoise::write_row(channel, y, 0, row);
    }
  }
  rdenoise::add_noise(frame, frame, noise, {});
  return picture;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2.0;
}

double peak_rss_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

int run(const Arguments& arguments) {
  const Size size = parse_size(arguments.size);
  rdenoise::Denoiser denoiser(rdenoise::load_model(arguments.denoiser.model), arguments.denoiser.options());
  note_precision(arguments.denoiser.precision, denoiser.precision());
  const rdenoise::NetworkSpec& spec = denoiser.model().spec;
  const ColorModel color_model = color_model_of(spec.params.input);
  const rdenoise::NoiseProfile noise = rdenoise::uniform_profile(color_model, rdenoise::NoiseModel::gaussian(25.0));
  const ModelPicture src = make_frame(size, color_model, noise);
  ModelPicture dst = src;

  constexpr int warm_up_frames = 2;
  std::vector<double> times_ms;
  for (int i = 0; i < warm_up_frames + arguments.repeats; ++i) {
    const auto start = std::chrono::steady_clock::now();
    denoiser.denoise(view_of(src), view_of(dst), noise);
    const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - start;
    if (i >= warm_up_frames) times_ms.push_back(elapsed.count());
  }

  const double ms_median = median(times_ms);
  const double mpix = static_cast<double>(size.width_px) * size.height_px / 1e6;
  const double gflop = 2.0 * rdenoise::macs_per_px(spec) * mpix / 1e3;
  const double gflops = gflop / (ms_median / 1e3);
  const double gflops_peak = measure_peak_gflops(arguments.denoiser.n_threads);
  const Json object = {
      {"model", denoiser.model().name},
      {"precision", rdenoise::to_string(denoiser.precision())},
      {"precision_wished", arguments.denoiser.precision},
      {"width", size.width_px},
      {"height", size.height_px},
      {"threads", arguments.denoiser.n_threads > 0 ? arguments.denoiser.n_threads : rdenoise::available_cores()},
      {"repeats", arguments.repeats},
      {"ms_median", ms_median},
      {"ms_min", *std::ranges::min_element(times_ms)},
      {"mpix_per_s", mpix / (ms_median / 1e3)},
      {"gflop", gflop},
      {"gflops", gflops},
      {"gflops_peak", gflops_peak},
      {"peak_fraction", gflops / gflops_peak},
      {"halo_overhead", denoiser.plan(size.width_px, size.height_px).halo_overhead()},
      {"peak_rss_mib", peak_rss_mib()},
      {"isa", rdenoise::cpu_isa()}};
  if (arguments.json) {
    print_json(object);
  } else {
    for (const auto& [key, value] : object.items()) std::printf("%-16s %s\n", key.c_str(), value.dump().c_str());
  }
  return exit_done;
}

}  // namespace

void add_bench_command(CLI::App& parent, Action& chosen) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& command = *parent.add_subcommand("bench", "Measure speed and memory of a model on this machine");
  command.footer(
      "A float frame of the model's kind is denoised; two frames warm up, ms_median is of the repeats after them. "
      "gflop\n"
      "is 2 x multiply-adds of the direct algorithm x pixels, halo work not counted. gflops_peak is measured: fused\n"
      "multiply-adds in f32 on registers, all threads; bf16 and int8 can pass it. halo_overhead is the work that "
      "tiles\n"
      "do twice.");
  add_denoiser_options(command, arguments->denoiser)->required();
  command.add_option("--size", arguments->size, "Width x height in pixels")->capture_default_str();
  command.add_option("--repeats", arguments->repeats, "Frames measured")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  add_json_flag(command, arguments->json);
  command.callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace rdn
