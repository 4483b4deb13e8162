// SPDX-License-Identifier: LGPL-2.1-or-later
// Convolutions on matrix units against nested loops.
#include "network/matrix_convolution.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <rdenoise/network.hpp>

#include "lib/network/matrix_picture.hpp"
#include "lib/network/nested_loops.hpp"
#include "network/matrix_units.hpp"
#include "network/onednn_cpu.hpp"

namespace rdenoise::onednn {
namespace {

struct Case {
  int in_channels;
  Layout src;
  int out_channels;
  Layout dst;
  int height;
  int width;
  bool relu = false;
  bool minuend = false;
  int surplus_px = 0;
  bool begins_odd = false;
  int exact_channels = most_planes;
};

Weights weights_of(const Layer& layer, int in_channels) {
  std::mt19937 generator(3);
  std::normal_distribution<float> normal;
  Tensor kernel{{layer.out_channels, in_channels, 3, 3}, {}};
  kernel.values.resize(static_cast<std::size_t>(layer.out_channels) * in_channels * 9);
  for (float& value : kernel.values) value = rounded_to_bf16(normal(generator));
  Tensor bias{{layer.out_channels}, std::vector<float>(static_cast<std::size_t>(layer.out_channels))};
  for (float& value : bias.values) value = normal(generator);
  Weights weights;
  weights.tensors[layer.name + ".weight"] = std::move(kernel);
  weights.tensors[layer.name + ".bias"] = std::move(bias);
  return weights;
}

void expect_agreement(const Case& c) {
  const Layer layer{.kind = LayerKind::convolution, .name = "a", .out_channels = c.out_channels, .kernel = 3};
  const Weights weights = weights_of(layer, c.in_channels);
  Picture src(c.in_channels, c.height, c.width, c.surplus_px, c.src);
  src.fill(1);
  Picture base(c.out_channels, c.height, c.width, 0, planes);
  base.fill(2);
  Picture dst(c.out_channels, c.height, c.width, c.surplus_px, c.dst);
  dst.view.begins_odd = c.begins_odd;
  const auto convolution =
      make_matrix_convolution(layer, weights, c.in_channels, c.src, c.dst, {}, {}, c.exact_channels);
  const Arena scratch = make_arena(convolution->scratch_bytes(src.view, dst.view));
  const FusedSum sum = c.minuend ? FusedSum{&base.view, -1.0f} : FusedSum{};
  convolution->run(src.view, c.relu, sum, dst.view, reinterpret_cast<float*>(scratch.get()));

  // As for the edge kernels: products are exact in f32, and their sum of deviation √(9·in) is rounded at each addition
  // by 2^-24 (2^-23, should the processor cut off). A result in bf16 is rounded by up to 2^-8 of it.
  const double tolerance = 4 * std::ldexp(9.0 * c.in_channels + 1, -23);
  const double relative = c.dst.element == ElementType::bf16 ? std::ldexp(1.0, -8) : 0.0;
  for (int oc = 0; oc < c.out_channels; ++oc)
    for (int y = 0; y < c.height; ++y)
      for (int x = 0; x < c.width; ++x) {
        double expected = test::convolved_by_loops(src, weights, oc, y, x);
        if (c.relu) expected = std::max(expected, 0.0);
        if (c.minuend) expected = base.at(oc, y, x) - expected;
        ASSERT_NEAR(dst.at(oc, y, x), expected, tolerance + relative * std::abs(expected))
            << c.in_channels << " to " << c.out_channels << " channels, " << c.width << "x" << c.height << ", channel "
            << oc << ", row " << y << ", column " << x;
      }
  for (int oc = 0; oc < dst.view.padded_channels(); ++oc)
    for (int y = 0; y < dst.view.padded_height; ++y)
      for (int x = oc < c.out_channels && y < c.height ? c.width : 0; x < dst.view.padded_width; ++x)
        ASSERT_EQ(dst.at(oc, y, x), 0.0f) << "channel " << oc << ", row " << y << ", column " << x;
}

class MatrixConvolution : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_matrix_units()) GTEST_SKIP() << "this CPU has no matrix units: " << cpu_isa();
  }
};

constexpr std::pair<int, int> odd_sizes[] = {{1, 1}, {1, 19}, {2, 3}, {5, 1}, {7, 33}, {4, 64}, {3, 65}, {2, 130}};

