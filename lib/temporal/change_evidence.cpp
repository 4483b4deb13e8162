// SPDX-License-Identifier: LGPL-2.1-or-later
#include "temporal/change_evidence.hpp"

#include <algorithm>
#include <cmath>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

/// A millionth of an 8-bit step: noise so weak, or none at all, is no reason to divide by 0.
constexpr float least_sigma = 1e-6F / 255.F;
constexpr float least_variance = least_sigma * least_sigma;

[[gnu::always_inline]] inline float variance_on_line(float a, float b, float signal) {
  const float variance = a * (signal > 0.F ? signal : 0.F) + b;  // not a number: b
  return variance > least_variance ? variance : least_variance;
}

[[gnu::always_inline]] inline float variance_in_table(const float* table, float signal) {
  constexpr float last = NoiseByLevel::level_count - 1;
  float place = signal * last;
  place = place > 0.F ? place : 0.F;
  place = place < last ? place : last;
  return table[static_cast<int>(place)];
}

template <int across, int down, typename Variance>
[[gnu::always_inline]] inline void add_cells(const CellSamples& samples, int begin, int end, Variance variance,
                                             const float* __restrict sigma_shares, float* __restrict energy,
                                             float* __restrict shift) {
  const float* __restrict now_0 = samples.now[0];
  const float* __restrict now_1 = samples.now[down - 1];
  const float* __restrict before_0 = samples.before[0];
  const float* __restrict before_1 = samples.before[down - 1];
  for (int i = begin; i < end; ++i) {
    float signal = 0.F;
    float difference = 0.F;
    float squares = 0.F;
    for (int k = 0; k < across; ++k) {
      const int at = across * i + k;
      const float upper = now_0[at] - before_0[at];
      signal += now_0[at] + before_0[at];
      difference += upper;
      squares += upper * upper;
      if (down == 1) continue;
      const float lower = now_1[at] - before_1[at];
      signal += now_1[at] + before_1[at];
      difference += lower;
      squares += lower * lower;
    }
    constexpr float to_mean = 1.F / (2 * across * down);
    const float scale = 1.F / (variance(signal * to_mean) * (1.F + sigma_shares[i] * sigma_shares[i]));
    energy[i] += scale * squares;
    shift[i] += std::sqrt(scale) * difference;
  }
}

template <int across, int down>
RDENOISE_WIDE_VECTOR_CLONES void add_by_line(const CellSamples& samples, int cells, float a, float b,
                                             const float* sigma_shares, float* energy, float* shift) {
  const auto variance = [=] [[gnu::always_inline]] (float signal) { return variance_on_line(a, b, signal); };
  add_cells<across, down>(samples, 0, cells, variance, sigma_shares, energy, shift);
}

template <int across, int down>
RDENOISE_WIDE_VECTOR_CLONES void add_by_table(const CellSamples& samples, int cells, const float* table,
                                              const float* sigma_shares, float* energy, float* shift) {
  const auto variance = [=] [[gnu::always_inline]] (float signal) { return variance_in_table(table, signal); };
  add_cells<across, down>(samples, 0, cells, variance, sigma_shares, energy, shift);
}

template <int across, int down>
void add(const CellSamples& samples, int cells, const NoiseByLevel& noise, const float* sigma_shares,
         const Evidence& evidence) {
  if (noise.is_line)
    add_by_line<across, down>(samples, cells, noise.a, noise.b, sigma_shares, evidence.energy, evidence.shift);
  else
    add_by_table<across, down>(samples, cells, noise.variance.data(), sigma_shares, evidence.energy, evidence.shift);
}

}  // namespace

NoiseByLevel::NoiseByLevel(const NoiseModel& noise)
    : a(static_cast<float>(noise.a)), b(static_cast<float>(noise.b)), is_line(!noise.level_function) {
  if (is_line) return;
  for (int i = 0; i < level_count; ++i) {
    const auto at_level = static_cast<float>(noise.variance(static_cast<double>(i) / (level_count - 1)));
    variance[static_cast<std::size_t>(i)] = std::max(at_level, least_variance);
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
  CellSamples last{1, samples.down, 1, samples.now, samples.before};
  for (auto* rows : {&last.now, &last.before})
    for (const float*& row : *rows) row += 2 * pairs;
  add_evidence(last, noise, sigma_shares + pairs, {evidence.energy + pairs, evidence.shift + pairs});
}

}  // namespace rdenoise
