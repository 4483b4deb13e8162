// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes what will be asked for next in a thread of its own.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace rdenoise::training {

/// take(step) gives make(step), whatever the order; steps asked for one after the other are ready before. At most
/// `ahead` results wait. make runs in one thread and not in two at once. One taker at a time.
template <typename Result>
class Prefetcher {
 public:
  Prefetcher(std::function<Result(std::int64_t)> make, std::size_t ahead) : make_(std::move(make)), ahead_(ahead) {}

  ~Prefetcher() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }
  Prefetcher(const Prefetcher&) = delete;
  Prefetcher& operator=(const Prefetcher&) = delete;

  /// throws  what make threw for this step
  [[nodiscard]] Result take(std::int64_t step) {
    std::unique_lock lock(mutex_);
    if (step != wanted_) {
      // What is being made for another step is thrown away when it comes.
      ++generation_;
      ready_.clear();
      next_ = step;
    }
    if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
    changed_.notify_all();
    changed_.wait(lock, [&] { return !ready_.empty(); });
    Made made = std::move(ready_.front());
    ready_.pop_front();
    wanted_ = step + 1;
    if (made.error) wanted_.reset();
    lock.unlock();
    changed_.notify_all();
    if (made.error) std::rethrow_exception(made.error);
    return std::move(*made.result);
  }

 private:
  struct Made {
    std::optional<Result> result;
    std::exception_ptr error;
  };

  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return stopped_ || ready_.size() < ahead_; });
      if (stopped_) return;
      const std::int64_t step = next_++;
      const std::uint64_t generation = generation_;
      lock.unlock();
      Made made;
      try {
        made.result = make_(step);
      } catch (...) {
        made.error = std::current_exception();
      }
      lock.lock();
      if (generation != generation_) continue;
      ready_.push_back(std::move(made));
      changed_.notify_all();
    }
  }

  std::function<Result(std::int64_t)> make_;
  std::size_t ahead_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Made> ready_;
  std::optional<std::int64_t> wanted_;  ///< the step that ready_ begins with
  std::int64_t next_ = 0;               ///< the step to be made next
  std::uint64_t generation_ = 0;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace rdenoise::training
