// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/wavefront_schedule.hpp"

#include <algorithm>

namespace rdenoise {

class WavefrontSchedule::Tile final : public WavefrontTile {
 public:
  Tile(WavefrontSchedule& schedule, int worker, int index) : schedule_(schedule), worker_(worker), index_(index) {}
  int column() const noexcept override { return schedule_.column_of(index_); }
  int row() const noexcept override { return schedule_.row_of(index_); }
  void await_neighbours(int step) override { schedule_.await(worker_, index_, step); }
  void finish(int step) override { schedule_.set_progress(index_, step); }

 private:
  WavefrontSchedule& schedule_;
  int worker_;
  int index_;
};

WavefrontSchedule::WavefrontSchedule(const Wavefront& grid, WorkerCores& cores)
    : grid_(grid),
      cores_(cores),
      progress_(static_cast<std::size_t>(grid.columns) * grid.rows, not_taken),
      first_open_(static_cast<std::size_t>(grid.rows), 0),
      workers_(progress_.size(), -1),
      n_open_(grid.columns * grid.rows),
      n_unended_(n_open_) {}

void WavefrontSchedule::work(int worker, const std::function<void(int worker, WavefrontTile& tile)>& job) {
  int index = -1;
  while ((index = take(worker, index)) >= 0) {
    try {
      Tile tile(*this, worker, index);
      cores_.keep_apart(worker);
      job(worker, tile);
      set_progress(index, ended);
    } catch (const Abandoned&) {
      return;
    } catch (...) {
      return abandon();
    }
  }
  cores_.rest(worker);
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

int WavefrontSchedule::worker_of_first() const noexcept {
  for (std::size_t tile = 0; tile < progress_.size(); ++tile)
    if (progress_[tile] >= taken && progress_[tile] < ended) return workers_[tile];
  return -1;
}

int WavefrontSchedule::worker_before(int tile) const noexcept {
  const int least = progress_before(tile);
  const bool is_left = column_of(tile) > 0 && progress_[static_cast<std::size_t>(tile - 1)] == least;
  return least == ended ? -1 : workers_[static_cast<std::size_t>(is_left ? tile - 1 : tile - grid_.columns)];
}

int WavefrontSchedule::take(int worker, int last_tile) {
  // Who made the schedule waits here for the end, where it can help; elsewhere it could only wait.
  const bool stays = std::this_thread::get_id() == maker_;
  std::unique_lock lock(mutex_);
  int tile = -1;
  const auto is_over = [&] { return error_ || (stays ? n_unended_ : n_open_) == 0 || (tile = choose(last_tile)) >= 0; };
  // None can be taken where a row has to end first; then somebody is at work on it.
  cores_.wait(worker, lock, changed_, is_over, [&] { return worker_of_first(); });
  if (tile < 0) return -1;
  progress_[static_cast<std::size_t>(tile)] = taken;
  workers_[static_cast<std::size_t>(tile)] = worker;
  ++first_open_[static_cast<std::size_t>(row_of(tile))];
  --n_open_;
  changed_.notify_all();
  return tile;
}

void WavefrontSchedule::set_progress(int tile, int step) {
  const std::lock_guard lock(mutex_);
  progress_[static_cast<std::size_t>(tile)] = step;
  if (step == ended) --n_unended_;
  changed_.notify_all();
}

void WavefrontSchedule::await(int worker, int tile, int step) {
  {
    std::unique_lock lock(mutex_);
    cores_.wait(
        worker, lock, changed_, [&] { return error_ || progress_before(tile) >= step; },
        [&] { return worker_before(tile); });
    if (error_) throw Abandoned{};
  }
  cores_.keep_apart(worker);
}

void WavefrontSchedule::abandon() {
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = std::current_exception();
  changed_.notify_all();
}

}  // namespace rdenoise
