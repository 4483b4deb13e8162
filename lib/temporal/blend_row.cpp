// SPDX-License-Identifier: LGPL-2.1-or-later
#include "temporal/blend_row.hpp"

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

RDENOISE_WIDE_VECTOR_CLONES void blend_singles(const float* __restrict now, const float* __restrict before,
                                               const float* __restrict weights, int cells, float* __restrict averaged) {
  for (int i = 0; i < cells; ++i) averaged[i] = before[i] + weights[i] * (now[i] - before[i]);
}

RDENOISE_WIDE_VECTOR_CLONES void blend_pairs(const float* __restrict now, const float* __restrict before,
                                             const float* __restrict weights, int cells, float* __restrict averaged) {
  for (int i = 0; i < cells; ++i) {
    averaged[2 * i] = before[2 * i] + weights[i] * (now[2 * i] - before[2 * i]);
    averaged[2 * i + 1] = before[2 * i + 1] + weights[i] * (now[2 * i + 1] - before[2 * i + 1]);
  }
}

}  // namespace

void blend_row(const CellSamples& samples, int row, const float* weights, float* averaged) {
  const float* const now = samples.now[static_cast<std::size_t>(row)];
  const float* const before = samples.before[static_cast<std::size_t>(row)];
  if (samples.across == 1) return blend_singles(now, before, weights, samples.samples, averaged);
  const int pairs = samples.samples / 2;
  blend_pairs(now, before, weights, pairs, averaged);
  if (samples.samples % 2 != 0)
    blend_singles(now + 2 * pairs, before + 2 * pairs, weights + pairs, 1, averaged + 2 * pairs);
}

}  // namespace rdenoise
