// SPDX-License-Identifier: LGPL-2.1-or-later
// One run of a network on a picture of random samples.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <rdenoise/network.hpp>
#include <vector>

namespace rdenoise::test {

inline void fill_uniform(TensorView view, float low, float high) {
  std::mt19937 generator(11);
  std::uniform_real_distribution<float> uniform(low, high);
  std::generate_n(view.data, static_cast<std::size_t>(view.channels) * view.height * view.width,
                  [&] { return uniform(generator); });
}

inline std::vector<float> values_of(ConstTensorView view) {
  return {view.data, view.data + static_cast<std::size_t>(view.channels) * view.height * view.width};
}

/// The picture from 0 to 1, the map from 0.05 to 0.15, both times `scale`.
inline std::vector<float> result(const Executor& executor, int height_px, int width_px, float scale = 1.F) {
  const auto run = executor.prepare(height_px, width_px);
  fill_uniform(run->image(), 0.F, scale);
  if (run->noise_map().data != nullptr) fill_uniform(run->noise_map(), 0.05F * scale, 0.15F * scale);
  run->run();
  return values_of(run->output());
}

inline std::vector<float> plain_result(const NetworkSpec& spec, const Weights& weights, int height_px, int width_px,
                                       float scale = 1.F) {
  return result(*make_plain_executor(spec, weights), height_px, width_px, scale);
}

/// rms of a − b over rms of b.
inline double relative_difference(const std::vector<float>& a, const std::vector<float>& b) {
  EXPECT_EQ(a.size(), b.size());
  double difference = 0.0;
  double power = 0.0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    difference += (static_cast<double>(a[i]) - b[i]) * (static_cast<double>(a[i]) - b[i]);
    power += static_cast<double>(b[i]) * b[i];
  }
  return std::sqrt(difference / power);
}

}  // namespace rdenoise::test