TEST_F(MatrixConvolution, agrees_with_nested_loops_from_every_count_of_planes) {
  for (int in = 1; in <= most_planes; ++in)
    for (const int out : {16, 32, 40})
      for (const auto& [height, width] : odd_sizes)
        expect_agreement({in, planes, out, pixels(out, ElementType::bf16), height, width});
}

TEST_F(MatrixConvolution, agrees_with_nested_loops_between_whole_pixels) {
  for (const int in : {16, 20, 32, 48, 64, 96})
    for (const int out : {3, 16, 32, 48, 64})
      for (const ElementType element : {ElementType::bf16, ElementType::f32})
        for (const ElementType source : {ElementType::bf16, ElementType::f32})
          expect_agreement({in, pixels(in, source), out, pixels(out, element), 5, 37, true});
}

TEST_F(MatrixConvolution, agrees_with_nested_loops_to_every_count_of_planes) {
  for (int out = 1; out <= most_planes; ++out)
    for (const int in : {16, 24, 64, 96})
      for (const auto& [height, width] : {std::pair{6, 21}, {2, 64}, {3, 97}})
        for (const ElementType source : {ElementType::bf16, ElementType::f32})
          expect_agreement({in, pixels(in, source), out, planes, height, width});
}

TEST_F(MatrixConvolution, takes_in_relu_and_differences) {
  for (const bool relu : {false, true})
    for (const bool minuend : {false, true})
      expect_agreement({24, pixels(24, ElementType::bf16), 5, planes, 9, 27, relu, minuend});
}

TEST_F(MatrixConvolution, leaves_zeros_where_other_layers_asked_for_more_rows_and_columns) {
  expect_agreement({9, planes, 16, pixels(16, ElementType::bf16), 6, 21, true, false, 3});
  expect_agreement({16, pixels(16, ElementType::bf16), 32, pixels(32, ElementType::bf16), 6, 21, true, false, 3});
  expect_agreement({16, pixels(16, ElementType::bf16), 6, planes, 6, 21, false, true, 3});
}

TEST_F(MatrixConvolution, agrees_with_nested_loops_in_windows_that_begin_at_odd_columns) {
  for (const auto& [height, width] : odd_sizes)
    for (const int in : {8, 16, 24})
      for (const bool minuend : {false, true}) {
        const Layout source = in == 8 ? planes : pixels(in, ElementType::bf16);
        for (const int out : {1, 6, 8, 9})
          expect_agreement({in, source, out, planes, height, width, true, minuend, 0, true});
        if (minuend) continue;
        for (const ElementType element : {ElementType::bf16, ElementType::f32})
          expect_agreement({in, source, 16, pixels(16, element), height, width, true, false, 2, true});
      }
}

/// The picture from `column` on.
Picture window_of(const Picture& whole, int column) {
  Picture window(whole.view.channels, whole.view.height, whole.view.width - column, 0, whole.view.layout);
  clear(window.view);
  const std::size_t bytes = static_cast<std::size_t>(bytes_of(whole.view.layout.element));
  for (int c = 0; c < window.view.channels; ++c)
    for (int y = 0; y < window.view.height; ++y)
      for (int x = 0; x < window.view.width; ++x)
        std::memcpy(static_cast<std::byte*>(window.view.data) + window.place(c, y, x) * bytes,
                    static_cast<const std::byte*>(whole.view.data) + whole.place(c, y, x + column) * bytes, bytes);
  return window;
}

TEST_F(MatrixConvolution, a_pixel_comes_out_the_same_in_every_window) {
  constexpr int height = 4;
  constexpr int width = 90;
  for (const auto& [in, dst_layout] :
       {std::pair{8, pixels(16, ElementType::f32)}, {16, pixels(16, ElementType::f32)}, {16, planes}}) {
    const int out = dst_layout == planes ? 6 : 16;
    const Layout src_layout = in == 8 ? planes : pixels(in, ElementType::bf16);
    const Layer layer{.kind = LayerKind::convolution, .name = "a", .out_channels = out, .kernel = 3};
    const auto convolution = make_matrix_convolution(layer, weights_of(layer, in), in, src_layout, dst_layout);
    Picture whole(in, height, width, 0, src_layout);
    whole.fill(1);
    const auto result = [&](const Picture& src, bool begins_odd) {
      Picture dst(out, height, src.view.width, 0, dst_layout);
      dst.view.begins_odd = begins_odd;
      const Arena scratch = make_arena(convolution->scratch_bytes(src.view, dst.view));
      convolution->run(src.view, false, {}, dst.view, reinterpret_cast<float*>(scratch.get()));
      return dst;
    };
    const Picture expected = result(whole, false);
    for (const int column : {1, 2, 13}) {
      const Picture found = result(window_of(whole, column), column % 2 != 0);
      for (int oc = 0; oc < out; ++oc)
        for (int y = 0; y < height; ++y)
          for (int x = 1; x < width - column; ++x)
            ASSERT_EQ(found.at(oc, y, x), expected.at(oc, y, x + column))
                << in << " to " << out << " channels from column " << column << " on: channel " << oc << ", row " << y
                << ", column " << x;
    }
  }
}

