// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/onednn_arena.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <new>
#include <numeric>

namespace rdenoise::onednn {
namespace {

constexpr std::align_val_t huge_page{2U << 20};

bool meet(const Lifetime& a, const Lifetime& b) { return a.first_step <= b.last_step && b.first_step <= a.last_step; }

std::size_t round_up(std::size_t bytes) {
  return (bytes + arena_alignment_bytes - 1) / arena_alignment_bytes * arena_alignment_bytes;
}

}  // namespace

ArenaPlan plan_arena(std::span<const Lifetime> lifetimes) {
  std::vector<std::size_t> by_size(lifetimes.size());
  std::iota(by_size.begin(), by_size.end(), std::size_t{0});
  std::ranges::stable_sort(by_size, std::greater{}, [&](std::size_t i) { return lifetimes[i].size_bytes; });

  ArenaPlan plan{std::vector<std::size_t>(lifetimes.size()), 0};
  std::vector<std::size_t> placed;  // in order of offset
  for (const std::size_t value : by_size) {
    const std::size_t size = round_up(lifetimes[value].size_bytes);
    std::size_t offset = 0;
    for (const std::size_t other : placed) {
      if (!meet(lifetimes[value], lifetimes[other])) continue;
      if (offset + size <= plan.offset_bytes[other]) break;
      offset = std::max(offset, plan.offset_bytes[other] + round_up(lifetimes[other].size_bytes));
    }
    plan.offset_bytes[value] = offset;
    plan.size_bytes = std::max(plan.size_bytes, offset + size);
    const auto place =
        std::ranges::upper_bound(placed, offset, {}, [&](std::size_t i) { return plan.offset_bytes[i]; });
    placed.insert(place, value);
  }
  return plan;
}

void ArenaDeleter::operator()(std::byte* arena) const noexcept { ::operator delete[](arena, huge_page); }

Arena make_arena(std::size_t size_bytes) {
  const auto page = static_cast<std::size_t>(huge_page);
  const std::size_t whole_pages = (std::max(size_bytes, std::size_t{1}) + page - 1) / page * page;
  Arena arena(static_cast<std::byte*>(::operator new[](whole_pages, huge_page)));
  // A wish: Winograd walks through many planes at once, and gains 2 … 8 % from fewer address translations.
  (void)madvise(arena.get(), whole_pages, MADV_HUGEPAGE);
  return arena;
}

}  // namespace rdenoise::onednn
