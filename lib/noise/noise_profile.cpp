// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <rdenoise/noise.hpp>

namespace rdenoise {

const NoiseModel& channel_noise(const NoiseProfile& profile, ColorModel model, CfaPattern cfa,
                                int channel_index) noexcept {
  int index = channel_index;
  if (model == ColorModel::bayer) index = cfa_color_at(cfa, channel_index % 2, channel_index / 2);
  const int last = static_cast<int>(profile.channels.size()) - 1;
  return profile.channels[static_cast<std::size_t>(std::clamp(index, 0, last))];
}

NoiseProfile uniform_profile(ColorModel model, const NoiseModel& noise) noexcept {
  NoiseProfile profile;
  profile.channel_count = profile_channel_count(model);
  profile.confidence = 1.0;
  for (int c = 0; c < profile.channel_count; ++c) profile.channels[static_cast<std::size_t>(c)] = noise;
  return profile;
}

double sigma_8bit(const NoiseProfile& profile) noexcept {
  if (profile.channel_count <= 0) return 0.0;
  double sum = 0.0;
  for (int c = 0; c < profile.channel_count; ++c) sum += profile.channels[static_cast<std::size_t>(c)].variance(0.5);
  return 255.0 * std::sqrt(sum / profile.channel_count);
}

}  // namespace rdenoise
