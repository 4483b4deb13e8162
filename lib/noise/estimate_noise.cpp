// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <rdenoise/noise.hpp>
#include <vector>

#include "noise/level_estimate.hpp"
#include "noise/patch_energy.hpp"
#include "noise/variance_fit.hpp"

namespace rdenoise {
namespace {

// Where this channel's data are cut off, if they are. Data that go beyond a level are not cut off there.
ClipBounds clip_bounds(const ConstChannelView& channel, ColorModel model, std::span<const PatchEnergy> patches) {
  double level_low = 0.0;
  double level_high = 1.0;
  double stored_low = -std::numeric_limits<double>::infinity();
  double stored_high = std::numeric_limits<double>::infinity();
  double half_step = 0.0;
  if (channel.sample.type != SampleType::f32) {
    const double scale = 1.0 / std::max(1e-6, static_cast<double>(channel.levels.white_dn) - channel.levels.black_dn);
    half_step = 0.5 * scale;
    stored_low = -channel.levels.black_dn * scale;
    stored_high = ((1 << channel.sample.bit_depth) - 1 - channel.levels.black_dn) * scale;
    // The black level of RAW is no bound: noise goes below it.
    if (model == ColorModel::bayer) level_low = stored_low;
  }
  std::size_t below = 0;
  std::size_t above = 0;
  for (const PatchEnergy& patch : patches) {
    below += patch.minimum < level_low - half_step;
    above += patch.maximum > level_high + half_step;
  }
  // A few dead or hot pixels do not count.
  const std::size_t few = patches.size() / 200;
  return {static_cast<float>(std::max(stored_low, below > few ? stored_low : level_low) + half_step),
          static_cast<float>(std::min(stored_high, above > few ? stored_high : level_high) - half_step)};
}

// The views that hold one colour of the profile.
std::vector<ConstChannelView> channels_of_color(const ConstFrameView& frame, int color) {
  const bool bayer = frame.color_model == ColorModel::bayer;
  std::vector<ConstChannelView> channels;
  for (int c = 0; c < frame.channel_count; ++c) {
    if ((bayer ? cfa_color_at(frame.cfa, c % 2, c / 2) : c) == color) channels.push_back(frame.channels[c]);
  }
  return channels;
}

// The colours of one sensor have similar noise: what all of them say together helps where one shows nothing flat.
bool shares_sensor(ColorModel model) { return model == ColorModel::bayer || model == ColorModel::rgb; }

}  // namespace

NoiseProfile estimate_noise(const ConstFrameView& frame, const EstimateOptions& options) {
  const bool is_sensor = frame.color_model == ColorModel::bayer;
  EstimateMethod method = options.method;
  if (method == EstimateMethod::level_function || (method == EstimateMethod::automatic && !is_sensor)) {
    // Four times as large, half as many.
    const LevelEstimate estimate = estimate_level_functions(frame, options.max_patches / 2);
    if (method == EstimateMethod::level_function || estimate.is_colored) return estimate.profile;
  }
  if (method == EstimateMethod::automatic) method = EstimateMethod::poisson_gaussian;
  NoiseProfile profile;
  profile.channel_count = profile_channel_count(frame.color_model);
  profile.confidence = 1.0;
  std::array<std::vector<PatchEnergy>, 3> patches;
  std::vector<PatchEnergy> all_patches;
  for (int color = 0; color < profile.channel_count; ++color) {
    patches[color] = sample_patches(channels_of_color(frame, color), options.max_patches);
    if (shares_sensor(frame.color_model))
      all_patches.insert(all_patches.end(), patches[color].begin(), patches[color].end());
  }
  const auto& black = options.priors.black_variance;
  NoiseModel prior;
  if (shares_sensor(frame.color_model)) {
    const ClipBounds bounds = clip_bounds(frame.channels[0], frame.color_model, all_patches);
    prior = fit_variance(all_patches, bounds, method, {.is_sensor = is_sensor}).model;
  }
  for (int color = 0; color < profile.channel_count; ++color) {
    const ClipBounds bounds = clip_bounds(frame.channels[color], frame.color_model, patches[color]);
    const VarianceFit fit =
        fit_variance(patches[color], bounds, method,
                     {.other_colors = shares_sensor(frame.color_model) ? &prior : nullptr,
                      .black_variance = is_sensor && black ? &(*black)[static_cast<std::size_t>(color)] : nullptr,
                      .is_sensor = is_sensor});
    profile.channels[color] = fit.model;
    profile.confidence = std::min(profile.confidence, fit.confidence);
  }
  return options.priors.profile ? combine_noise(profile, *options.priors.profile) : profile;
}

}  // namespace rdenoise
