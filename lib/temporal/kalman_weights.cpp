// SPDX-License-Identifier: LGPL-2.1-or-later
#include "temporal/kalman_weights.hpp"

#include <algorithm>
#include <cmath>

#include "base/vector_clones.hpp"

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

/// Cells at a time, which fit the first cache.
constexpr int piece_cells = 512;
using Piece = std::array<float, piece_cells>;

RDENOISE_WIDE_VECTOR_CLONES void sum_of_5(const float* __restrict a, const float* __restrict b,
                                          const float* __restrict c, const float* __restrict d,
                                          const float* __restrict e, int count, float* __restrict sums) {
  for (int i = 0; i < count; ++i) sums[i] = a[i] + b[i] + c[i] + d[i] + e[i];
}

RDENOISE_WIDE_VECTOR_CLONES void add_4(const float* __restrict a, const float* __restrict b, const float* __restrict c,
                                       const float* __restrict d, int count, float* __restrict sums) {
  for (int i = 0; i < count; ++i) sums[i] += a[i] + b[i] + c[i] + d[i];
}

RDENOISE_WIDE_VECTOR_CLONES void sum_neighbours(const float* __restrict first, int count, float* __restrict narrow,
                                                float* __restrict wide) {
  for (int i = 0; i < count; ++i) {
    const float middle = first[i + 2] + first[i + 3] + first[i + 4] + first[i + 5] + first[i + 6];
    narrow[i] = middle;
    wide[i] = middle + first[i] + first[i + 1] + first[i + 7] + first[i + 8];
  }
}

void sum_down(const std::array<const float*, narrow_edge_cells>& rows, int begin, int count, Piece& sums) {
  sum_of_5(rows[0] + begin, rows[1] + begin, rows[2] + begin, rows[3] + begin, rows[4] + begin, count, sums.data());
}

void sum_down(const std::array<const float*, wide_edge_cells>& rows, int begin, int count, Piece& sums) {
  sum_of_5(rows[0] + begin, rows[1] + begin, rows[2] + begin, rows[3] + begin, rows[4] + begin, count, sums.data());
  add_4(rows[5] + begin, rows[6] + begin, rows[7] + begin, rows[8] + begin, count, sums.data());
}

/// From sums over a window to what is more than noise makes.
struct Excess {
  float scale;  ///< 1/samples in the window
  float energy_limit;
  float shift_limit;

  Excess(int edge_cells, int samples, float energy_margin, float shift_margin)
      : scale(1.F / static_cast<float>(edge_cells * edge_cells * samples)),
        // A mean of n squares of standard normal values has variance 2/n, and the square of their mean expectation 1/n.
        energy_limit(1.F + energy_margin * std::sqrt(2.F * scale)),
        shift_limit(shift_margin * scale) {}

  [[nodiscard, gnu::always_inline]] float operator()(float energy, float shift) const noexcept {
    const float energy_excess = energy * scale - energy_limit;
    const float shift_excess = (shift * scale) * (shift * scale) - shift_limit;
    return energy_gain * (energy_excess > 0.F ? energy_excess : 0.F) +
           shift_gain * (shift_excess > 0.F ? shift_excess : 0.F);
  }
};

struct WindowSums {
  Piece energy;
  Piece shift;
};

RDENOISE_WIDE_VECTOR_CLONES void weigh(const WindowSums& narrow, const WindowSums& wide, const Excess& narrow_excess,
                                       const Excess& wide_excess, int count, const float* __restrict sigma_shares,
                                       float* __restrict weights, float* __restrict left) {
  for (int i = 0; i < count; ++i) {
    // Variances as shares of the frame's own.
    const float before = sigma_shares[i] * sigma_shares[i];
    const float excess = narrow_excess(narrow.energy[i], narrow.shift[i]) + wide_excess(wide.energy[i], wide.shift[i]);
    const float uncertain = before + (1.F + before) * excess;
    const float best = uncertain / (1.F + uncertain);
    const float weight = best > least_weight ? best : least_weight;
    weights[i] = weight;
    left[i] = std::sqrt(weight * weight + (1.F - weight) * (1.F - weight) * before);
  }
}

}  // namespace

void sum_across(float* values, int cells, float* narrow, float* wide) {
  std::fill_n(values - wide_radius_cells, wide_radius_cells, values[0]);
  std::fill_n(values + cells, wide_radius_cells, values[cells - 1]);
  sum_neighbours(values - wide_radius_cells, cells, narrow, wide);
}

void choose_weights(const EvidenceRows& evidence, int cells, int samples, const float* sigma_shares, float* weights,
                    float* sigma_shares_left) {
  const Excess narrow_excess(narrow_edge_cells, samples, narrow_energy_margin, narrow_shift_margin);
  const Excess wide_excess(wide_edge_cells, samples, wide_energy_margin, wide_shift_margin);
  WindowSums narrow;
  WindowSums wide;
  for (int begin = 0; begin < cells; begin += piece_cells) {
    const int count = std::min(piece_cells, cells - begin);
    sum_down(evidence.narrow_energy, begin, count, narrow.energy);
    sum_down(evidence.narrow_shift, begin, count, narrow.shift);
    sum_down(evidence.wide_energy, begin, count, wide.energy);
    sum_down(evidence.wide_shift, begin, count, wide.shift);
    weigh(narrow, wide, narrow_excess, wide_excess, count, sigma_shares + begin, weights + begin,
          sigma_shares_left + begin);
  }
}

}  // namespace rdenoise
