// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/wavefront_schedule.hpp"

#include <algorithm>

namespace rdenoise {

class WavefrontSchedule::Tile final : public WavefrontTile {
 public:
  Tile(WavefrontSchedule& schedule, int index) : schedule_(schedule), index_(index) {}
  int column() const noexcept override { return schedule_.column_of(index_); }
  int row() const noexcept override { return schedule_.row_of(index_); }
  void await_neighbours(int step) override { schedule_.await(index_, step); }
  void finish(int step) override { schedule_.set_progress(index_, step); }

 private:
  WavefrontSchedule& schedule_;
  int index_;
};

WavefrontSchedule::WavefrontSchedule(const Wavefront& grid)
    : grid_(grid),
      progress_(static_cast<std::size_t>(grid.columns) * grid.rows, not_taken),
      first_open_(static_cast<std::size_t>(grid.rows), 0),
      n_open_(grid.columns * grid.rows) {}

void WavefrontSchedule::work(int worker, const std::function<void(int worker, WavefrontTile& tile)>& job) {
  int index = -1;
  while ((index = take(index)) >= 0) {
    try {
      Tile tile(*this, index);
      job(worker, tile);
      set_progress(index, ended);
    } catch (const Abandoned&) {
      return;
    } catch (...) {
      return abandon();
    }
  }
}

void WavefrontSchedule::rethrow() const {
  if (error_) std::rethrow_exception(error_);
}

int WavefrontSchedule::progress_before(int tile) const noexcept {
  int least = ended;
  if (column_of(tile) > 0) least = std::min(least, progress_[static_cast<std::size_t>(tile - 1)]);
  if (row_of(tile) > 0) least = std::min(least, progress_[static_cast<std::size_t>(tile - grid_.columns)]);
  return least;
}

bool WavefrontSchedule::row_may_begin(int row) const noexcept {
  if (grid_.rows_in_flight < 1 || row < grid_.rows_in_flight) return true;
  return progress_[static_cast<std::size_t>(index(grid_.columns - 1, row - grid_.rows_in_flight))] == ended;
}

int WavefrontSchedule::choose(int last_tile) const noexcept {
  int best = -1;
  int best_progress = taken - 1;
  for (int row = 0; row < grid_.rows; ++row) {
    const int column = first_open_[static_cast<std::size_t>(row)];
    // Below a row that has not begun none has.
    if (column == 0 && !row_may_begin(row)) break;
    if (column == grid_.columns) continue;
    const int tile = index(column, row);
    const int progress = progress_before(tile);
    if (progress == ended && last_tile >= 0 && row_of(last_tile) == row) return tile;
    if (progress > best_progress) {
      best = tile;
      best_progress = progress;
    }
    if (column == 0) break;
  }
  return best;
}

int WavefrontSchedule::take(int last_tile) {
  std::unique_lock lock(mutex_);
  int tile = -1;
  // None can be taken where a row has to end first; then somebody is at work on it.
  changed_.wait(lock, [&] { return error_ || n_open_ == 0 || (tile = choose(last_tile)) >= 0; });
  if (error_ || n_open_ == 0) return -1;
  progress_[static_cast<std::size_t>(tile)] = taken;
  ++first_open_[static_cast<std::size_t>(row_of(tile))];
  --n_open_;
  changed_.notify_all();
  return tile;
}

void WavefrontSchedule::set_progress(int tile, int step) {
  const std::lock_guard lock(mutex_);
  progress_[static_cast<std::size_t>(tile)] = step;
  changed_.notify_all();
}

void WavefrontSchedule::await(int tile, int step) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return error_ || progress_before(tile) >= step; });
  if (error_) throw Abandoned{};
}

void WavefrontSchedule::abandon() {
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = std::current_exception();
  changed_.notify_all();
}

}  // namespace rdenoise