/// Numbers of a result in eight bits, against nested loops.
void expect_numbers(int in_channels, Layout src_layout, int out_channels, int copies, int height, int width) {
  const Layer layer{.kind = LayerKind::convolution, .name = "a", .out_channels = out_channels, .kernel = 3};
  const Weights weights = weights_of(layer, in_channels);
  std::vector<float> scales;  // powers of two, by which weights stay what bf16 can hold
  for (int o = 0; o < out_channels; ++o) scales.push_back(std::ldexp(1.0f, -4 - o % 3));
  Picture src(in_channels, height, width, 0, src_layout);
  src.fill(1);
  Layout dst_layout = pixels(out_channels, ElementType::u8);
  dst_layout.block *= copies;
  const Picture dst(out_channels, height, width, 2, dst_layout, copies);
  const auto convolution = make_matrix_convolution(layer, weights, in_channels, src_layout, dst_layout, {}, scales);
  const Arena scratch = make_arena(convolution->scratch_bytes(src.view, dst.view));
  convolution->run(src.view, true, {}, dst.view, reinterpret_cast<float*>(scratch.get()));
  for (int oc = 0; oc < out_channels; ++oc)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        for (int copy = 0; copy < copies; ++copy) {
          const double scale = scales[static_cast<std::size_t>(oc)];
          const double shift = copies == 1 ? 0.0 : copy == 0 ? -0.25 : 0.25;
          const double value = test::convolved_by_loops(src, weights, oc, y, x) / scale;
          // Half a step, and the rounding of the sums as above, in steps.
          const double tolerance = 0.5 + 4 * std::ldexp(9.0 * in_channels + 1, -23) / scale;
          ASSERT_NEAR(dst.number(oc, y, x, copy), std::clamp(value + shift, 0.0, 255.0), tolerance)
              << in_channels << " to " << out_channels << " channels, " << width << "x" << height << ", channel " << oc
              << ", row " << y << ", column " << x << ", copy " << copy;
        }
}

TEST_F(MatrixConvolution, rounds_to_eight_bits_in_one_copy_or_two) {
  for (const int copies : {1, 2})
    for (const auto& [height, width] : odd_sizes) {
      expect_numbers(9, planes, 16, copies, height, width);
      expect_numbers(5, planes, 40, copies, height, width);
      expect_numbers(32, pixels(32, ElementType::bf16), 32, copies, height, width);
      expect_numbers(16, pixels(16, ElementType::bf16), 48, copies, height, width);
    }
}

TEST_F(MatrixConvolution, reads_eight_bits_on_scales_of_their_own) {
  for (const int in : {16, 24, 64})
    for (const auto& [height, width] : odd_sizes) {
      const Layer layer{.kind = LayerKind::convolution, .name = "a", .out_channels = 5, .kernel = 3};
      const Weights weights = weights_of(layer, in);
      std::vector<float> scales;
      for (int i = 0; i < in; ++i) scales.push_back(std::ldexp(1.0f, -8 - i % 3));
      Picture src(in, height, width, 0, pixels(in, ElementType::u8));
      src.fill(1);
      Picture values(in, height, width, 0, pixels(in, ElementType::f32));
      clear(values.view);
      for (int c = 0; c < in; ++c)
        for (int y = 0; y < height; ++y)
          for (int x = 0; x < width; ++x)
            static_cast<float*>(values.view.data)[values.place(c, y, x)] =
                src.at(c, y, x) * scales[static_cast<std::size_t>(c)];
      const Picture dst(5, height, width, 1, planes);
      const auto convolution = make_matrix_convolution(layer, weights, in, src.view.layout, planes, scales);
      const Arena scratch = make_arena(convolution->scratch_bytes(src.view, dst.view));
      convolution->run(src.view, false, {}, dst.view, reinterpret_cast<float*>(scratch.get()));
      for (int oc = 0; oc < 5; ++oc)
        for (int y = 0; y < height; ++y)
          for (int x = 0; x < width; ++x)
            // Products are exact: eight bits by eight. Values are below one, as above.
            ASSERT_NEAR(dst.at(oc, y, x), test::convolved_by_loops(values, weights, oc, y, x),
                        4 * std::ldexp(9.0 * in + 1, -23))
                << in << " channels, " << width << "x" << height << ", channel " << oc << ", row " << y << ", column "
                << x;
    }
}

