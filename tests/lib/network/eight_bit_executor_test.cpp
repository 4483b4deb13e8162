// SPDX-License-Identifier: LGPL-2.1-or-later
// Convolutions in eight bits against sums of whole numbers, layer by layer on the numbers that the executor itself has
// put in; and what int8 as a whole does to a network.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>
#include <rdenoise/network.hpp>

#include "lib/network/eight_bit_network.hpp"
#include "lib/network/random_weights.hpp"
#include "lib/network/reference_code.hpp"
#include "lib/network/run_network.hpp"
#include "network/cell_convolution.hpp"
#include "network/onednn_convolution.hpp"
#include "network/onednn_cpu.hpp"
#include "network/onednn_plan.hpp"
#include "network/quantisation.hpp"

namespace rdenoise {
namespace {

using test::calibrated;
using test::eight_bit_cases;
using test::EightBitCase;
using test::run_watching;
using test::Seen;
using test::SeenLayers;

bool cpu_has_eight_bits() { return onednn::has_eight_bits(); }

class EightBitExecutor : public testing::TestWithParam<EightBitCase> {
 protected:
  void SetUp() override {
    if (!cpu_has_eight_bits()) GTEST_SKIP() << "this CPU has no eight-bit convolutions: " << cpu_isa();
    spec_ = GetParam().spec;
    weights_ = calibrated(spec_, test::random_weights(spec_, 7));
  }
  NetworkSpec spec_;
  Weights weights_;
};

INSTANTIATE_TEST_SUITE_P(Networks, EightBitExecutor, testing::ValuesIn(eight_bit_cases()),
                         [](const auto& info) { return info.param.name; });

/// The copies that the executor keeps a result in, by layer.
std::map<int, int> copies_of(const NetworkSpec& spec, const Weights& weights, std::span<const int> watched) {
  onednn::LayoutRules rules = onednn::layout_rules(Precision::int8);
  rules.eight_bit_results = eight_bit_results(spec, weights, watched);
  std::map<int, int> copies;
  for (const onednn::Value& value : onednn::lower(spec, rules, watched).values)
    if (value.scales_of >= 0) copies[value.scales_of] = value.copies;
  return copies;
}

TEST_P(EightBitExecutor, each_convolution_is_the_sum_of_products_of_whole_numbers) {
  const std::vector<int> watched = results_to_calibrate(spec_);
  const EightBitResults results = eight_bit_results(spec_, weights_, watched);
  const std::map<int, int> copies = copies_of(spec_, weights_, watched);
  ASSERT_FALSE(copies.empty());
  const int edge = test::aligned_px(spec_, 12);
  const auto executor = make_onednn_executor(spec_, weights_, Precision::int8, watched);
  ASSERT_EQ(executor->precision(), Precision::int8);
  const SeenLayers seen = run_watching(*executor, edge, edge + 2 * alignment_px(spec_));

  int compared = 0;
  for (const auto& [result, result_copies] : copies) {
    const Layer& layer =
        spec_.layers[static_cast<std::size_t>(spec_.layers[static_cast<std::size_t>(result)].inputs[0])];
    const int source = layer.inputs[0];
    if (!copies.contains(source)) continue;
    const EightBitResult& from = results[static_cast<std::size_t>(source)];
    const EightBitKernel kernel = to_eight_bits(weights_.tensors.at(layer.name + ".weight"), from, copies.at(source),
                                                onednn::most_weight_of_cpu());
    const std::vector<float>& bias = weights_.tensors.at(layer.name + ".bias").values;
    const Seen& src = seen.at(source);
    const Seen& dst = seen.at(result);
    const auto number = [&](int copy, int c, int y, int x) {
      if (y < 0 || y >= src.height || x < 0 || x >= src.width) return 0;
      // Shown is the mean of the copies; they differ by one at most, the second being the larger.
      const float scale = from.scales[static_cast<std::size_t>(c)];
      const double mean = std::nearbyint(2.0 * src.at(c, y, x) / scale) / 2.0;
      return static_cast<int>(copy == 0 ? std::floor(mean) : std::ceil(mean));
    };
    for (int o = 0; o < layer.out_channels; ++o)
      for (int y = 0; y < dst.height; ++y)
        for (int x = 0; x < dst.width; ++x) {
          std::int64_t sum = 0;
          std::size_t i = static_cast<std::size_t>(o) * copies.at(source) * src.channels * layer.kernel * layer.kernel;
          for (int copy = 0; copy < copies.at(source); ++copy)
            for (int c = 0; c < src.channels; ++c)
              for (int ky = 0; ky < layer.kernel; ++ky)
                for (int kx = 0; kx < layer.kernel; ++kx)
                  sum += static_cast<std::int64_t>(kernel.numbers[i++]) *
                         number(copy, c, y + ky - layer.kernel / 2, x + kx - layer.kernel / 2);
          const auto channel = static_cast<std::size_t>(o);
          const double scale = results[static_cast<std::size_t>(result)].scales[channel];
          const double expected = std::clamp(
              (static_cast<double>(sum) * kernel.scales[channel] + bias[channel] + kernel.bias[channel]) / scale, 0.0,
              255.0);
          // oneDNN scales the whole number in f32, rounding three times by 2^-24 of a sum that biases may cancel to a
          // hundredth: within 255 · 3 · 2^-24 · 100 = 0.005 of a tie either neighbour is right.
          ASSERT_NEAR(dst.at(o, y, x) / scale, expected, 0.505)
              << layer.name << ", channel " << o << ", row " << y << ", column " << x;
          ++compared;
        }
  }
  EXPECT_GT(compared, 0);
}

TEST_P(EightBitExecutor, loses_as_much_as_rounding_explains) {
  const int edge = test::aligned_px(spec_, 24);
  const auto plain = test::plain_result(spec_, weights_, edge, edge);
  const auto fast = test::result(*make_onednn_executor(spec_, weights_, Precision::int8), edge, edge);
  const auto layers = static_cast<double>(convolution_stages(spec_).size());
  // Steps are 1/280 of the largest value, which is three times the rms or so: an error of 3/280/√12 = 0.003 of the rms
  // a layer, and 1/250/√12 · 3 = 0.0035 from the weights. Clipping the upper tenth adds as much again. 7-bit weights
  // have steps of double the size. Four times the sum, because the terms of a sum partly cancel and their errors do
  // not.
  EXPECT_LT(test::relative_difference(fast, plain), 4 * 0.01 * std::sqrt(layers));
  EXPECT_GT(test::relative_difference(fast, plain), 1e-5);
}

TEST_P(EightBitExecutor, never_falls_to_reference_code) {
  onednn::LayoutRules rules = onednn::layout_rules(Precision::int8);
  rules.eight_bit_results = eight_bit_results(spec_, weights_);
  test::expect_no_reference_code(spec_, rules);
}

TEST(EightBitExecutorChoice, says_f32_where_the_cpu_has_no_eight_bits_or_nothing_can_be_kept_so) {
  const NetworkSpec spec = eight_bit_cases().front().spec;
  Weights weights = calibrated(spec, test::random_weights(spec, 7));
  EXPECT_EQ(make_onednn_executor(spec, weights, Precision::int8)->precision(),
            cpu_has_eight_bits() ? Precision::int8 : Precision::f32);
  std::erase_if(weights.metadata, [](const auto& entry) { return entry.first.starts_with("activation_scales."); });
  weights.metadata["activation_scales.no_such_layer"] = "1";
  EXPECT_EQ(make_onednn_executor(spec, weights, Precision::int8)->precision(), Precision::f32);
}

TEST(EightBitExecutorChoice, automatic_keeps_to_f32_unless_the_file_tells_a_small_loss) {
  const NetworkSpec spec = eight_bit_cases().front().spec;
  Weights weights = calibrated(spec, test::random_weights(spec, 7));
  EXPECT_EQ(make_onednn_executor(spec, weights, Precision::automatic)->precision(), Precision::f32);
  weights.metadata["psnr_loss_db.int8"] = "0.021";
  weights.metadata["psnr_loss_db.bf16"] = "0.3";
  EXPECT_EQ(make_onednn_executor(spec, weights, Precision::automatic)->precision(), Precision::f32);
  weights.metadata["psnr_loss_db.int8"] = "0.02";
  // Which one is fastest is the CPU's matter, but bf16 loses too much.
  EXPECT_NE(make_onednn_executor(spec, weights, Precision::automatic)->precision(), Precision::bf16);
}

TEST(EightBitExecutorChoice, refuses_scales_that_are_none) {
  if (!cpu_has_eight_bits()) GTEST_SKIP() << "this CPU has no eight-bit convolutions: " << cpu_isa();
  const NetworkSpec spec = eight_bit_cases().front().spec;
  const Weights good = calibrated(spec, test::random_weights(spec, 7));
  const auto key = good.metadata.lower_bound("activation_scales.")->first;
  for (const char* text : {"", "1,2", "0", "-1", "nan", "1,2,x"}) {
    Weights weights = good;
    weights.metadata[key] = text;
    try {
      (void)make_onednn_executor(spec, weights, Precision::int8);
      ADD_FAILURE() << "\"" << text << "\" was taken";
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::corrupt);
      EXPECT_NE(std::string(e.what()).find(key), std::string::npos) << e.what();
    }
  }
}

}  // namespace
}  // namespace rdenoise
