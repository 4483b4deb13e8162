// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/lockstep_schedule.hpp"

#include <algorithm>

namespace rdenoise {
namespace {

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
  std::unique_lock lock(mutex_);
  if (last_band >= 0) {
    Band& done = bands_[at(last_band)];
    done.is_taken = false;
    if (++done.next_step == grid_.steps) --n_unfinished_;
  }
  int band = -1;
  changed_.notify_all();
  changed_.wait(lock, [&] { return error_ || n_unfinished_ == 0 || (band = choose(last_band)) >= 0; });
  if (error_ || n_unfinished_ == 0) return -1;
  bands_[at(band)].is_taken = true;
  return band;
}

void LockstepSchedule::abandon() {
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = std::current_exception();
  changed_.notify_all();
}

}  // namespace rdenoise
