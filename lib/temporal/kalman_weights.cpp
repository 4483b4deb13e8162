// SPDX-License-Identifier: LGPL-2.1-or-later
#include "temporal/kalman_weights.hpp"

#include <cmath>

#include "base/vector_clones.hpp"
#include "temporal/blend_row.hpp"

namespace rdenoise {
namespace {

// What noise alone rarely exceeds: for energies, in standard deviations of their mean; for the squared mean shift, in
// multiples of its expectation. Nothing up to there is taken for change.
constexpr float narrow_energy_margin = 3.F;
constexpr float wide_energy_margin = 2.4F;
constexpr float narrow_shift_margin = 4.F;
constexpr float wide_shift_margin = 3.F;
// What lies beyond counts many times: change gathers at a few pixels of a window, where it is that much stronger than
// its mean, and does not average out as noise does. From 20 to 100 the pictures are equally good.
constexpr float energy_gain = 40.F;
constexpr float shift_gain = 64.F;
/// So that about 20 frames are the longest memory, however long nothing moves.
constexpr float least_weight = 0.09F;

/// From sums over a square to what is more than noise makes.
struct Excess {
  float scale;  ///< 1/samples in the square
  float step_scale;
  float energy_limit;
  float shift_limit;

  Excess(int edge_cells, int samples, float energy_margin, float shift_margin)
      : scale(1.F / static_cast<float>(edge_cells * edge_cells * samples)),
        step_scale(scale / steps_per_evidence),
        // A mean of n squares of standard normal values has variance 2/n, and the square of their mean expectation 1/n.
        energy_limit(1.F + energy_margin * std::sqrt(2.F * scale)),
        shift_limit(shift_margin * scale) {}

  [[nodiscard, gnu::always_inline]] float operator()(std::int32_t energy, std::int32_t shift) const noexcept {
    const float energy_excess = static_cast<float>(energy) * step_scale - energy_limit;
    const float mean_shift = static_cast<float>(shift) * step_scale;
    const float shift_excess = mean_shift * mean_shift - shift_limit;
    return energy_gain * (energy_excess > 0.F ? energy_excess : 0.F) +
           shift_gain * (shift_excess > 0.F ? shift_excess : 0.F);
  }
};

RDENOISE_WIDE_VECTOR_CLONES void weigh(const SquareSums& sums, const Excess& narrow_excess, const Excess& wide_excess,
                                       int count, const float* __restrict sigma_shares,
                                       std::int16_t* __restrict weights, float* __restrict left) {
  const std::int32_t* __restrict narrow_energy = sums.energy.narrow.data();
  const std::int32_t* __restrict narrow_shift = sums.shift.narrow.data();
  const std::int32_t* __restrict wide_energy = sums.energy.wide.data();
  const std::int32_t* __restrict wide_shift = sums.shift.wide.data();
  for (int i = 0; i < count; ++i) {
    // Variances as shares of the frame's own.
    const float before = sigma_shares[i] * sigma_shares[i];
    const float excess = narrow_excess(narrow_energy[i], narrow_shift[i]) + wide_excess(wide_energy[i], wide_shift[i]);
    const float uncertain = before + (1.F + before) * excess;
    const float best = uncertain / (1.F + uncertain);
    const float weight = best > least_weight ? best : least_weight;
    const float rounded = weight * whole_weight + 0.5F;
    weights[i] = static_cast<std::int16_t>(rounded < whole_weight - 1 ? rounded : whole_weight - 1);
    left[i] = std::sqrt(weight * weight + (1.F - weight) * (1.F - weight) * before);
  }
}

}  // namespace

void choose_weights(const SquareSums& evidence, int cells, int samples, const float* sigma_shares,
                    std::int16_t* weights, float* sigma_shares_left) {
  const Excess narrow_excess(narrow_edge_cells, samples, narrow_energy_margin, narrow_shift_margin);
  const Excess wide_excess(wide_edge_cells, samples, wide_energy_margin, wide_shift_margin);
  weigh(evidence, narrow_excess, wide_excess, cells, sigma_shares, weights, sigma_shares_left);
}

}  // namespace rdenoise
