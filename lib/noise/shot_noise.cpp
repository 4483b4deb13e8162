// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/shot_noise.hpp"

#include <algorithm>
#include <cmath>

#include "base/vector_clones.hpp"
#include "noise/gaussian_field.hpp"
#include "noise/photon_count.hpp"

namespace rdenoise {
namespace {

struct MeanRange {
  float lowest;
  float highest;
};

RDENOISE_WIDE_VECTOR_CLONES
MeanRange mean_counts(const float* clean, std::size_t count, float a, float* mean) {
  float lowest = std::max(clean[0], 0.F) / a;
  float highest = lowest;
  for (std::size_t i = 0; i < count; ++i) {
    const float signal = clean[i] > 0.F ? clean[i] : 0.F;
    mean[i] = signal / a;
    lowest = std::min(lowest, mean[i]);
    highest = std::max(highest, mean[i]);
  }
  return {lowest, highest};
}

RDENOISE_WIDE_VECTOR_CLONES
void approximate(const float* mean, const float* normal, std::size_t count, float a, float* shot) {
  for (std::size_t i = 0; i < count; ++i) shot[i] = a * shot_noise_by_cornish_fisher(std::sqrt(mean[i]), normal[i]);
}

RDENOISE_WIDE_VECTOR_CLONES
void add_row(const float* clean, const float* shot, float* noisy, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) noisy[i] = clean[i] + shot[i];
}

}  // namespace

void add_shot_noise(const float* clean, float* noisy, std::size_t count, float a, const NoiseSeed& seed,
                    std::uint64_t group_index, std::size_t offset) noexcept {
  alignas(64) float mean[gaussian_group_size];
  alignas(64) float shot[gaussian_group_size];
  const MeanRange range = mean_counts(clean, count, a, mean);
  if (range.highest >= normal_approximation_count) {
    GaussianGroup normal;
    gaussian_group(seed, philox::Purpose::shot_noise, group_index, normal);
    approximate(mean, normal.data() + offset, count, a, shot);
  }
  if (range.lowest < normal_approximation_count) {
    PhotonGroup exact_mean{};
    PhotonGroup photons;
    for (std::size_t i = 0; i < count; ++i)
      exact_mean[offset + i] = mean[i] < normal_approximation_count ? mean[i] : 0.F;
    photon_counts(exact_mean, seed, group_index, photons);
    for (std::size_t i = 0; i < count; ++i) {
      const auto excess = static_cast<float>(a * (photons[offset + i] - mean[i]));
      shot[i] = mean[i] < normal_approximation_count ? excess : shot[i];
    }
  }
  add_row(clean, shot, noisy, count);
}

}  // namespace rdenoise
