// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn bench: the speed and memory of a model on this machine, where a frame's time goes, and what the machine can do.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <rdenoise/denoise.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/model_picture.hpp>
#include <rdenoise/parallel.hpp>
#include <rdenoise/stage_times.hpp>
#include <string>
#include <utility>
#include <vector>

#include "bench_report.hpp"
#include "command.hpp"
#include "denoiser_options.hpp"
#include "frame_size.hpp"
#include "json_output.hpp"
#include "memory_bandwidth.hpp"
#include "noise_charts.hpp"
#include "peak_flops.hpp"
#include "precision_note.hpp"
#include "roofline.hpp"
#include "stage_split.hpp"

namespace rdn {
namespace {

using rdenoise::ColorModel;
using rdenoise::InputDomain;
using rdenoise::ModelPicture;

struct Arguments {
  std::string size = "1920x1080";
  int repeats = 7;
  int warm_ups = 2;
  int recorded_frames = 3;
  std::string picture;
  DenoiserArguments denoiser;
  bool json = false;
};

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

ModelPicture blank_frame(const FrameSize& size, ColorModel model) {
  if (model == ColorModel::yuv) return rdenoise::Yuv420Picture(size.width_px, size.height_px);
  return rdenoise::Image(model, size.width_px, size.height_px);
}

/// Smooth waves with noise: the network's speed does not depend on content, denormal numbers aside.
ModelPicture make_frame(const FrameSize& size, ColorModel model, const rdenoise::NoiseProfile& noise) {
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

/// Milliseconds of each of `count` calls.
template <typename Work>
std::vector<double> times_ms(int count, const Work& work) {
  std::vector<double> times;
  for (int i = 0; i < count; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  return times;
}

/// Frames of their own: recording costs a little.
template <typename Work>
StageSplit record_stages(int frames, int n_threads, const Work& work) {
  const rdenoise::StageRecorder recorder;
  const std::vector<double> times = times_ms(frames, work);
  return split_of(recorder.times(), frames, n_threads, std::reduce(times.begin(), times.end()) / frames);
}

int run(const Arguments& arguments) {
  const FrameSize size = parse_frame_size(arguments.size, "bench: --size", 1);
  if (!arguments.picture.empty()) expect_svg_name(arguments.picture);
  rdenoise::Denoiser denoiser(rdenoise::load_model(arguments.denoiser.model), arguments.denoiser.options());
  note_precision(arguments.denoiser.precision, denoiser.precision());
  const rdenoise::NetworkSpec& spec = denoiser.model().spec;
  const ColorModel color_model = color_model_of(spec.params.input);
  const rdenoise::NoiseProfile noise = rdenoise::uniform_profile(color_model, rdenoise::NoiseModel::gaussian(25.0));
  const ModelPicture src = make_frame(size, color_model, noise);
  ModelPicture dst = src;
  const auto denoise = [&] { denoiser.denoise(view_of(src), view_of(dst), noise); };

  times_ms(arguments.warm_ups, denoise);
  const std::vector<double> frame_times_ms = times_ms(arguments.repeats, denoise);
  const double rss_mib = peak_rss_mib();  // before the peaks' arrays
  const int cores = rdenoise::available_cores();
  const int n_threads = arguments.denoiser.n_threads > 0 ? std::min(arguments.denoiser.n_threads, cores) : cores;
  const StageSplit split =
      arguments.recorded_frames > 0 ? record_stages(arguments.recorded_frames, n_threads, denoise) : StageSplit{};

  const double ms_median = median(frame_times_ms);
  const double mpix = static_cast<double>(size.width_px) * size.height_px / 1e6;
  const double gflop = 2.0 * rdenoise::macs_per_px(spec) * mpix / 1e3;
  const double gflops = gflop / (ms_median / 1e3);
  const std::vector<PeakRate> peaks = measure_peak_rates(n_threads);
  const Bandwidth bandwidth = measure_bandwidth(n_threads);
  const double gflops_peak = peak_gflops(peaks, rdenoise::Precision::f32);
  const double precision_peak = peak_gflops(peaks, denoiser.precision());
  Json object = {{"model", denoiser.model().name},
                 {"precision", rdenoise::to_string(denoiser.precision())},
                 {"precision_wished", arguments.denoiser.precision},
                 {"width", size.width_px},
                 {"height", size.height_px},
                 {"threads", n_threads},
                 {"repeats", arguments.repeats},
                 {"ms_median", ms_median},
                 {"ms_min", *std::ranges::min_element(frame_times_ms)},
                 {"mpix_per_s", mpix / (ms_median / 1e3)},
                 {"gflop", gflop},
                 {"gflops", gflops},
                 {"gflops_peak", gflops_peak},
                 {"peak_fraction", gflops / gflops_peak},
                 {"precision_peak_fraction", precision_peak > 0.0 ? Json(gflops / precision_peak) : Json(nullptr)},
                 {"halo_overhead", denoiser.plan(size.width_px, size.height_px).halo_overhead()},
                 {"peak_rss_mib", rss_mib},
                 {"cache_gb_per_s", bandwidth.second_level_cache_gb_per_s},
                 {"memory_gb_per_s", bandwidth.memory_gb_per_s},
                 {"isa", rdenoise::cpu_isa()},
                 {"peaks", peaks_json(peaks)},
                 {"split_ms", split_json(split)},
                 {"stages", stages_json(split)}};
  if (!arguments.picture.empty()) {
    const std::string title = denoiser.model().name + ", " + arguments.size + ", " +
                              std::string(rdenoise::to_string(denoiser.precision())) + ", " +
                              std::to_string(n_threads) + (n_threads == 1 ? " thread" : " threads");
    rdenoise::write_svg(arguments.picture, roofline_chart(title, split, peaks, bandwidth));
  }
  if (arguments.json)
    print_json(object);
  else
    print_table(object, split, peaks);
  return exit_done;
}

}  // namespace

void add_bench_command(CLI::App& parent, Action& chosen) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& command = *parent.add_subcommand("bench", "Measure speed and memory of a model on this machine");
  command.footer(
      "A float frame of the model's kind is denoised; ms_median is of the repeats after the warm-ups. gflop is 2 x\n"
      "multiply-adds of the direct algorithm x pixels, halo work not counted. gflops_peak is measured: fused\n"
      "multiply-adds in f32 on registers, all threads; Winograd, bf16 and int8 can pass it. peaks has those of bf16\n"
      "and int8, and precision_peak_fraction is of the precision in use. halo_overhead is the work that tiles do\n"
      "twice. split_ms and stages are of the recorded frames, which come last: the time of all threads, divided by\n"
      "them. The bandwidths are those of STREAM's triad.");
  add_denoiser_options(command, arguments->denoiser)->required();
  command.add_option("--size", arguments->size, "Width x height in pixels")->capture_default_str();
  command.add_option("--repeats", arguments->repeats, "Frames measured")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  command.add_option("--warm-ups", arguments->warm_ups, "Frames before them that are not")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
  command
      .add_option("--recorded-frames", arguments->recorded_frames,
                  "Frames after them whose stages are timed; 0: no stages")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
  command.add_option("--picture", arguments->picture,
                     "Write the roofline to this .svg: speed of each layer against its operations for each byte");
  add_json_flag(command, arguments->json);
  command.callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace rdn
