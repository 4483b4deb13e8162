// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/lockstep_schedule.hpp"

#include <algorithm>
#include <chrono>

namespace rdenoise {
namespace {

constexpr std::chrono::microseconds longest_spin{30};

std::size_t at(int index) { return static_cast<std::size_t>(index); }

}  // namespace

LockstepSchedule::LockstepSchedule(const Lockstep& grid)
    : grid_(grid), bands_(at(std::max(grid.bands, 0))), n_unfinished_(grid.steps > 0 ? std::max(grid.bands, 0) : 0) {}

void LockstepSchedule::work(const std::function<void(int band, int step)>& job) {
  int band = -1;
  while ((band = exchange(band)) >= 0) {
    try {
      // Nobody else changes a band that is taken.
      job(band, bands_[at(band)].next_step);
    } catch (...) {
      return abandon();
    }
  }
}

void LockstepSchedule::rethrow() const {
  if (error_) std::rethrow_exception(error_);
}

bool LockstepSchedule::may_go_on(int band) const noexcept {
  const auto& [next_step, is_taken] = bands_[at(band)];
  if (is_taken || next_step == grid_.steps) return false;
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

int LockstepSchedule::exchange(int last_band) {
  unsigned seen = 0;
  {
    const std::lock_guard lock(mutex_);
    if (last_band >= 0) give_back(last_band);
    if (const int band = take(last_band); band >= 0 || is_over()) return band;
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
  changed_.wait(lock, [&] { return (band = take(last_band)) >= 0 || is_over(); });
  --n_asleep_;
  return band;
}

int LockstepSchedule::take(int last_band) {
  if (is_over()) return -1;
  const int band = choose(last_band);
  if (band >= 0) bands_[at(band)].is_taken = true;
  return band;
}

void LockstepSchedule::give_back(int band) {
  Band& done = bands_[at(band)];
  done.is_taken = false;
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
