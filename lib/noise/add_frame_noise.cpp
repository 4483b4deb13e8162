// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/error.hpp>
#include <rdenoise/noise.hpp>
#include <string>

#include "noise/frame_rows.hpp"

namespace rdenoise {

void add_noise(const ConstFrameView& src, const FrameView& dst, const NoiseProfile& profile, NoiseSeed seed,
               const DrawOptions& options) {
  check_same_layout(src, dst, "adding noise");
  if (profile.channel_count != profile_channel_count(src.color_model)) {
    throw Error(ErrorCode::invalid_argument, "adding noise: expected a profile of " +
                                                 std::to_string(profile_channel_count(src.color_model)) +
                                                 " channels, found " + std::to_string(profile.channel_count));
  }
  change_rows(src, dst, options.n_threads, [&](std::span<float> row, int channel, int y) {
    const NoiseSeed channel_seed{seed.seed, seed.stream * max_channels + static_cast<std::uint32_t>(channel)};
    add_noise(row, row, channel_noise(profile, src.color_model, src.cfa, channel), channel_seed,
              static_cast<std::uint64_t>(y) * row.size());
    limit_samples(row, options.limits);
  });
}

}  // namespace rdenoise
