// SPDX-License-Identifier: LGPL-2.1-or-later
// Every network in the size its paper gives it: what shrunken forms cannot show, such as kernels chosen by the number
// of channels, and sums of thousands of products.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <rdenoise/network.hpp>

#include "lib/network/random_weights.hpp"
#include "lib/network/run_network.hpp"

namespace rdenoise {
namespace {

std::vector<const Architecture*> all_architectures() {
  std::vector<const Architecture*> all;
  for (const Architecture& architecture : architectures()) all.push_back(&architecture);
  return all;
}

class PublishedSizeExecutor : public testing::TestWithParam<const Architecture*> {};

INSTANTIATE_TEST_SUITE_P(Networks, PublishedSizeExecutor, testing::ValuesIn(all_architectures()), [](const auto& info) {
  std::string name(info.param->name);
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST_P(PublishedSizeExecutor, agrees_with_plain) {
  const NetworkSpec spec = build_network(GetParam()->examples[0]);
  const Weights weights = test::random_weights(spec, 21);
  // The plain executor does about a billion multiply-adds in a second; DRUNet takes two million for a pixel.
  const double macs = macs_per_px(spec);
  const int alignment = alignment_px(spec);
  const auto aligned = [alignment](int size_px) { return (size_px + alignment - 1) / alignment * alignment; };
  const int height_px = aligned(macs > 1e6 ? 8 : macs > 0.3e6 ? 20 : 40);
  const int width_px = aligned(macs > 1e6 ? 16 : macs > 0.3e6 ? 24 : 48);
  const std::vector<float> plain = test::plain_result(spec, weights, height_px, width_px);
  const std::vector<float> fast =
      test::result(*make_onednn_executor(spec, weights, Precision::f32), height_px, width_px);
  ASSERT_EQ(fast.size(), plain.size());
  double power = 0.0;
  double largest_difference = 0.0;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    power += static_cast<double>(plain[i]) * plain[i];
    largest_difference = std::max(largest_difference, std::abs(static_cast<double>(fast[i]) - plain[i]));
  }
  const double rms = std::sqrt(power / static_cast<double>(plain.size()));
  // The weights keep a signal's power, the picture's rms is 0.58, and residual blocks only add to it.
  ASSERT_GT(rms, 0.1);
  // 1e-6 for the rounding of each layer (executor_test), √40 for the most layers on one path, and 4 from the rms to the
  // largest of some thousand pixels: 2.5e-5.
  EXPECT_LT(largest_difference, 2.5e-5 * rms);
  EXPECT_LT(test::relative_difference(fast, plain), 6.5e-6);
}

}  // namespace
}  // namespace rdenoise
