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

}  // namespace
}  // namespace rdenoise
