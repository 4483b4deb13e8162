// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/worker_cores.hpp"

#include <unistd.h>

#include <ctime>

namespace rdenoise {
namespace {

constexpr int unknown = -1;

std::size_t at(int index) { return static_cast<std::size_t>(index); }

pid_t this_thread() noexcept {
  thread_local const pid_t id = gettid();
  return id;
}

/// As pthread_getcpuclockid makes it, which takes no thread's number.
clockid_t processor_clock(pid_t thread) noexcept {
  constexpr unsigned per_thread = 4;
  constexpr unsigned scheduled = 2;
  return static_cast<clockid_t>((~static_cast<unsigned>(thread) << 3U) | per_thread | scheduled);
}

/// One thread is moved at a time: whoever came between would take its passing place for where it may run.
std::mutex& moving() {
  static std::mutex mutex;
  return mutex;
}

/// Moves the thread to one of the cores that `choose` returns, given those it may run on; it may go on from there.
/// Nothing happens if there is none, if another thread is being moved, or if the system does not allow it: on machines
/// with more processors than the set holds, and in some sandboxes.
template <typename Choose>
void move(pid_t thread, const Choose& choose) noexcept {
  const std::unique_lock lock(moving(), std::try_to_lock);
  cpu_set_t allowed;
  if (!lock || sched_getaffinity(thread, sizeof allowed, &allowed) != 0) return;
  const std::optional<cpu_set_t> chosen = choose(allowed);
  if (!chosen || sched_setaffinity(thread, sizeof *chosen, &*chosen) != 0) return;
  sched_setaffinity(thread, sizeof allowed, &allowed);
}

}  // namespace

WorkerCores::WorkerCores(int n_workers) : places_(at(n_workers)) { forget(); }

void WorkerCores::forget() noexcept {
  for (Place& place : places_) {
    place.core = unknown;
    place.thread = unknown;
    place.lent_core = unknown;
  }
}

void WorkerCores::keep_apart(int worker) noexcept {
  Place& own = places_[at(worker)];
  const auto note = [](auto& noted, int value) {
    // All workers read it: unchanged, it stays in their caches.
    if (noted.load(std::memory_order_relaxed) != value) noted.store(value, std::memory_order_relaxed);
  };
  const int core = sched_getcpu();
  note(own.thread, this_thread());
  note(own.core, core);
  const bool is_lent = own.lent_core != unknown && own.lent_core.exchange(unknown) == core;
  if (!is_lent && !is_taken(core, worker)) return;
  move(0, [&](cpu_set_t allowed) {
    if (core != unknown) CPU_CLR(at(core), &allowed);
    return free_cores(allowed, worker);
  });
  note(own.core, sched_getcpu());
}

void WorkerCores::rest(int worker) noexcept {
  places_[at(worker)].core = unknown;
  places_[at(worker)].thread = unknown;
}

int WorkerCores::another_at_work(int worker) const noexcept {
  for (int other = 0; other < static_cast<int>(places_.size()); ++other)
    if (other != worker && places_[at(other)].thread.load(std::memory_order_relaxed) != unknown) return other;
  return unknown;
}

int WorkerCores::core_of(int worker) const noexcept { return places_[at(worker)].core.load(std::memory_order_relaxed); }

void WorkerCores::lend_core_to(int worker) noexcept {
  const int core = sched_getcpu();
  if (worker < 0 || core < 0) return;
  Place& place = places_[at(worker)];
  const pid_t thread = place.thread;
  if (thread == unknown) return;
  place.lent_core = core;
  place.core = core;
  move(thread, [&](const cpu_set_t& allowed) -> std::optional<cpu_set_t> {
    if (!CPU_ISSET(at(core), &allowed)) return std::nullopt;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(at(core), &one);
    return one;
  });
}

bool WorkerCores::is_taken(int core, int worker) const noexcept {
  if (core == unknown) return false;
  for (int other = 0; other < static_cast<int>(places_.size()); ++other)
    if (other != worker && core_of(other) == core) return true;
  return false;
}

std::int64_t WorkerCores::run_time_ns(int worker) const noexcept {
  timespec time{};
  const pid_t thread = worker < 0 ? unknown : places_[at(worker)].thread.load();
  if (thread == unknown || clock_gettime(processor_clock(thread), &time) != 0) return -1;
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

std::optional<cpu_set_t> WorkerCores::free_cores(cpu_set_t allowed, int worker) const noexcept {
  for (int other = 0; other < static_cast<int>(places_.size()); ++other)
    if (const int core = core_of(other); other != worker && core != unknown) CPU_CLR(at(core), &allowed);
  if (CPU_COUNT(&allowed) == 0) return std::nullopt;
  return allowed;
}

}  // namespace rdenoise
