// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch_statistics.hpp"

#include <algorithm>

namespace rdenoise::training {
namespace {

constexpr int batch_count = 8;

}  // namespace

void measure_batch_statistics(TorchNetwork& network, const Objective& objective, std::int64_t step,
                              torch::ScalarType compute) {
  if (!network.has_running_averages()) return;
  const std::int64_t first = std::max<std::int64_t>(0, step - batch_count);
  for (int i = 0; i < batch_count; ++i) {
    // Beside the prefetched ones, which come in the order of the steps.
    const NetworkInput input = objective.input_of(first + i);
    network.gather_statistics(input.image, input.noise_map, compute, i);
  }
}

}  // namespace rdenoise::training
