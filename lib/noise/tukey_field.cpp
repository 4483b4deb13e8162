// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/tukey_field.hpp"

#include <cmath>

#include "base/vector_clones.hpp"
#include "noise/elementary_functions.hpp"
#include "noise/philox_words.hpp"

namespace rdenoise {
namespace {

constexpr int blocks_per_group = gaussian_group_size / 4;

// sinh(x)/x.
inline float sinh_ratio(float x) noexcept {
  const float x2 = x * x;
  const float series =
      1.F + x2 * (1.F / 6) * (1.F + x2 * (1.F / 20) * (1.F + x2 * (1.F / 42) * (1.F + x2 * (1.F / 72))));
  const float quotient = (exponential(x) - exponential(-x)) / (2.F * x);
  return x2 < 1.F ? series : quotient;
}

// With s and d the mean and the difference of ln p and ln(1 − p): pᵏ − (1 − p)ᵏ = 2·eᵏˢ·sinh(k·d/2). So nothing cancels
// as λ goes to 0. The lowest bit is the sign, the others are p in (0, ½]: the tails are as fine on both sides.
inline float quantile(std::uint32_t word, float shape) noexcept {
  const float p = (static_cast<float>(static_cast<std::int32_t>(word >> 1)) + 0.5F) * 0x1p-32F;
  const float log_p = natural_log(p);
  const float log_q = natural_log(1.F - p);
  const float d = log_p - log_q;
  const float magnitude = d * exponential(shape * 0.5F * (log_p + log_q)) * sinh_ratio(shape * 0.5F * d);
  return (word & 1U) != 0 ? -magnitude : magnitude;
}

}  // namespace

RDENOISE_WIDE_VECTOR_CLONES
void tukey_group(const NoiseSeed& seed, philox::Purpose purpose, std::uint64_t group_index, float shape,
                 GaussianGroup& numbers) noexcept {
  philox::Words<blocks_per_group> blocks;
  philox::fill_words(seed, purpose, group_index * blocks_per_group, blocks);
  for (int w = 0; w < 4; ++w) {
    float* const out = numbers.data() + w * blocks_per_group;
    for (int i = 0; i < blocks_per_group; ++i) out[i] = quantile(blocks.word[w][i], shape);
  }
}

double tukey_at(const NoiseSeed& seed, philox::Purpose purpose, std::uint64_t index, double shape) noexcept {
  const auto place = static_cast<int>(index % gaussian_group_size);
  const std::uint64_t block_index = index / gaussian_group_size * blocks_per_group + place % blocks_per_group;
  const philox::Counter words = philox::block(philox::counter_of(seed, purpose, block_index), philox::key_of(seed));
  const std::uint32_t word = words[static_cast<std::size_t>(place / blocks_per_group)];
  const double p = ((word >> 1) + 0.5) * 0x1p-32;
  const double value = shape == 0.0 ? std::log(p / (1.0 - p)) : (std::pow(p, shape) - std::pow(1.0 - p, shape)) / shape;
  return (word & 1U) != 0 ? -value : value;
}

}  // namespace rdenoise
