// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/stored_kernels.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <rdenoise/error.hpp>

namespace rdenoise {
namespace {

Weights with_entry(const std::string& text) {
  Weights weights;
  weights.tensors["a.weight"] = {{2, 1, 3, 3}, std::vector<float>(18, 1.F)};
  weights.metadata[kernel_key("a")] = text;
  return weights;
}

EightBitKernel some_kernel() {
  EightBitKernel kernel{{}, {0.125F, 3e-5F}, {-2.5F, 0.1F}};
  for (int i = 0; i < 18; ++i) kernel.numbers.push_back(static_cast<std::int8_t>(i * 15 - 127));
  return kernel;
}

TEST(StoredKernels, come_back_bit_by_bit) {
  const EightBitKernel kernel = some_kernel();
  const auto read = stored_kernel(with_entry(kernel_text(kernel)), "a");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->numbers, kernel.numbers);
  EXPECT_EQ(read->scales, kernel.scales);
  EXPECT_EQ(read->bias, kernel.bias);
  EXPECT_FALSE(stored_kernel(with_entry(""), "b"));
}

TEST(StoredKernels, refuse_what_is_no_base64_or_does_not_fit_the_weights) {
  EightBitKernel negative = some_kernel();
  negative.scales[1] = -1.F;
  EightBitKernel infinite = some_kernel();
  infinite.bias[0] = INFINITY;
  EightBitKernel short_one = some_kernel();
  short_one.numbers.pop_back();
  const std::string good = kernel_text(some_kernel());
  for (const std::string& text : {std::string(), std::string("AAA"), good.substr(4), "!" + good.substr(1),
                                  kernel_text(negative), kernel_text(infinite), kernel_text(short_one)}) {
    try {
      (void)stored_kernel(with_entry(text), "a");
      ADD_FAILURE() << "\"" << text << "\" was taken";
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::corrupt);
      EXPECT_NE(std::string(e.what()).find("eight_bit_kernel.a"), std::string::npos) << e.what();
    }
  }
}

TEST(NearestBf16, is_even_where_two_are_equally_near) {
  EXPECT_EQ(nearest_bf16(1.F), 1.F);
  EXPECT_EQ(nearest_bf16(0x1.01p0F), 1.F);        // between 1 and 1 + 2^-7
  EXPECT_EQ(nearest_bf16(0x1.03p0F), 0x1.04p0F);  // between 1 + 2^-7 and 1 + 2^-6
  EXPECT_EQ(nearest_bf16(-0x1.0101p0F), -0x1.02p0F);
}

/// One layer of 2 channels to 1, with a bias, and an entry of this text.
struct Bf16Case {
  explicit Bf16Case(const std::string& text, bool bias = true) {
    spec.layers = {
        {.kind = LayerKind::image_input, .out_channels = 2},
        {.kind = LayerKind::convolution, .name = "a", .inputs = {0}, .out_channels = 1, .kernel = 3, .bias = bias}};
    weights.tensors["a.weight"] = {{1, 2, 3, 3}, std::vector<float>(18, 1.F)};
    if (bias) weights.tensors["a.bias"] = {{1}, {0.5F}};
    weights.metadata[bf16_kernel_key("a")] = text;
  }
  NetworkSpec spec;
  Weights weights;
};

Bf16Kernel some_bf16_kernel() {
  Bf16Kernel kernel{{}, {0.25F}};
  for (int i = 0; i < 18; ++i) kernel.weights.push_back(nearest_bf16(0.37F * static_cast<float>(i - 7)));
  return kernel;
}

TEST(StoredBf16Kernels, stand_in_for_the_weights_and_add_to_the_bias) {
  const Bf16Kernel kernel = some_bf16_kernel();
  const Bf16Case given(kernel_text(kernel));
  const Weights changed = with_bf16_kernels(given.spec, given.weights);
  EXPECT_EQ(changed.tensors.at("a.weight").values, kernel.weights);
  EXPECT_EQ(changed.tensors.at("a.bias").values, std::vector<float>{0.75F});
  Weights without = given.weights;
  without.metadata.clear();
  EXPECT_EQ(with_bf16_kernels(given.spec, without).tensors.at("a.weight").values, std::vector<float>(18, 1.F));
}

TEST(StoredBf16Kernels, are_refused_where_they_do_not_fit_the_weights) {
  Bf16Kernel infinite = some_bf16_kernel();
  infinite.weights[3] = INFINITY;
  Bf16Kernel short_one = some_bf16_kernel();
  short_one.weights.pop_back();
  const std::string good = kernel_text(some_bf16_kernel());
  for (const Bf16Case& c : {Bf16Case(""), Bf16Case("!" + good.substr(1)), Bf16Case(kernel_text(infinite)),
                            Bf16Case(kernel_text(short_one)), Bf16Case(good, false)}) {
    try {
      (void)with_bf16_kernels(c.spec, c.weights);
      ADD_FAILURE() << "\"" << c.weights.metadata.at("bf16_kernel.a") << "\" was taken";
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::corrupt);
      EXPECT_NE(std::string(e.what()).find("bf16_kernel.a"), std::string::npos) << e.what();
    }
  }
}

}  // namespace
}  // namespace rdenoise
