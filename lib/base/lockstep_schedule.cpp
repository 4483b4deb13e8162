// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/lockstep_schedule.hpp"

#include <algorithm>
#include <chrono>

namespace rdenoise {
namespace {

constexpr std::chrono::microseconds longest_spin{30};

std::size_t at(int index) { return static_cast<std::size_t>(index); }

}  // namespace

LockstepSchedule::LockstepSchedule(const Lockstep& grid, WorkerCores& cores)
    : grid_(grid),
      cores_(cores),
      bands_(at(std::max(grid.bands, 0))),
      n_open_(std::max(grid.bands, 0) * std::max(grid.steps, 0)),
      n_unfinished_(grid.steps > 0 ? std::max(grid.bands, 0) : 0) {}

void LockstepSchedule::work(int worker, const std::function<void(int band, int step)>& job) {
  int band = -1;
  while ((band = exchange(worker, band)) >= 0) {
    cores_.keep_apart(worker);
    try {
      // Nobody else changes a band that is taken.
      job(band, bands_[at(band)].next_step);
    } catch (...) {
      return abandon();
    }
  }
  cores_.rest(worker);
}

void LockstepSchedule::rethrow() const {
  if (error_) std::rethrow_exception(error_);
}

bool LockstepSchedule::may_go_on(int band) const noexcept {
  const auto& [next_step, taken_by] = bands_[at(band)];
  if (taken_by != nobody || next_step == grid_.steps) return false;
  const auto has_come_as_far = [&](int neighbour) {
    return neighbour < 0 || neighbour == grid_.bands || bands_[at(neighbour)].next_step >= next_step;
  };
  return has_come_as_far(band - 1) && has_come_as_far(band + 1);
}

int LockstepSchedule::choose(int last_band) const noexcept {
  int best = -1;
  for (int band = 0; band < grid_.bands; ++band) {
    if (!may_go_on(band)) continue;
    const int lead = best < 0 ? -1 : bands_[at(band)].next_step - bands_[at(best)].next_step;
    if (lead < 0 || (lead == 0 && band == last_band)) best = band;
  }
  return best;
}

int LockstepSchedule::exchange(int worker, int last_band) {
  unsigned seen = 0;
  {
    const std::lock_guard lock(mutex_);
    if (last_band >= 0) give_back(last_band);
    if (const int band = take(worker, last_band); band >= 0 || is_over()) return band;
    seen = n_changes_;
  }
  // Those who are at work are mostly about to end a step, and sleeping and waking take as long as a step of a small
  // network. Not by yielding: beside a busy process that may cost a whole time slice.
  const auto end = std::chrono::steady_clock::now() + longest_spin;
  while (n_changes_ == seen && std::chrono::steady_clock::now() < end) {
  }
  std::unique_lock lock(mutex_);
  ++n_asleep_;
  int band = -1;
  cores_.wait(
      worker, lock, changed_, [&] { return (band = take(worker, last_band)) >= 0 || is_over(); },
      [&] { return worker_furthest_behind(); });
  --n_asleep_;
  return band;
}

bool LockstepSchedule::is_over() const noexcept {
  // Who made the schedule waits here for the end, where it can help; elsewhere it could only wait.
  const bool stays = std::this_thread::get_id() == maker_;
  return error_ || (stays ? n_unfinished_ : n_open_) == 0;
}

int LockstepSchedule::take(int worker, int last_band) {
  if (is_over()) return -1;
  const int band = choose(last_band);
  if (band < 0) return -1;
  bands_[at(band)].taken_by = worker;
  // Those who find nothing more to do may go.
  if (--n_open_ == 0) show_change();
  return band;
}

int LockstepSchedule::worker_furthest_behind() const noexcept {
  const Band* furthest = nullptr;
  for (const Band& band : bands_)
    if (band.taken_by != nobody && (furthest == nullptr || band.next_step < furthest->next_step)) furthest = &band;
  return furthest == nullptr ? nobody : furthest->taken_by;
}

void LockstepSchedule::give_back(int band) {
  Band& done = bands_[at(band)];
  done.taken_by = nobody;
  if (++done.next_step == grid_.steps) --n_unfinished_;
  show_change();
}

void LockstepSchedule::show_change() {
  ++n_changes_;
  if (n_asleep_ > 0) changed_.notify_all();
}

void LockstepSchedule::abandon() {
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = std::current_exception();
  show_change();
}

}  // namespace rdenoise
