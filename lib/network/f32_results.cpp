// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/f32_results.hpp"

#include "network/listed_convolutions.hpp"
#include "network/quantisation.hpp"

namespace rdenoise {

std::vector<int> f32_results(const NetworkSpec& spec, const Weights& weights) {
  ListedConvolutions listed(weights, f32_results_key);
  std::vector<int> results;
  for (const int result : results_to_calibrate(spec)) {
    const int convolution = spec.layers[static_cast<std::size_t>(result)].inputs[0];
    if (listed.take(spec.layers[static_cast<std::size_t>(convolution)].name)) results.push_back(result);
  }
  listed.check_all_taken();
  return results;
}

}  // namespace rdenoise
