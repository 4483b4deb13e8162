// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/onednn_lifetimes.hpp"

#include <algorithm>

namespace rdenoise::onednn {

std::vector<Lifetime> lifetimes_of(const ExecutionPlan& plan, const std::vector<std::size_t>& size_bytes,
                                   const std::vector<int>& places) {
  const int n_steps = static_cast<int>(plan.steps.size());
  std::vector<Lifetime> lifetimes;
  for (const std::size_t bytes : size_bytes) lifetimes.push_back({bytes, n_steps, -1});
  const auto touch = [&](int value, int step) {
    if (value < 0) return;
    Lifetime& lifetime = lifetimes[static_cast<std::size_t>(value)];
    lifetime.first_step = std::min(lifetime.first_step, step);
    lifetime.last_step = std::max(lifetime.last_step, step);
  };
  for (int i = 0; i < n_steps; ++i) {
    const Step& step = plan.steps[static_cast<std::size_t>(i)];
    for (const int input : step.inputs) touch(input, i);
    touch(step.minuend, i);
    touch(step.addend, i);
    touch(step.output, i);
  }
  // Inputs may be filled once and run twice.
  for (const int value : {plan.image, plan.noise_map, plan.output, plan.noise_estimate}) {
    if (value < 0) continue;
    touch(places[static_cast<std::size_t>(value)], -1);
    touch(places[static_cast<std::size_t>(value)], n_steps);
  }
  return lifetimes;
}

}  // namespace rdenoise::onednn
