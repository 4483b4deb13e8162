// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/noise.hpp>
#include <string>
#include <vector>

#include "base/vector_clones.hpp"
#include "noise/gaussian_field.hpp"
#include "noise/photon_count.hpp"

namespace rdenoise {
namespace {

RDENOISE_VECTOR_CLONES
void add_scaled(const float* clean, const float* normal, float sigma, float* noisy, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) noisy[i] = clean[i] + sigma * normal[i];
}

// Shot noise of `count` pixels that lie in one group of the field, the first at place `offset` of it.
void add_shot_noise(const float* clean, float* noisy, std::size_t count, float a, const NoiseSeed& seed,
                    std::uint64_t group_index, std::size_t offset) {
  GaussianGroup normal;
  bool normal_drawn = false;
  for (std::size_t i = 0; i < count; ++i) {
    const float signal = clean[i] > 0.F ? clean[i] : 0.F;
    const float mean = signal / a;
    if (mean < normal_approximation_count) {
      const std::uint64_t index = group_index * gaussian_group_size + offset + i;
      const double photons = photon_count(mean, seed, index);
      noisy[i] = clean[i] + static_cast<float>(a * (photons - mean));
      continue;
    }
    if (!normal_drawn) {
      gaussian_group(seed, philox::Purpose::shot_noise, group_index, normal);
      normal_drawn = true;
    }
    noisy[i] = clean[i] + a * shot_noise_by_cornish_fisher(std::sqrt(mean), normal[offset + i]);
  }
}

void check_same_layout(const ConstFrameView& src, const FrameView& dst, const NoiseProfile& profile) {
  const auto describe = [](ColorModel model, int width_px, int height_px, int channels) {
    return std::string(to_string(model)) + " " + std::to_string(width_px) + "×" + std::to_string(height_px) + " of " +
           std::to_string(channels) + " channels";
  };
  bool same = src.color_model == dst.color_model && src.channel_count == dst.channel_count &&
              src.width_px == dst.width_px && src.height_px == dst.height_px;
  for (int c = 0; same && c < src.channel_count; ++c) {
    same =
        src.channels[c].width_px == dst.channels[c].width_px && src.channels[c].height_px == dst.channels[c].height_px;
  }
  if (src.color_model == ColorModel::bayer) same = same && src.cfa == dst.cfa;
  if (!same) {
    throw Error(ErrorCode::invalid_argument,
                "adding noise: expected a destination laid out as the source, " +
                    describe(src.color_model, src.width_px, src.height_px, src.channel_count) + ", found " +
                    describe(dst.color_model, dst.width_px, dst.height_px, dst.channel_count));
  }
  if (profile.channel_count != profile_channel_count(src.color_model)) {
    throw Error(ErrorCode::invalid_argument, "adding noise: expected a profile of " +
                                                 std::to_string(profile_channel_count(src.color_model)) +
                                                 " channels, found " + std::to_string(profile.channel_count));
  }
}

}  // namespace

void add_noise(std::span<const float> clean, std::span<float> noisy, const NoiseModel& noise, NoiseSeed seed,
               std::uint64_t first_index) {
  if (clean.size() != noisy.size()) {
    throw Error(ErrorCode::invalid_argument, "adding noise: expected " + std::to_string(clean.size()) +
                                                 " samples of room, found " + std::to_string(noisy.size()));
  }
  const auto a = static_cast<float>(noise.a);
  const float read_sigma = noise.b > 0.0 ? static_cast<float>(std::sqrt(noise.b)) : 0.F;
  GaussianGroup normal;
  for (std::size_t done = 0; done < clean.size();) {
    const std::uint64_t group_index = (first_index + done) / gaussian_group_size;
    const std::size_t offset = (first_index + done) % gaussian_group_size;
    const std::size_t count = std::min(clean.size() - done, gaussian_group_size - offset);
    const float* source = clean.data() + done;
    float* const target = noisy.data() + done;
    if (a > 0.F) {
      add_shot_noise(source, target, count, a, seed, group_index, offset);
      source = target;
    }
    if (read_sigma > 0.F) {
      gaussian_group(seed, philox::Purpose::read_noise, group_index, normal);
      add_scaled(source, normal.data() + offset, read_sigma, target, count);
    } else if (source != target) {
      std::copy_n(source, count, target);
    }
    done += count;
  }
}

void add_noise(const ConstFrameView& src, const FrameView& dst, const NoiseProfile& profile, NoiseSeed seed) {
  check_same_layout(src, dst, profile);
  std::vector<float> row;
  for (int c = 0; c < src.channel_count; ++c) {
    const ConstChannelView& from = src.channels[c];
    const NoiseModel& noise = channel_noise(profile, src.color_model, src.cfa, c);
    const NoiseSeed channel_seed{seed.seed, seed.stream * max_channels + static_cast<std::uint32_t>(c)};
    row.resize(static_cast<std::size_t>(from.width_px));
    for (int y = 0; y < from.height_px; ++y) {
      read_row(from, y, 0, row);
      add_noise(row, row, noise, channel_seed, static_cast<std::uint64_t>(y) * row.size());
      write_row(dst.channels[c], y, 0, row);
    }
  }
}

}  // namespace rdenoise
