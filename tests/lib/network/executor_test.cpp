// SPDX-License-Identifier: LGPL-2.1-or-later
// The fast executor against the plain one, on every example of the registry and on descriptions made to be awkward.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <rdenoise/error.hpp>
#include <rdenoise/network.hpp>
#include <thread>

#include "lib/network/random_weights.hpp"
#include "lib/network/small_network.hpp"

namespace rdenoise {
namespace {

int edge_px(const NetworkSpec& spec) { return test::aligned_px(spec, 24); }

Weights random_weights(const NetworkSpec& spec) { return test::random_weights(spec, 7); }

void fill(TensorView view, float low, float high) {
  std::mt19937 generator(11);
  std::uniform_real_distribution<float> uniform(low, high);
  std::generate_n(view.data, static_cast<std::size_t>(view.channels) * view.height * view.width,
                  [&] { return uniform(generator); });
}

void fill(NetworkRun& run) {
  fill(run.image(), 0.0f, 1.0f);
  if (run.noise_map().data) fill(run.noise_map(), 0.05f, 0.15f);
}

std::vector<float> result(const Executor& executor, int height_px, int width_px) {
  const auto run = executor.prepare(height_px, width_px);
  fill(*run);
  run->run();
  const ConstTensorView out = run->output();
  return {out.data, out.data + static_cast<std::size_t>(out.channels) * out.height * out.width};
}

double rms(const std::vector<float>& values) {
  double sum = 0;
  for (const float v : values) sum += static_cast<double>(v) * v;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

double rms_difference(const std::vector<float>& a, const std::vector<float>& b) {
  EXPECT_EQ(a.size(), b.size());
  std::vector<float> difference(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) difference[i] = a[i] - b[i];
  return rms(difference);
}

int convolution_count(const NetworkSpec& spec) {
  return static_cast<int>(std::ranges::count(spec.layers, LayerKind::convolution, &Layer::kind));
}

/// Each layer adds its own rounding, uncorrelated with the others', to what comes in, and passes the incoming relative
/// error on unchanged (weights are scaled so that the signal's power stays). So errors add as √layers.
double bound(const NetworkSpec& spec, double error_of_a_layer) {
  return error_of_a_layer * std::sqrt(static_cast<double>(convolution_count(spec)));
}

// Rounding is 2^-24 = 6e-8 of the sum at each addition, and as a random walk √(n/3) of it after n: 1e-6 for the largest
// sum, 9·96 products. Winograd sums 96 at a time, which gains more than its transforms lose; it must stay in this too.
constexpr double f32_error_of_a_layer = 1e-6;
// bf16 keeps 8 significant bits: an error uniform in ± 2^-8 of the power of two below the value, rms relative to the
// value about 2^-8/√3 · 0.7 = 1.6e-3; source and weights both: 2.3e-3. Three times that, because the terms of a sum
// partly cancel and their errors do not.
constexpr double bf16_error_of_a_layer = 7e-3;

/// Description with an image, then what `build` appends.
NetworkSpec custom(int image_channels, std::vector<Layer> more) {
  NetworkSpec spec{{.network = "custom", .image_channels = image_channels, .depth = 1, .width = 1}, {}};
  spec.layers.push_back({.kind = LayerKind::image_input, .out_channels = image_channels});
  for (Layer& layer : more) spec.layers.push_back(std::move(layer));
  return spec;
}

Layer convolution(const char* name, int input, int out_channels, int kernel = 3, int dilation = 1, bool bias = true) {
  return {.kind = LayerKind::convolution,
          .name = name,
          .inputs = {input},
          .out_channels = out_channels,
          .kernel = kernel,
          .dilation = dilation,
          .bias = bias};
}

struct Case {
  std::string name;
  NetworkSpec spec;
};

void PrintTo(const Case& c, std::ostream* os) { *os << c.name; }

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const Architecture& architecture : architectures())
    for (std::size_t i = 0; i < architecture.examples.size(); ++i) {
      std::string name = std::string(architecture.name) + "_" + std::to_string(i);
      std::ranges::replace(name, '-', '_');
      all.push_back({name, build_network(test::small(architecture.examples[i]))});
    }
  const auto relu = [](int input, int channels) {
    return Layer{.kind = LayerKind::relu, .inputs = {input}, .out_channels = channels};
  };
  all.push_back({"odd_channels", custom(3, {convolution("a", 0, 17), relu(1, 17), convolution("b", 2, 9), relu(3, 9),
                                            convolution("c", 4, 13), convolution("d", 5, 3)})});
  all.push_back({"dilations_and_kernels",
                 custom(1, {convolution("a", 0, 32, 5), relu(1, 32), convolution("b", 2, 32, 3, 2), relu(3, 32),
                            convolution("c", 4, 32, 3, 4), convolution("d", 5, 16, 1), convolution("e", 6, 1, 7)})});
  // Zeros beyond what any CPU's kernels take in, so on sub-grids: from few channels and many, with and without relu, a
  // result that a sum reads, and more sub-grids than pixels.
  all.push_back({"wide_dilations", custom(1, {convolution("a", 0, 20, 3, 30),                                  // 1
                                              relu(1, 20),                                                     // 2
                                              convolution("b", 2, 20, 5, 16),                                  // 3
                                              {.kind = LayerKind::add, .inputs = {2, 3}, .out_channels = 20},  // 4
                                              convolution("c", 4, 17, 3, 64),
                                              relu(5, 17),
                                              convolution("d", 6, 1)})});  // 7
  all.push_back({"bias_free",
                 custom(1, {convolution("a", 0, 16, 3, 1, false), relu(1, 16), convolution("b", 2, 1, 3, 1, false)})});
  // Two branches, a skip, sums, a relu of its own, a value read by a sum and a convolution.
  all.push_back({"branches", custom(1, {convolution("a", 0, 20),                                                    // 1
                                        relu(1, 20),                                                                // 2
                                        convolution("b", 2, 20),                                                    // 3
                                        {.kind = LayerKind::add, .inputs = {2, 3}, .out_channels = 20},             // 4
                                        relu(4, 20),                                                                // 5
                                        convolution("c", 5, 20, 3, 2),                                              // 6
                                        {.kind = LayerKind::subtract, .inputs = {5, 6}, .out_channels = 20},        // 7
                                        {.kind = LayerKind::concatenate, .inputs = {7, 2, 0}, .out_channels = 41},  // 8
                                        convolution("d", 8, 1),                                                     // 9
                                        {.kind = LayerKind::add, .inputs = {0, 9}, .out_channels = 1}})});  // 10
  // Shuffles that nothing takes in: between convolutions, and two in a row.
  all.push_back({"shuffles",
                 custom(1, {{.kind = LayerKind::pixel_unshuffle, .inputs = {0}, .out_channels = 4, .factor = 2},    // 1
                            {.kind = LayerKind::pixel_unshuffle, .inputs = {1}, .out_channels = 16, .factor = 2},   // 2
                            convolution("a", 2, 24),                                                                // 3
                            {.kind = LayerKind::pixel_shuffle, .inputs = {3}, .out_channels = 6, .factor = 2},      // 4
                            convolution("b", 4, 4),                                                                 // 5
                            {.kind = LayerKind::subtract, .inputs = {1, 5}, .out_channels = 4},                     // 6
                            {.kind = LayerKind::pixel_shuffle, .inputs = {6}, .out_channels = 1, .factor = 2}})});  // 7
  const auto change_size = [](LayerKind kind, const char* name, int input, int out_channels, int kernel, int factor) {
    return Layer{.kind = kind,
                 .name = name,
                 .inputs = {input},
                 .out_channels = out_channels,
                 .kernel = kernel,
                 .factor = factor};
  };
  // Every way down and up, each kernel on and off the grid of cells.
  all.push_back({"strides", custom(1, {change_size(LayerKind::convolution, "a", 0, 20, 2, 2),                 // 1: 1/2
                                       relu(1, 20),                                                           // 2
                                       change_size(LayerKind::convolution, "b", 2, 24, 3, 2),                 // 3: 1/4
                                       change_size(LayerKind::transposed_convolution, "c", 3, 20, 2, 2),      // 4: 1/2
                                       {.kind = LayerKind::add, .inputs = {2, 4}, .out_channels = 20},        // 5
                                       change_size(LayerKind::convolution, "d", 5, 18, 4, 2),                 // 6: 1/4
                                       change_size(LayerKind::transposed_convolution, "e", 6, 9, 4, 2),       // 7: 1/2
                                       change_size(LayerKind::convolution, "f", 7, 17, 5, 2),                 // 8: 1/4
                                       change_size(LayerKind::transposed_convolution, "g", 8, 1, 8, 4)})});   // 9
  all.push_back({"pools", custom(1, {convolution("a", 0, 20),                                                 // 1
                                     change_size(LayerKind::average_pool, "", 1, 20, 1, 2),                   // 2
                                     convolution("b", 2, 17),                                                 // 3
                                     change_size(LayerKind::max_pool, "", 3, 17, 1, 2),                       // 4
                                     convolution("c", 4, 17),                                                 // 5
                                     change_size(LayerKind::upsample_nearest, "", 5, 17, 1, 2),               // 6
                                     {.kind = LayerKind::concatenate, .inputs = {6, 2}, .out_channels = 37},  // 7
                                     convolution("d", 7, 3),                                                  // 8
                                     change_size(LayerKind::upsample_nearest, "", 8, 3, 1, 2),                // 9
                                     convolution("e", 9, 1)})});                                              // 10
  all.push_back(
      {"noise_estimate", custom(1, {convolution("a", 0, 16),
                                    relu(1, 16),
                                    convolution("b", 2, 1),
                                    relu(3, 1),                                                             // 4
                                    {.kind = LayerKind::noise_estimate, .inputs = {4}, .out_channels = 1},  // 5
                                    {.kind = LayerKind::concatenate, .inputs = {0, 5}, .out_channels = 2},  // 6
                                    convolution("c", 6, 1)})});
  // Few channels: read by a relu, by a convolution, by a sum from either side, by two, and nine of them by a
  // convolution.
  all.push_back({"few_channels", custom(2, {convolution("a", 0, 20),                                               // 1
                                            convolution("b", 1, 2),                                                // 2
                                            relu(2, 2),                                                            // 3
                                            {.kind = LayerKind::add, .inputs = {3, 0}, .out_channels = 2},         // 4
                                            convolution("c", 4, 17),                                               // 5
                                            convolution("d", 5, 3),                                                // 6
                                            convolution("e", 6, 18),                                               // 7
                                            convolution("f", 7, 8),                                                // 8
                                            convolution("g", 8, 16, 3, 1, false),                                  // 9
                                            convolution("h", 9, 2),                                                // 10
                                            {.kind = LayerKind::subtract, .inputs = {10, 4}, .out_channels = 2},   // 11
                                            convolution("i", 9, 2, 3, 1, false),                                   // 12
                                            {.kind = LayerKind::add, .inputs = {12, 12}, .out_channels = 2},       // 13
                                            convolution("j", 9, 2),                                                // 14
                                            {.kind = LayerKind::subtract, .inputs = {11, 14}, .out_channels = 2},  // 15
                                            {.kind = LayerKind::add, .inputs = {15, 13}, .out_channels = 2}})});
  // Nine planes: read by one convolution alone, by two of which one is dilated, and as an unshuffle leaves eight.
  all.push_back(
      {"nine_planes",
       custom(2, {{.kind = LayerKind::concatenate, .inputs = {0, 0, 0, 0}, .out_channels = 8},            // 1
                  convolution("a", 1, 16),                                                                // 2
                  relu(2, 16),                                                                            // 3
                  {.kind = LayerKind::concatenate, .inputs = {0, 0, 1}, .out_channels = 12},              // 4
                  convolution("b", 4, 16, 3, 2),                                                          // 5
                  convolution("c", 4, 16),                                                                // 6
                  {.kind = LayerKind::pixel_unshuffle, .inputs = {0}, .out_channels = 8, .factor = 2},    // 7
                  convolution("d", 7, 20, 3, 1, false),                                                   // 8
                  relu(8, 20),                                                                            // 9
                  {.kind = LayerKind::upsample_nearest, .inputs = {9}, .out_channels = 20, .factor = 2},  // 10
                  {.kind = LayerKind::concatenate, .inputs = {3, 5, 6, 10}, .out_channels = 68},
                  convolution("e", 11, 2)})});
  all.push_back({"no_convolution_last", custom(3, {convolution("a", 0, 3), relu(1, 3)})});
  return all;
}

class ExecutorPair : public testing::TestWithParam<Case> {};

INSTANTIATE_TEST_SUITE_P(Networks, ExecutorPair, testing::ValuesIn(cases()),
                         [](const auto& info) { return info.param.name; });

TEST_P(ExecutorPair, f32_agrees_with_plain) {
  const NetworkSpec& spec = GetParam().spec;
  const Weights weights = random_weights(spec);
  // Some make the executor pad its buffers: 28×28 is 7×7 Winograd tiles, at half resolution 56×56.
  for (const auto& [least_height, least_width] : {std::pair{28, 28}, {8, 36}, {56, 56}, {1, 1}}) {
    const int height = test::aligned_px(spec, least_height);
    const int width = test::aligned_px(spec, least_width);
    const auto plain = result(*make_plain_executor(spec, weights), height, width);
    const auto fast = result(*make_onednn_executor(spec, weights, Precision::f32), height, width);
    // The picture's rms is 0.58 and the weights keep a signal's power, less what dilations beyond the picture lose. One
    // pixel meets the middle taps alone, so little of it may be left; the bound shrinks with it.
    ASSERT_GT(rms(plain), least_width > 1 ? 0.05 : 0.0);
    EXPECT_LT(rms_difference(fast, plain), bound(spec, f32_error_of_a_layer) * rms(plain)) << width << "x" << height;
  }
}

TEST_P(ExecutorPair, bf16_agrees_with_plain_to_its_precision) {
  const NetworkSpec& spec = GetParam().spec;
  const Weights weights = random_weights(spec);
  const auto executor = make_onednn_executor(spec, weights, Precision::bf16);
  if (executor->precision() != Precision::bf16) GTEST_SKIP() << "this CPU has no bf16: " << cpu_isa();
  const int edge = edge_px(spec);
  const auto plain = result(*make_plain_executor(spec, weights), edge, edge);
  const double difference = rms_difference(result(*executor, edge, edge), plain);
  EXPECT_LT(difference, bound(spec, bf16_error_of_a_layer) * rms(plain));
  // And it is bf16 that ran.
  EXPECT_GT(difference, 10 * f32_error_of_a_layer * rms(plain));
}

TEST_P(ExecutorPair, runs_of_one_executor_give_the_same_bits_in_two_threads) {
  const NetworkSpec& spec = GetParam().spec;
  const auto executor = make_onednn_executor(spec, random_weights(spec), Precision::f32);
  const int edge = edge_px(spec);
  std::vector<float> results[2];
  {
    std::jthread first([&] { results[0] = result(*executor, edge, edge); });
    std::jthread second([&] { results[1] = result(*executor, edge, edge); });
  }
  EXPECT_EQ(results[0], results[1]);
}

TEST_P(ExecutorPair, running_twice_gives_the_same_bits) {
  const NetworkSpec& spec = GetParam().spec;
  const auto executor = make_onednn_executor(spec, random_weights(spec), Precision::automatic);
  const auto run = executor->prepare(edge_px(spec), edge_px(spec));
  fill(*run);
  run->run();
  const ConstTensorView out = run->output();
  const std::vector<float> first(out.data, out.data + static_cast<std::size_t>(out.channels) * out.height * out.width);
  run->run();
  EXPECT_EQ(first, std::vector<float>(out.data, out.data + first.size()));
}

TEST(Executor, says_which_precision_it_uses) {
  const NetworkSpec spec = build_network(find_architecture("dncnn").examples[1]);
  const Weights weights = random_weights(spec);
  EXPECT_EQ(make_plain_executor(spec, weights)->precision(), Precision::f32);
  EXPECT_EQ(make_onednn_executor(spec, weights, Precision::automatic)->precision(), Precision::f32);
  const bool has_bf16 = cpu_isa() == "avx512_core_bf16" || cpu_isa() == "avx512_core_amx";
  EXPECT_EQ(make_onednn_executor(spec, weights, Precision::bf16)->precision(),
            has_bf16 ? Precision::bf16 : Precision::f32);
}

TEST(Executor, refuses_int8_without_activation_scales) {
  const NetworkSpec spec = build_network(find_architecture("dncnn").examples[1]);
  try {
    (void)make_onednn_executor(spec, random_weights(spec), Precision::int8);
    FAIL() << "int8 was taken";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::unsupported);
    EXPECT_NE(std::string(e.what()).find("expected activation scales in the model file, found none"), std::string::npos)
        << e.what();
  }
}

TEST(Executor, refuses_sizes_that_the_shuffles_do_not_divide) {
  const NetworkSpec spec = build_network(find_architecture("ffdnet").examples[0]);
  const Weights weights = random_weights(spec);
  for (const auto& executor :
       {make_plain_executor(spec, weights).release(), make_onednn_executor(spec, weights, Precision::f32).release()}) {
    const std::unique_ptr<Executor> owned(executor);
    for (const auto& [height, width] : {std::pair{23, 24}, {24, 23}, {0, 24}, {24, -2}}) try {
        (void)owned->prepare(height, width);
        ADD_FAILURE() << width << "x" << height << " was taken";
      } catch (const Error& e) {
        EXPECT_EQ(e.code(), ErrorCode::invalid_argument);
      }
  }
}

}  // namespace
}  // namespace rdenoise
