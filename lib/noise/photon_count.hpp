// SPDX-License-Identifier: LGPL-2.1-or-later
// Poisson-distributed photon counts by position.
#pragma once

#include <array>
#include <cstdint>

#include "noise/gaussian_field.hpp"
#include "noise/philox.hpp"

namespace rdenoise {

/// From this mean count on the sampler uses shot_noise_by_cornish_fisher. There the true count is a lattice of step
/// ≤ σ/16 and the mean, variance and skewness agree to O(1/mean²); what is left (lattice, excess kurtosis 1/256) no
/// picture shows.
inline constexpr float normal_approximation_count = 256.F;

/// A Poisson number of this mean, exact for means below 2²⁰ (greater ones never come here). 0 for a mean of 0.
/// Plain twin of photon_counts.
[[nodiscard]] double photon_count(double mean, const NoiseSeed& seed, std::uint64_t index) noexcept;

using PhotonGroup = std::array<double, gaussian_group_size>;

/// counts[i] = photon_count(mean[i], seed, group_index·gaussian_group_size + i) for a whole group; means below 2²⁰.
void photon_counts(const PhotonGroup& mean, const NoiseSeed& seed, std::uint64_t group_index,
                   PhotonGroup& counts) noexcept;

/// Poisson number minus its mean, for great means, from a standard normal number: the Cornish-Fisher expansion
/// (Abramowitz and Stegun 26.2.49) to third order.
[[nodiscard]] inline float shot_noise_by_cornish_fisher(float root_mean, float normal) noexcept {
  const float square = normal * normal;
  return root_mean * normal + (square - 1.F) * (1.F / 6) + normal * (1.F - square) * (1.F / 72) / root_mean;
}

}  // namespace rdenoise
