// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_average.hpp"

namespace rdenoise::gst {
namespace {

bool is_wished(Temporal temporal, Preset in_use) {
  if (temporal != Temporal::automatic) return temporal == Temporal::on;
  return in_use != Preset::none;
}

/// The noise that is to go.
NoiseProfile at_strength(NoiseProfile noise, double strength) {
  const double factor = strength * strength;
  for (NoiseModel& model : noise.channels) {
    model.a *= factor;
    model.b *= factor;
    if (!model.level_function) continue;
    for (float& variance : model.level_function->variance) variance *= static_cast<float>(factor);
  }
  return noise;
}

}  // namespace

AveragedFrame FrameAverage::average(const ConstFrameView& frame, const NoiseProfile& noise,
                                    const DenoiseSettings& settings, Preset in_use, const NetworkSpec& network) {
  if (!is_wished(settings.temporal, in_use) || !network.has_noise_map()) {
    average_.reset();
    return {frame, nullptr};
  }
  if (!average_ || n_threads_ != settings.n_threads) {
    average_.emplace(settings.n_threads);
    n_threads_ = settings.n_threads;
  }
  return average_->add(frame, at_strength(noise, settings.strength));
}

void FrameAverage::reset() noexcept {
  if (average_) average_->reset();
}

}  // namespace rdenoise::gst
