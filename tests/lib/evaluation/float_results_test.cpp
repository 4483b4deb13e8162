// SPDX-License-Identifier: LGPL-2.1-or-later
#include "evaluation/float_results.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace rdenoise {
namespace {

/// Losses of single results that add up, at one level.
struct Additive {
  std::vector<ResultLoss> candidates;
  std::vector<double> operator()(std::span<const int> in_float) const {
    double sum = 0.0;
    for (const ResultLoss& r : candidates)
      if (std::ranges::find(in_float, r.result) == in_float.end()) sum += r.loss_db[0];
    return {sum};
  }
};

TEST(FloatResults, are_none_where_the_target_is_met) {
  const Additive network{{{3, 0.2, {0.01}}, {5, 0.2, {0.005}}}};
  const FloatChoice choice = choose_float_results(network.candidates, {}, network);
  EXPECT_TRUE(choice.results.empty());
  EXPECT_EQ(choice.mac_share, 0.0);
}

TEST(FloatResults, are_the_dearest_for_their_work) {
  // Without 7 and 3 the loss is 0.015; 5 costs more than 3 alone, for four times the work.
  const Additive network{{{3, 0.05, {0.03}}, {5, 0.2, {0.015}}, {7, 0.0, {0.02}}}};
  const FloatChoice choice = choose_float_results(network.candidates, {}, network);
  EXPECT_EQ(choice.results, (std::vector<int>{3, 7}));
  EXPECT_DOUBLE_EQ(choice.mac_share, 0.05);
  EXPECT_NEAR(choice.loss_db[0], 0.015, 1e-12);
}

TEST(FloatResults, stop_at_the_acceptable_loss_where_the_target_would_take_too_much) {
  Additive network;
  for (int i = 0; i < 10; ++i) network.candidates.push_back({i, 0.1, {0.006}});
  // 0.06 dB: five in float make 0.03 with half of the work; the target of 0.02 would take seven.
  const FloatChoice choice = choose_float_results(network.candidates, {}, network);
  EXPECT_EQ(choice.results.size(), 5U);
  EXPECT_NEAR(choice.loss_db[0], 0.03, 1e-9);
}

TEST(FloatResults, never_take_more_than_the_acceptable_share) {
  Additive network;
  for (int i = 0; i < 10; ++i) network.candidates.push_back({i, 0.1, {0.1}});
  const FloatChoice choice = choose_float_results(network.candidates, {}, network);
  EXPECT_LE(choice.mac_share, 2.0 / 3.0 + 1e-9);
  EXPECT_GE(choice.results.size(), 6U);
}

TEST(FloatResults, are_dropped_again_where_a_later_one_does_alone) {
  Additive network;
  network.candidates = {{0, 0.01, {0.02}}, {1, 0.2, {0.045}}};
  // For its work the first is the dearer, but does not suffice; with the second the first is not needed.
  const FloatChoice choice = choose_float_results(network.candidates, {.target_loss_db = 0.025}, network);
  EXPECT_EQ(choice.results, std::vector<int>{1});
  EXPECT_DOUBLE_EQ(choice.mac_share, 0.2);
  EXPECT_NEAR(choice.loss_db[0], 0.02, 1e-12);
}

TEST(FloatResults, of_the_last_convolution_are_free) {
  const NetworkSpec spec = build_network(
      {.network = "dncnn", .input = InputDomain::gray, .image_channels = 1, .depth = 4, .width = 32, .residual = true});
  std::vector<int> results;
  for (std::size_t i = 0; i < spec.layers.size(); ++i)
    if (spec.layers[i].kind == LayerKind::relu) results.push_back(static_cast<int>(i));
  ASSERT_EQ(results.size(), 3U);
  const std::vector<double> shares = float_mac_shares(spec, results);
  // Of 1·32 + 2 · 32·32 + 32·1 products for each tap, 1024 are behind each of the first two results.
  EXPECT_DOUBLE_EQ(shares[0], 1024.0 / 2112.0);
  EXPECT_DOUBLE_EQ(shares[1], 1024.0 / 2112.0);
  EXPECT_EQ(shares[2], 0.0);
}

}  // namespace
}  // namespace rdenoise
