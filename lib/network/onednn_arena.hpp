// SPDX-License-Identifier: LGPL-2.1-or-later
// Where in one block of memory each value of a plan lives: values that are never alive together share their place.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace rdenoise::onednn {

/// A value is written first by step first_step and read last by step last_step.
struct Lifetime {
  std::size_t size_bytes = 0;
  int first_step = 0;
  int last_step = 0;
};

struct ArenaPlan {
  std::vector<std::size_t> offset_bytes;
  std::size_t size_bytes = 0;
};

inline constexpr std::size_t arena_alignment_bytes = 64;  // a cache line, and an AVX-512 register

/// Largest first, each at the lowest free offset.
[[nodiscard]] ArenaPlan plan_arena(std::span<const Lifetime> lifetimes);

struct ArenaDeleter {
  void operator()(std::byte* arena) const noexcept;
};
using Arena = std::unique_ptr<std::byte[], ArenaDeleter>;

/// Memory for a plan, in huge pages where the system gives them.  throws  std::bad_alloc
[[nodiscard]] Arena make_arena(std::size_t size_bytes);

}  // namespace rdenoise::onednn
