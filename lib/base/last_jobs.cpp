// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/last_jobs.hpp"

namespace rdenoise {

void LastJobs::begin(int worker) noexcept {
  ++n_begun_;
  cores_.keep_apart(worker);
}

void LastJobs::end(int worker) {
  ++n_ended_;
  // The last one to end finds that all have begun, so somebody always tells.
  if (n_begun_ < n_jobs_) return;
  cores_.rest(worker);
  std::unique_lock lock(mutex_);
  changed_.notify_all();
  if (std::this_thread::get_id() != maker_) return;
  cores_.wait(
      worker, lock, changed_, [&] { return n_ended_ == n_jobs_; }, [&] { return cores_.another_at_work(worker); });
}

}  // namespace rdenoise
