// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/stage_times.hpp>

namespace rdenoise {

std::atomic<StageRecorder*> StageRecorder::active_{nullptr};

StageRecorder::StageRecorder() { active_.store(this, std::memory_order_relaxed); }

StageRecorder::~StageRecorder() { active_.store(nullptr, std::memory_order_relaxed); }

std::vector<StageTime> StageRecorder::times() const {
  const std::scoped_lock lock(mutex_);
  std::vector<StageTime> times;
  times.reserve(times_.size());
  for (const auto& [key, time] : times_) times.push_back(time);
  return times;
}

void StageRecorder::add(const StageWork& work, double seconds) {
  const std::scoped_lock lock(mutex_);
  StageTime& time = times_[{work.stage, work.step}];
  const double flop = time.work.flop + work.flop;
  const double bytes = time.work.bytes + work.bytes;
  time.work = work;
  time.work.flop = flop;
  time.work.bytes = bytes;
  ++time.calls;
  time.seconds += seconds;
}

void StageScope::finish() noexcept {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  try {
    recorder_->add(work_, elapsed.count());
  } catch (...) {
    // No memory for a new stage: its time is missing, the picture is not.
  }
}

}  // namespace rdenoise
