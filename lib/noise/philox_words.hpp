// SPDX-License-Identifier: LGPL-2.1-or-later
// Many Philox blocks at once, in vector registers.
#pragma once

#include <cstdint>

#include "noise/philox.hpp"

namespace rdenoise::philox {

/// The words of n neighbouring blocks: word[w][i] is word w of block first_block + i.
template <int n>
struct Words {
  alignas(64) std::uint32_t word[4][n];
};

/// Inlined into its callers, so that it is compiled for the vectors that they are compiled for.
///
/// first_block  a multiple of n, and n a power of two: no carry runs into the upper half of the index
template <int n>
[[gnu::always_inline]] inline void fill_words(const NoiseSeed& seed, Purpose purpose, std::uint64_t first_block,
                                              Words<n>& words) noexcept {
  const Counter first = counter_of(seed, purpose, first_block);
  const Key key = key_of(seed);
  for (int i = 0; i < n; ++i) {
    std::uint32_t w0 = first[0] + static_cast<std::uint32_t>(i);
    std::uint32_t w1 = first[1];
    std::uint32_t w2 = first[2];
    std::uint32_t w3 = first[3];
#pragma GCC unroll 10
    for (int r = 0; r < rounds; ++r) round(w0, w1, w2, w3, key[0] + r * key_step_0, key[1] + r * key_step_1);
    words.word[0][i] = w0;
    words.word[1][i] = w1;
    words.word[2][i] = w2;
    words.word[3][i] = w3;
  }
}

}  // namespace rdenoise::philox
