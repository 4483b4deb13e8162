// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/core_spread.hpp"

#include <sched.h>

namespace rdenoise {
namespace {

constexpr int unknown = -1;

}  // namespace

CoreSpread::CoreSpread(int n_workers) : cores_(static_cast<std::size_t>(n_workers)) { forget(); }

void CoreSpread::keep_apart(int worker) noexcept {
  std::atomic<int>& own = cores_[static_cast<std::size_t>(worker)];
  const auto note = [&own](int core) {
    // All workers read it: unchanged, it stays in their caches.
    if (own.load(std::memory_order_relaxed) != core) own.store(core, std::memory_order_relaxed);
  };
  const int core = sched_getcpu();
  note(core);
  if (!is_taken(core, worker)) return;
  move_on(worker);
  note(sched_getcpu());
}

void CoreSpread::forget() noexcept {
  for (std::atomic<int>& core : cores_) core.store(unknown, std::memory_order_relaxed);
}

int CoreSpread::core_of(int worker) const noexcept {
  return cores_[static_cast<std::size_t>(worker)].load(std::memory_order_relaxed);
}

bool CoreSpread::is_taken(int core, int worker) const noexcept {
  if (core == unknown) return false;
  for (int other = 0; other < static_cast<int>(cores_.size()); ++other)
    if (other != worker && core_of(other) == core) return true;
  return false;
}

void CoreSpread::move_on(int worker) const noexcept {
  cpu_set_t allowed;
  // Fails on machines with more processors than the set holds.
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  cpu_set_t free = allowed;
  for (int other = 0; other < static_cast<int>(cores_.size()); ++other)
    if (const int core = core_of(other); other != worker && core != unknown)
      CPU_CLR(static_cast<unsigned>(core), &free);
  if (CPU_COUNT(&free) == 0 || sched_setaffinity(0, sizeof free, &free) != 0) return;
  sched_setaffinity(0, sizeof allowed, &allowed);
}

}  // namespace rdenoise
