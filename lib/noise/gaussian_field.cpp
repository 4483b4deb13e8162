// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/gaussian_field.hpp"

#include <cmath>
#include <numbers>

#include "base/vector_clones.hpp"
#include "noise/elementary_functions.hpp"
#include "noise/philox_words.hpp"

namespace rdenoise {
namespace {

// A block gives four words, two Box-Muller pairs, four numbers. Number `lane` of block i is number lane·blocks + i of
// its group, so that every store is contiguous.
constexpr int blocks_per_group = gaussian_group_size / 4;

// In (0, 1), never 0: the logarithm follows. 31 bits, because vector units convert signed integers only.
inline float radius_uniform(std::uint32_t word) noexcept {
  return (static_cast<float>(static_cast<std::int32_t>(word >> 1)) + 0.5F) * 0x1p-31F;
}

inline float box_muller_radius(float u) noexcept {
  const float log_u = natural_log(u);
  // Rounding may leave a tiny positive logarithm next to u = 1.
  return std::sqrt(log_u < 0.F ? -2.F * log_u : 0.F);
}

struct Pair {
  float cosine;
  float sine;
};

// cos and sin of 2π·word/2³²: Taylor series within an eighth of a turn around the nearest quarter turn.
inline Pair unit_circle(std::uint32_t word) noexcept {
  const std::uint32_t rounded = word + 0x20000000U;
  const std::uint32_t quarter = rounded >> 30;
  const auto offset = static_cast<std::int32_t>(word - (quarter << 30));
  const float angle = static_cast<float>(offset) * (std::numbers::pi_v<float> * 0x1p-31F);
  const float t = angle * angle;
  const float sine = angle * (1.F - t * (1.F / 6 - t * (1.F / 120 - t * (1.F / 5040 - t * (1.F / 362880)))));
  const float cosine = 1.F - t * (1.F / 2 - t * (1.F / 24 - t * (1.F / 720 - t * (1.F / 40320))));
  const bool swapped = (quarter & 1U) != 0;
  const float c = swapped ? sine : cosine;
  const float s = swapped ? cosine : sine;
  const bool negative_cosine = ((quarter + 1U) & 2U) != 0;
  const bool negative_sine = (quarter & 2U) != 0;
  return {negative_cosine ? -c : c, negative_sine ? -s : s};
}

}  // namespace

RDENOISE_WIDE_VECTOR_CLONES
void gaussian_group(const NoiseSeed& seed, philox::Purpose purpose, std::uint64_t group_index,
                    GaussianGroup& normal) noexcept {
  philox::Words<blocks_per_group> blocks;
  philox::fill_words(seed, purpose, group_index * blocks_per_group, blocks);
  for (int pair = 0; pair < 2; ++pair) {
    float* const cosines = normal.data() + 2 * pair * blocks_per_group;
    for (int i = 0; i < blocks_per_group; ++i) {
      const float radius = box_muller_radius(radius_uniform(blocks.word[2 * pair][i]));
      const Pair direction = unit_circle(blocks.word[2 * pair + 1][i]);
      cosines[i] = radius * direction.cosine;
      cosines[blocks_per_group + i] = radius * direction.sine;
    }
  }
}

double gaussian_at(const NoiseSeed& seed, philox::Purpose purpose, std::uint64_t index) noexcept {
  const auto place = static_cast<int>(index % gaussian_group_size);
  const std::uint64_t block_index = index / gaussian_group_size * blocks_per_group + place % blocks_per_group;
  const int lane = place / blocks_per_group;
  const philox::Counter words = philox::block(philox::counter_of(seed, purpose, block_index), philox::key_of(seed));
  const std::uint32_t radius_word = words[lane < 2 ? 0 : 2];
  const std::uint32_t angle_word = words[lane < 2 ? 1 : 3];
  const double radius = std::sqrt(-2.0 * std::log((static_cast<double>(radius_word >> 1) + 0.5) * 0x1p-31));
  const double angle = 2.0 * std::numbers::pi * angle_word * 0x1p-32;
  return radius * (lane % 2 == 0 ? std::cos(angle) : std::sin(angle));
}

}  // namespace rdenoise
