// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/convert_file.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include "batch/quality_hints.hpp"
#include "denoise_record.hpp"
#include "denoised.hpp"
#include "named_error.hpp"
#include "picture_class_output.hpp"

namespace rdn {
namespace {

/// Seconds since the last look.
class Stopwatch {
 public:
  double lap() {
    const auto now = Clock::now();
    return std::chrono::duration<double>(now - std::exchange(begin_, now)).count();
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point begin_ = Clock::now();
};

Json camera_of(const rdenoise::RawMetadata& metadata) {
  return {{"make", metadata.make}, {"model", metadata.model}, {"iso", metadata.iso}};
}

void describe(const Input& input, Json& details) {
  const rdenoise::ConstFrameView frame = view_of(input);
  details["width"] = frame.width_px;
  details["height"] = frame.height_px;
  details["color_model"] = rdenoise::to_string(frame.color_model);
  if (const auto* raw = std::get_if<rdenoise::RawFrame>(&input)) {
    details["camera"] = camera_of(raw->metadata);
  } else if (const rdenoise::RawMetadata* metadata = metadata_of(input)) {
    details["camera"] = camera_of(*metadata);
    details["note"] = "no Bayer mosaic: developed by LibRaw, denoised with the colour model";
  }
}

/// Mosaics have the noise of a sensor; what cameras developed has any.
NoiseArguments noise_arguments_for(const Input& input, NoiseArguments arguments) {
  const bool is_mosaic = view_of(input).color_model == rdenoise::ColorModel::bayer;
  if (is_mosaic && arguments.method == rdenoise::EstimateMethod::automatic)
    arguments.method = rdenoise::EstimateMethod::poisson_gaussian;
  return arguments;
}

Output computed(const Input& input, OutputKind kind, const std::filesystem::path& source,
                const BatchArguments& arguments, MethodPool& methods, Json& details, Json& seconds) {
  Stopwatch watch;
  const NoiseArguments noise_arguments = noise_arguments_for(input, arguments.noise);
  const rdenoise::NoiseProfile noise = noise_of(input, source, noise_arguments);
  details["noise_source"] = noise_source(noise_arguments);
  details["noise"] = to_json(noise);
  seconds["estimate"] = watch.lap();
  std::optional<Denoised> result;
  {
    const MethodPool::Lease method = methods.take(view_of(input).color_model);
    result = denoised(input, kind, *method, noise);
    details["method"] = (*method).name();
    details["model"] = (*method).model() == nullptr ? Json(nullptr) : Json((*method).model()->name);
    details["precision"] = rdenoise::to_string((*method).precision());
    add_picture_class(details, (*method).picture_class());
  }
  seconds["denoise"] = watch.lap();
  details["hints"] = quality_hints(view_of(input), view_of(*result), noise);
  seconds["judge"] = watch.lap();
  Output output = finished(input, kind, std::move(*result), arguments.demosaic, 0);
  seconds["develop"] = watch.lap();
  return output;
}

}  // namespace

void convert_file(const std::filesystem::path& source, const std::filesystem::path& output,
                  const BatchArguments& arguments, BatchWorkshop workshop, FileReport& report) {
  MemoryBudget::Share memory = workshop.memory.take(guessed_need_bytes(source, report.source_bytes));
  Json seconds = Json::object();
  Stopwatch watch;
  const bool is_linear = arguments.naming.format == BatchFormat::dng_linear;
  const OutputKind kind = is_linear ? OutputKind::linear_dng : output_kind(output);
  const Input input = read_input(source, is_linear ? rdenoise::LinearColors::camera : rdenoise::LinearColors::srgb);
  seconds["read"] = watch.lap();
  if (const rdenoise::RawMetadata* metadata = metadata_of(input);
      metadata != nullptr && !arguments.force && arguments.denoiser.strength > 0.0)
    check_not_denoised(*metadata, source);
  describe(input, report.details);
  memory.correct(need_bytes(view_of(input), kind != OutputKind::dng));
  std::optional<Output> result;
  naming(source, [&] {
    workshop.cores.run(
        [&] { result = computed(input, kind, source, arguments, workshop.methods, report.details, seconds); });
  });
  watch.lap();
  OutputOptions options = arguments.output;
  options.n_threads = 1;  // other files keep the other cores busy
  write_output(output, *result, options);
  seconds["write"] = watch.lap();
  report.details["seconds"] = std::move(seconds);
}

}  // namespace rdn
