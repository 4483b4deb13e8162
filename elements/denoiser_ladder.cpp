// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoiser_ladder.hpp"

#include <rdenoise/error.hpp>
#include <utility>

#include "log_category.hpp"

#define GST_CAT_DEFAULT rdenoise_debug

namespace rdenoise::gst {
namespace {

Model load_by_preset(GstElement* element, Preset preset, const PixelFormat& format) {
  const std::string_view wanted = preset_model_name(preset, format);
  const std::string_view gray = default_model_name(ColorModel::gray);
  try {
    return load_model(wanted);
  } catch (const Error& error) {
    // The gray model takes every frame, channel by channel: better than none, where the specialist of a format is not
    // installed. Whoever asked for a preset's own network is told instead.
    const bool is_default = wanted == default_model_name(format.color_model);
    if (error.code() != ErrorCode::not_found || !is_default || wanted == gray) throw;
    GST_WARNING_OBJECT(element, "%s; using %s channel by channel", error.what(), std::string(gray).c_str());
    return load_model(gray);
  }
}

/// What a preset cannot do here.
void tell_preset_use(GstElement* element, const LadderRequest& request) {
  if (request.preset == Preset::none) return;
  const std::string preset(to_string(request.preset));
  const PixelFormat& format = *request.format;
  if (!request.model.empty()) {
    GST_ELEMENT_WARNING(element, LIBRARY, SETTINGS,
                        ("expected a model or a preset, found model %s and preset %s: using the model",
                         request.model.c_str(), preset.c_str()),
                        (nullptr));
  } else if (preset_model_name(Preset::live, format) == preset_model_name(Preset::best, format)) {
    GST_INFO_OBJECT(element, "%s has one network for all presets", std::string(format.name).c_str());
  }
}

void tell_precision(GstElement* element, Precision wished, const Denoiser& denoiser) {
  const Precision in_use = denoiser.precision();
  if (wished != Precision::automatic && wished != in_use)
    GST_WARNING_OBJECT(element, "%s: expected precision %s, found that %s has none of it: %s is used",
                       denoiser.model().name.c_str(), to_string(wished).data(), cpu_isa().c_str(),
                       to_string(in_use).data());
  else
    GST_INFO_OBJECT(element, "%s: precision %s", denoiser.model().name.c_str(), to_string(in_use).data());
}

}  // namespace

DenoiserLadder::DenoiserLadder(GstElement* element, const LadderRequest& request) : request_(request) {
  const bool is_by_name = !request.model.empty();
  Preset preset = is_by_name ? Preset::none : request.preset;
  Model model = is_by_name ? load_model(request.model) : load_by_preset(element, preset, *request.format);
  GST_INFO_OBJECT(element, "denoising with %s", model.path.c_str());
  tell_preset_use(element, request);
  levels_.push_back({preset, model.name});
  denoisers_.emplace_back(std::in_place, std::move(model), options());
  tell_precision(element, request.precision, *denoisers_.back());
  std::string_view dearer = preset_model_name(preset, *request.format);
  while (preset > Preset::lightest) {
    preset = static_cast<Preset>(static_cast<int>(preset) - 1);
    const std::string_view name = preset_model_name(preset, *request.format);
    if (name == dearer) continue;
    levels_.push_back({preset, std::string(name)});
    denoisers_.emplace_back();
    dearer = name;
  }
}

void DenoiserLadder::load_cheaper(GstElement* element) {
  for (std::size_t i = 1; i < levels_.size();) {
    try {
      if (!denoisers_[i]) {
        denoisers_[i].emplace(load_model(levels_[i].model_name), options());
        tell_precision(element, request_.precision, *denoisers_[i]);
      }
      ++i;
    } catch (const Error& error) {
      GST_WARNING_OBJECT(element, "%s; it cannot stand in", error.what());
      levels_.erase(levels_.begin() + static_cast<std::ptrdiff_t>(i));
      denoisers_.erase(denoisers_.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
}

void DenoiserLadder::prepare(const ConstFrameView& frame) {
  for (std::optional<Denoiser>& denoiser : denoisers_)
    if (denoiser) denoiser->prepare(frame);
}

void DenoiserLadder::set_strength(double strength) {
  for (std::optional<Denoiser>& denoiser : denoisers_)
    if (denoiser) denoiser->set_strength(strength);
}

DenoiseOptions DenoiserLadder::options() const {
  return {.precision = request_.precision,
          .tile_size_px = request_.tile_size_px,
          .n_threads = request_.n_threads,
          .stabilise_variance = request_.stabilise_variance};
}

GstStructure* make_quality_news(const DenoiserLadder& ladder, const QualityChange& change, GstClockTime timestamp) {
  const DenoiserLadder::Level& next = ladder.level(change.to);
  const std::string from(to_string(ladder.level(change.from).preset));
  const std::string to(to_string(next.preset));
  return gst_structure_new("rdenoise-quality", "timestamp", G_TYPE_UINT64, timestamp, "from", G_TYPE_STRING,
                           from.c_str(), "to", G_TYPE_STRING, to.c_str(), "model", G_TYPE_STRING,
                           next.model_name.c_str(), "why", G_TYPE_STRING, to_string(change.why), "cost-ms",
                           G_TYPE_DOUBLE, change.cost_ms, "budget-ms", G_TYPE_DOUBLE, change.budget_ms, nullptr);
}

}  // namespace rdenoise::gst
