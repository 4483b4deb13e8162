// SPDX-License-Identifier: LGPL-2.1-or-later
// Networks in bf16 with what the weights file says about it: kernels of their own, and results that stay in f32.
#include <gtest/gtest.h>

#include <rdenoise/error.hpp>

#include "lib/network/random_weights.hpp"
#include "lib/network/run_network.hpp"
#include "network/f32_results.hpp"
#include "network/onednn_cpu.hpp"
#include "network/quantisation.hpp"
#include "network/stored_kernels.hpp"

namespace rdenoise {
namespace {

class Bf16Executor : public testing::Test {
 protected:
  void SetUp() override {
    if (!onednn::has_bf16()) GTEST_SKIP() << "this CPU has no bf16: " << cpu_isa();
  }
  [[nodiscard]] std::vector<float> result(const Weights& weights, Precision precision = Precision::bf16) const {
    return test::result(*make_onednn_executor(spec_, weights, precision), 24, 24);
  }
  /// Of all convolutions that lead to a relu.
  [[nodiscard]] std::string names_of_results() const {
    std::string list;
    for (const int result : results_to_calibrate(spec_))
      list += (list.empty() ? "" : ",") + layer(layer(result).inputs[0]).name;
    return list;
  }
  [[nodiscard]] const Layer& layer(int index) const { return spec_.layers[static_cast<std::size_t>(index)]; }

  NetworkSpec spec_ =
      build_network({.network = "dncnn", .image_channels = 1, .depth = 5, .width = 20, .residual = true});
  Weights weights_ = test::random_weights(spec_, 5);
};

TEST_F(Bf16Executor, takes_the_kernels_of_the_weights_file) {
  Weights same = weights_;
  Weights other = weights_;
  for (const Layer& layer : spec_.layers) {
    if (layer.kind != LayerKind::convolution || !layer.bias) continue;
    Bf16Kernel kernel{{}, std::vector<float>(static_cast<std::size_t>(layer.out_channels))};
    for (const float weight : weights_.tensors.at(layer.name + ".weight").values)
      kernel.weights.push_back(nearest_bf16(weight));
    same.metadata[bf16_kernel_key(layer.name)] = kernel_text(kernel);
    for (float& bias : kernel.bias) bias += 0.1F;
    other.metadata[bf16_kernel_key(layer.name)] = kernel_text(kernel);
  }
  EXPECT_NE(result(other), result(weights_));
  EXPECT_EQ(result(other, Precision::f32), result(weights_, Precision::f32));
  // Without matrix units, first layers compute in f32, and see the rounding of their weights.
  if (onednn::layout_rules(Precision::bf16).matrix_units) {
    EXPECT_EQ(result(same), result(weights_));
  }
}

TEST_F(Bf16Executor, is_closer_to_f32_with_results_that_stay_so) {
  if (!onednn::layout_rules(Precision::bf16).matrix_units)
    GTEST_SKIP() << "this CPU has no matrix units: " << cpu_isa();
  Weights kept = weights_;
  // Weights that bf16 has, so that only results are rounded.
  for (auto& [name, tensor] : kept.tensors)
    if (name.ends_with(".weight"))
      for (float& value : tensor.values) value = nearest_bf16(value);
  const std::vector<float> exact = result(kept, Precision::f32);
  const double rounded = test::relative_difference(result(kept), exact);
  kept.metadata[std::string(f32_results_key)] = names_of_results();
  // Pairs of bf16 keep 16 bits of a value, 256 times as fine as its 8: what is left is rounding of the last sums in
  // f32, and Winograd's in the other one.
  EXPECT_LT(test::relative_difference(result(kept), exact), 0.02 * rounded);
}

TEST_F(Bf16Executor, refuses_a_list_of_what_are_no_results) {
  Weights weights = weights_;
  weights.metadata[std::string(f32_results_key)] = "no_such_layer";
  try {
    (void)make_onednn_executor(spec_, weights, Precision::bf16);
    ADD_FAILURE() << "it was taken";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::corrupt);
    EXPECT_NE(std::string(e.what()).find("f32_results"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("no_such_layer"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace rdenoise
