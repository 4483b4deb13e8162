// SPDX-License-Identifier: LGPL-2.1-or-later
// What oneDNN can do on this CPU, after ONEDNN_MAX_CPU_ISA.
#pragma once

#include "network/onednn_plan.hpp"

namespace rdenoise::onednn {

[[nodiscard]] bool has_bf16() noexcept;

/// precision: f32 or bf16.
[[nodiscard]] LayoutRules layout_rules(Precision precision) noexcept;

/// Makes this thread's OpenMP use one thread for as long as it lives: primitives are built for, and run on, the number
/// of threads that OpenMP names.
class OneOpenMpThread {
 public:
  OneOpenMpThread() noexcept;
  ~OneOpenMpThread();
  OneOpenMpThread(const OneOpenMpThread&) = delete;
  OneOpenMpThread& operator=(const OneOpenMpThread&) = delete;

 private:
  int n_threads_before_;
};

}  // namespace rdenoise::onednn
