// SPDX-License-Identifier: LGPL-2.1-or-later
#include "temporal/change_evidence.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

/// A ten-thousandth of a stored step: noise so weak, or none at all, is no reason to divide by 0.
constexpr float least_sigma_dn = 1e-4F;
constexpr float least_variance_dn2 = least_sigma_dn * least_sigma_dn;

[[gnu::always_inline]] inline float variance_on_line(const NoiseByLevel& noise, float level_dn) {
  const float variance = noise.a_dn * (level_dn > 0.F ? level_dn : 0.F) + noise.b_dn2;
  return variance > least_variance_dn2 ? variance : least_variance_dn2;
}

[[gnu::always_inline]] inline float variance_in_table(const NoiseByLevel& noise, float level_dn) {
  constexpr float last = NoiseByLevel::level_count - 1;
  float place = level_dn * noise.levels_per_dn;
  place = place > 0.F ? place : 0.F;
  place = place < last ? place : last;
  return noise.variance_dn2[static_cast<std::size_t>(place)];
}

/// Sums over samples of a cell, each of which fits: four samples of 15 bits, and their differences.
struct CellSums {
  int before = 0;
  int difference = 0;
  float squares = 0.F;

  [[gnu::always_inline]] void add(int sample, int its_difference) {
    before += sample;
    difference += its_difference;
    squares += static_cast<float>(its_difference) * static_cast<float>(its_difference);
  }
};

template <int across>
[[gnu::always_inline]] inline void add_row_of_cell(const std::uint16_t* before, const std::int16_t* differences,
                                                   int cell, CellSums& sums) {
  if constexpr (across == 1) {
    sums.add(before[cell], differences[cell]);
  } else {
    // Two samples as one word: taking that apart is quicker than putting every second sample together. Which of them
    // is the upper half doesn't matter.
    std::uint32_t sample_pair;
    std::uint32_t difference_pair;
    std::memcpy(&sample_pair, before + 2 * cell, sizeof sample_pair);
    std::memcpy(&difference_pair, differences + 2 * cell, sizeof difference_pair);
    sums.add(static_cast<int>(sample_pair & 0xFFFFU), static_cast<std::int32_t>(difference_pair << 16) >> 16);
    sums.add(static_cast<int>(sample_pair >> 16), static_cast<std::int32_t>(difference_pair) >> 16);
  }
}

template <int across, int down, typename Variance>
[[gnu::always_inline]] inline void add_cells(const CellSamples& samples, int cells, const NoiseByLevel& noise,
                                             Variance variance, const float* __restrict sigma_shares,
                                             float* __restrict energy, float* __restrict shift) {
  const std::uint16_t* __restrict before_0 = samples.before[0];
  const std::uint16_t* __restrict before_1 = samples.before[down - 1];
  const std::int16_t* __restrict differences_0 = samples.differences[0];
  const std::int16_t* __restrict differences_1 = samples.differences[down - 1];
  for (int i = 0; i < cells; ++i) {
    CellSums sums;
    add_row_of_cell<across>(before_0, differences_0, i, sums);
    if (down == 2) add_row_of_cell<across>(before_1, differences_1, i, sums);
    // The mean of both pictures: before + difference/2.
    constexpr float to_mean = 1.F / (2 * across * down);
    const float level_dn = static_cast<float>(2 * sums.before + sums.difference) * to_mean - noise.black_dn;
    const float scale = 1.F / (variance(noise, level_dn) * (1.F + sigma_shares[i] * sigma_shares[i]));
    energy[i] += scale * sums.squares;
    shift[i] += std::sqrt(scale) * static_cast<float>(sums.difference);
  }
}

template <int across, int down>
RDENOISE_WIDE_VECTOR_CLONES void add_by_line(const CellSamples& samples, int cells, const NoiseByLevel& noise,
                                             const float* sigma_shares, float* energy, float* shift) {
  add_cells<across, down>(samples, cells, noise, variance_on_line, sigma_shares, energy, shift);
}

template <int across, int down>
RDENOISE_WIDE_VECTOR_CLONES void add_by_table(const CellSamples& samples, int cells, const NoiseByLevel& noise,
                                              const float* sigma_shares, float* energy, float* shift) {
  add_cells<across, down>(samples, cells, noise, variance_in_table, sigma_shares, energy, shift);
}

template <int across, int down>
void add(const CellSamples& samples, int cells, const NoiseByLevel& noise, const float* sigma_shares,
         const Evidence& evidence) {
  const auto way = noise.is_line ? add_by_line<across, down> : add_by_table<across, down>;
  way(samples, cells, noise, sigma_shares, evidence.energy, evidence.shift);
}

}  // namespace

NoiseByLevel::NoiseByLevel(const NoiseModel& noise, const Levels& stored)
    : black_dn(stored.black_dn), is_line(!noise.level_function) {
  const float range_dn = stored.white_dn - stored.black_dn;
  const float range_dn2 = range_dn * range_dn;
  a_dn = static_cast<float>(noise.a) * range_dn;
  b_dn2 = static_cast<float>(noise.b) * range_dn2;
  levels_per_dn = static_cast<float>(level_count - 1) / range_dn;
  if (is_line) return;
  for (int i = 0; i < level_count; ++i) {
    const auto at_level = static_cast<float>(noise.variance(static_cast<double>(i) / (level_count - 1)));
    variance_dn2[static_cast<std::size_t>(i)] = std::max(at_level * range_dn2, least_variance_dn2);
  }
}

void add_evidence(const CellSamples& samples, const NoiseByLevel& noise, const float* sigma_shares,
                  const Evidence& evidence) {
  if (samples.across == 1) {
    if (samples.down == 1) return add<1, 1>(samples, samples.samples, noise, sigma_shares, evidence);
    return add<1, 2>(samples, samples.samples, noise, sigma_shares, evidence);
  }
  const int pairs = samples.samples / 2;
  if (samples.down == 1)
    add<2, 1>(samples, pairs, noise, sigma_shares, evidence);
  else
    add<2, 2>(samples, pairs, noise, sigma_shares, evidence);
  if (samples.samples % 2 == 0) return;
  CellSamples last{1, samples.down, 1, samples.before, samples.differences};
  for (auto& row : last.before) row += 2 * pairs;
  for (auto& row : last.differences) row += 2 * pairs;
  add_evidence(last, noise, sigma_shares + pairs, {evidence.energy + pairs, evidence.shift + pairs});
}

}  // namespace rdenoise