/// A network's first layers read planes, others whole pixels.
void expect_16_bits_of(Layout source) {
  const Layer layer{.kind = LayerKind::convolution, .name = "a", .out_channels = 16, .kernel = 3, .bias = false};
  Weights weights;
  Tensor kernel{{16, 1, 3, 3}, std::vector<float>(16 * 9)};
  for (std::size_t i = 0; i < 16; ++i) kernel.values[i * 9 + 4] = 1.0f;
  weights.tensors["a.weight"] = kernel;
  Picture src(1, 1, 4, 0, source);
  clear(src.view);
  const float values[] = {0x1.01p0f, 0x1.0302p0f, 0x1.fefep-3f, -0x1.00ffp0f};
  for (int x = 0; x < 4; ++x) static_cast<float*>(src.view.data)[src.place(0, 0, x)] = values[x];
  const Picture dst(16, 1, 4, 0, pixels(16, ElementType::f32));
  const auto convolution = make_matrix_convolution(layer, weights, 1, source, dst.view.layout);
  const Arena scratch = make_arena(convolution->scratch_bytes(src.view, dst.view));
  convolution->run(src.view, false, {}, dst.view, reinterpret_cast<float*>(scratch.get()));
  for (int x = 0; x < 4; ++x) EXPECT_EQ(dst.at(0, 0, x), values[x]);
}

TEST_F(MatrixConvolution, may_round_planes_that_need_no_16_bits) {
  // Centre taps of 1 for each plane: values come out as they were read.
  for (const auto& [in, exact] : {std::pair{9, 6}, {9, 7}, {9, 8}, {10, 6}, {12, 4}, {15, 1}}) {
    const Layer layer{.kind = LayerKind::convolution, .name = "a", .out_channels = 16, .kernel = 3, .bias = false};
    Weights weights;
    Tensor kernel{{16, in, 3, 3}, std::vector<float>(static_cast<std::size_t>(16 * in * 9))};
    for (int c = 0; c < in; ++c) kernel.values[static_cast<std::size_t>((c * in + c) * 9 + 4)] = 1.0f;
    weights.tensors["a.weight"] = kernel;
    constexpr int width = 37;
    Picture src(in, 2, width, 0, planes);
    clear(src.view);
    constexpr float value = 0x1.0302p0f;  // 16 bits
    for (int c = 0; c < in; ++c)
      for (int y = 0; y < 2; ++y)
        for (int x = 0; x < width; ++x)
          static_cast<float*>(src.view.data)[src.place(c, y, x)] = value + static_cast<float>(x % 7);
    const Picture dst(16, 2, width, 0, pixels(16, ElementType::f32));
    const auto convolution = make_matrix_convolution(layer, weights, in, planes, dst.view.layout, {}, {}, exact);
    const Arena scratch = make_arena(convolution->scratch_bytes(src.view, dst.view));
    convolution->run(src.view, false, {}, dst.view, reinterpret_cast<float*>(scratch.get()));
    for (int c = 0; c < in; ++c)
      for (int y = 0; y < 2; ++y)
        for (int x = 0; x < width; ++x) {
          const float given = src.at(c, y, x);
          // Two bf16 have 16 bits or more between them; one has 8.
          EXPECT_NEAR(dst.at(c, y, x), given, given * (c < exact ? 0x1p-17f : 0x1p-8f)) << in << ", channel " << c;
        }
  }
}

TEST_F(MatrixConvolution, agrees_with_nested_loops_where_some_planes_are_rounded) {
  // Values that bf16 can hold lose nothing.
  for (int in = 9; in < most_planes; ++in)
    for (const int out : {6, 16})
      for (const auto& [height, width] : odd_sizes)
        expect_agreement({.in_channels = in,
                          .src = planes,
                          .out_channels = out,
                          .dst = out == 6 ? planes : pixels(out, ElementType::bf16),
                          .height = height,
                          .width = width,
                          .exact_channels = most_planes - in});
}

TEST_F(MatrixConvolution, keeps_16_bits_of_f32) {
  expect_16_bits_of(planes);
  expect_16_bits_of(pixels(1, ElementType::f32));
}

}  // namespace
}  // namespace rdenoise::onednn
