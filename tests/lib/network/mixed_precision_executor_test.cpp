// SPDX-License-Identifier: LGPL-2.1-or-later
// Networks of which some results are in eight bits and others, by the weights file, in floating point.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>

#include "lib/network/eight_bit_network.hpp"
#include "lib/network/random_weights.hpp"
#include "lib/network/reference_code.hpp"
#include "network/onednn_convolution.hpp"
#include "network/onednn_cpu.hpp"
#include "network/stored_kernels.hpp"

namespace rdenoise {
namespace {

using test::EightBitCase;

/// The convolutions whose results can be kept in eight bits.
std::vector<std::string> names_of_results(const NetworkSpec& spec) {
  std::vector<std::string> names;
  for (const int result : results_to_calibrate(spec))
    names.push_back(
        spec.layers[static_cast<std::size_t>(spec.layers[static_cast<std::size_t>(result)].inputs[0])].name);
  return names;
}

/// Every `step`-th result in float, from the one at `first` on.
Weights with_floats(Weights weights, const NetworkSpec& spec, std::size_t first, std::size_t step) {
  std::string list;
  const std::vector<std::string> names = names_of_results(spec);
  for (std::size_t i = first; i < names.size(); i += step) list += (list.empty() ? "" : ",") + names[i];
  weights.metadata[std::string(float_results_key)] = list;
  return weights;
}

class MixedPrecisionExecutor : public testing::TestWithParam<EightBitCase> {
 protected:
  void SetUp() override {
    if (!onednn::has_eight_bits()) GTEST_SKIP() << "this CPU has no eight-bit convolutions: " << cpu_isa();
    spec_ = GetParam().spec;
    weights_ = test::calibrated(spec_, test::random_weights(spec_, 7));
  }
  NetworkSpec spec_;
  Weights weights_;
};

INSTANTIATE_TEST_SUITE_P(Networks, MixedPrecisionExecutor, testing::ValuesIn(test::eight_bit_cases()),
                         [](const auto& info) { return info.param.name; });

TEST_P(MixedPrecisionExecutor, loses_no_more_than_rounding_explains_whatever_stays_in_float) {
  const int edge = test::aligned_px(spec_, 24);
  const auto plain = test::plain_result(spec_, weights_, edge, edge);
  const auto layers = static_cast<double>(convolution_stages(spec_).size());
  for (const std::size_t step : {2, 3})
    for (std::size_t first = 0; first < step; ++first) {
      const Weights mixed = with_floats(weights_, spec_, first, step);
      const auto fast = test::result(*make_onednn_executor(spec_, mixed, Precision::int8), edge, edge);
      // As of a network in eight bits alone; bf16 rounds to 2^-9, less than eight bits of a wide range.
      EXPECT_LT(test::relative_difference(fast, plain), 4 * 0.01 * std::sqrt(layers)) << first << " of " << step;
    }
}

TEST_P(MixedPrecisionExecutor, with_every_result_in_float_is_the_f32_one) {
  const int edge = test::aligned_px(spec_, 24);
  const auto executor = make_onednn_executor(spec_, with_floats(weights_, spec_, 0, 1), Precision::int8);
  EXPECT_EQ(executor->precision(), Precision::f32);
  EXPECT_EQ(test::result(*executor, edge, edge),
            test::result(*make_onednn_executor(spec_, weights_, Precision::f32), edge, edge));
}

TEST_P(MixedPrecisionExecutor, never_falls_to_reference_code) {
  for (const std::size_t first : {0, 1}) {
    onednn::LayoutRules rules = onednn::layout_rules(Precision::int8);
    rules.eight_bit_results = eight_bit_results(spec_, with_floats(weights_, spec_, first, 2));
    test::expect_no_reference_code(spec_, rules);
  }
}

TEST_P(MixedPrecisionExecutor, takes_the_kernels_of_the_weights_file) {
  if (onednn::most_weight_of_cpu() != most_eight_bit_weight)
    GTEST_SKIP() << "this CPU has weights of seven bits: " << cpu_isa();
  const int edge = test::aligned_px(spec_, 24);
  const EightBitResults results = eight_bit_results(spec_, weights_);
  Weights same = weights_;
  Weights other = weights_;
  for (const Layer& layer : spec_.layers) {
    if (layer.kind != LayerKind::convolution || results[static_cast<std::size_t>(layer.inputs[0])].empty()) continue;
    EightBitKernel kernel = to_eight_bits(weights_.tensors.at(layer.name + ".weight"),
                                          results[static_cast<std::size_t>(layer.inputs[0])], 1, most_eight_bit_weight);
    same.metadata[kernel_key(layer.name)] = kernel_text(kernel);
    for (float& bias : kernel.bias) bias += 0.1F;
    other.metadata[kernel_key(layer.name)] = kernel_text(kernel);
  }
  const auto result = [&](const Weights& weights) {
    return test::result(*make_onednn_executor(spec_, weights, Precision::int8), edge, edge);
  };
  EXPECT_EQ(result(same), result(weights_));
  if (results_to_calibrate(spec_).size() > 2) {
    EXPECT_NE(result(other), result(weights_));
  }
}

TEST(MixedPrecisionExecutorChoice, refuses_floats_that_are_no_results) {
  if (!onednn::has_eight_bits()) GTEST_SKIP() << "this CPU has no eight-bit convolutions: " << cpu_isa();
  const NetworkSpec spec = test::eight_bit_cases().front().spec;
  Weights weights = test::calibrated(spec, test::random_weights(spec, 7));
  weights.metadata[std::string(float_results_key)] = names_of_results(spec).front() + ",no_such_layer";
  try {
    (void)make_onednn_executor(spec, weights, Precision::int8);
    ADD_FAILURE() << "it was taken";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::corrupt);
    EXPECT_NE(std::string(e.what()).find("no_such_layer"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace rdenoise
