// SPDX-License-Identifier: LGPL-2.1-or-later
// Files and tiles are the parallel units; libraries below that run on OpenMP must not take all cores once more.
#pragma once

#include <omp.h>

namespace rdenoise {

/// This thread's OpenMP regions have one thread for as long as it lives; then the number from before is back.
class OneOpenMpThread {
 public:
  OneOpenMpThread() noexcept : n_threads_before_(omp_get_max_threads()) { omp_set_num_threads(1); }
  ~OneOpenMpThread() { omp_set_num_threads(n_threads_before_); }
  OneOpenMpThread(const OneOpenMpThread&) = delete;
  OneOpenMpThread& operator=(const OneOpenMpThread&) = delete;

 private:
  int n_threads_before_;
};

}  // namespace rdenoise
