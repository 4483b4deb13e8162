// SPDX-License-Identifier: LGPL-2.1-or-later
// Convolutions of eight bits on matrix units, bit for bit against whole numbers in nested loops.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <rdenoise/network.hpp>
#include <vector>

#include "lib/network/matrix_picture.hpp"
#include "network/matrix_convolution.hpp"
#include "network/matrix_units.hpp"
#include "network/onednn_cpu.hpp"
#include "network/quantisation.hpp"

namespace rdenoise::onednn {
namespace {

class EightBitMatrixConvolution : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_matrix_units()) GTEST_SKIP() << "this CPU has no matrix units: " << cpu_isa();
  }
};

struct Case {
  int in_channels;
  int out_channels;
  int height;
  int width;
  ElementType result = ElementType::u8;
  int copies = 1;
  bool relu = true;
  int surplus_px = 0;
  float result_scale = 0.02f;
};

Layer layer_of(const Case& c) {
  return {.kind = LayerKind::convolution, .name = "a", .out_channels = c.out_channels, .kernel = 3};
}

Weights random_weights(const Case& c) {
  std::mt19937 generator(3);
  std::normal_distribution<float> normal;
  Tensor kernel{{c.out_channels, c.in_channels, 3, 3}, {}};
  kernel.values.resize(static_cast<std::size_t>(c.out_channels) * c.in_channels * 9);
  for (float& value : kernel.values) value = 0.1f * normal(generator);
  Tensor bias{{c.out_channels}, std::vector<float>(static_cast<std::size_t>(c.out_channels))};
  for (float& value : bias.values) value = normal(generator);
  Weights weights;
  weights.tensors["a.weight"] = std::move(kernel);
  weights.tensors["a.bias"] = std::move(bias);
  return weights;
}

EightBitResult source_of(const Case& c) {
  EightBitResult source;
  for (int i = 0; i < c.in_channels; ++i) {
    source.scales.push_back(0.004f + 0.001f * static_cast<float>(i % 5));
    source.means.push_back(0.3f);
  }
  return source;
}

/// The plain twin: an exact sum, a float, and one rounding of its scaled value.
class PlainConvolution {
 public:
  PlainConvolution(const Case& c, const Weights& weights)
      : case_(c),
        kernel_(to_eight_bits(weights.tensors.at("a.weight"), source_of(c), c.copies, most_eight_bit_weight)),
        bias_(weights.tensors.at("a.bias").values) {}

  [[nodiscard]] float value(const Picture& src, int output, int y, int x) const {
    std::int32_t sum = 0;
    std::size_t i = static_cast<std::size_t>(output * case_.copies * case_.in_channels) * 9;
    for (int copy = 0; copy < case_.copies; ++copy)
      for (int c = 0; c < case_.in_channels; ++c)
        for (int ky = -1; ky <= 1; ++ky)
          for (int kx = -1; kx <= 1; ++kx, ++i)
            if (y + ky >= 0 && y + ky < case_.height && x + kx >= 0 && x + kx < case_.width)
              sum += kernel_.numbers[i] * src.number(c, y + ky, x + kx, copy);
    const auto o = static_cast<std::size_t>(output);
    const float unit = case_.result == ElementType::u8 ? case_.result_scale : 1.0f;
    const float bias = kernel_.bias[o] + bias_[o];
    return std::fma(static_cast<float>(sum), kernel_.scales[o] / unit, bias / unit);
  }

  /// As it is stored, which floats hold exactly.
  [[nodiscard]] float stored(float value) const {
    if (case_.result == ElementType::u8) return std::nearbyint(std::fmin(std::fmax(value, 0.0f), 255.0f));
    const float kept = case_.relu ? std::fmax(value, 0.0f) : value;
    return case_.result == ElementType::bf16 ? rounded_to_bf16(kept) : kept;
  }

 private:
  Case case_;
  EightBitKernel kernel_;
  std::vector<float> bias_;
};

void expect_equality(const Case& c) {
  const Layer layer = layer_of(c);
  const Weights weights = random_weights(c);
  Layout src_layout = pixels(c.in_channels, ElementType::u8);
  src_layout.block *= c.copies;
  Picture src(c.in_channels, c.height, c.width, c.surplus_px, src_layout, c.copies);
  src.fill(1);
  const Picture dst(c.out_channels, c.height, c.width, c.surplus_px, pixels(c.out_channels, c.result));
  std::vector<float> result_scales;
  if (c.result == ElementType::u8) result_scales.assign(static_cast<std::size_t>(c.out_channels), c.result_scale);
  const auto convolution =
      make_eight_bit_matrix_convolution(layer, weights, source_of(c), c.copies, src_layout.block, result_scales);
  const Arena scratch = make_arena(convolution->scratch_bytes(src.view, dst.view));
  convolution->run(src.view, c.relu, {}, dst.view, reinterpret_cast<float*>(scratch.get()));

  const PlainConvolution plain(c, weights);
  for (int oc = 0; oc < dst.view.padded_channels(); ++oc)
    for (int y = 0; y < dst.view.padded_height; ++y)
      for (int x = 0; x < dst.view.padded_width; ++x) {
        const bool inside = oc < c.out_channels && y < c.height && x < c.width;
        ASSERT_EQ(dst.at(oc, y, x), inside ? plain.stored(plain.value(src, oc, y, x)) : 0.0f)
            << c.in_channels << " to " << c.out_channels << " channels, " << c.width << "x" << c.height << ", channel "
            << oc << ", row " << y << ", column " << x;
      }
}

TEST_F(EightBitMatrixConvolution, equals_whole_numbers_in_loops_at_every_width) {
  for (int width = 1; width <= 70; ++width) {
    expect_equality({16, 16, 3, width});
    expect_equality({32, 32, 2, width});
  }
  for (const int width : {127, 128, 129, 193}) expect_equality({16, 48, 2, width});
}

TEST_F(EightBitMatrixConvolution, equals_whole_numbers_in_loops_between_all_counts_of_channels) {
  for (const int in : {16, 20, 32, 48, 64, 80, 96})
    for (const int out : {16, 17, 32, 48, 64, 96}) expect_equality({in, out, 4, 37});
}

TEST_F(EightBitMatrixConvolution, equals_whole_numbers_in_loops_in_floating_point_as_well) {
  for (const ElementType result : {ElementType::bf16, ElementType::f32})
    for (const bool relu : {false, true})
      for (const int channels : {16, 32, 48}) expect_equality({channels, channels, 5, 37, result, 1, relu});
}

TEST_F(EightBitMatrixConvolution, adds_up_two_copies_of_the_source) {
  for (const int channels : {16, 20, 32, 96}) expect_equality({channels, channels, 5, 37, ElementType::u8, 2});
}

TEST_F(EightBitMatrixConvolution, leaves_zeros_where_other_layers_asked_for_more_rows_and_columns) {
  expect_equality({16, 20, 6, 21, ElementType::u8, 1, true, 3});
  expect_equality({32, 32, 6, 21, ElementType::bf16, 1, true, 3});
}

TEST_F(EightBitMatrixConvolution, keeps_what_is_far_beyond_255_at_255) {
  // Values of up to 96 · 9 · 255 · 127 steps, times 10^7.
  expect_equality({96, 32, 3, 19, ElementType::u8, 1, true, 0, 1e-12f});
}

}  // namespace
}  // namespace rdenoise::onednn
