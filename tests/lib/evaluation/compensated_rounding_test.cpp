// SPDX-License-Identifier: LGPL-2.1-or-later
#include "evaluation/compensated_rounding.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace rdenoise {
namespace {

constexpr std::size_t n_inputs = 37;  // whole tiles of the products, and a rest
constexpr std::size_t n_samples = 3000;
constexpr int most = 7;  // coarse steps, so that rounding is nearly all of the error

/// Samples of inputs: noise of each, and what all have in common.
std::vector<std::vector<float>> samples(float common_deviation) {
  std::mt19937 generator(2);
  std::normal_distribution<float> normal;
  std::vector<std::vector<float>> drawn(n_samples, std::vector<float>(n_inputs));
  for (std::vector<float>& sample : drawn) {
    const float common = common_deviation * normal(generator);
    for (float& input : sample) input = 3.F + common + normal(generator);
  }
  return drawn;
}

std::vector<float> random_weights(std::uint32_t seed = 4) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  std::vector<float> weights(n_inputs);
  for (float& weight : weights) weight = normal(generator);
  return weights;
}

InputMoments::Covariances covariances(const std::vector<std::vector<float>>& drawn) {
  InputMoments moments(n_inputs);
  for (const std::vector<float>& sample : drawn) moments.add(sample, sample, 2.0);
  return moments.covariances();
}

/// Mean squared error of the sum of products.
double error(const std::vector<float>& weights, const EightBitKernel& kernel,
             const std::vector<std::vector<float>>& drawn) {
  double sum = 0.0;
  for (const std::vector<float>& sample : drawn) {
    double difference = -kernel.bias[0];
    for (std::size_t i = 0; i < n_inputs; ++i)
      difference += (weights[i] - kernel.numbers[i] * static_cast<double>(kernel.scales[0])) * sample[i];
    sum += difference * difference;
  }
  return sum / n_samples;
}

/// To the nearest number, the bias keeping the mean.
EightBitKernel rounded_alone(const std::vector<float>& weights, const InputMoments::Covariances& inputs, float scale) {
  EightBitKernel kernel{{}, {scale}, {0.F}};
  for (std::size_t i = 0; i < n_inputs; ++i) {
    kernel.numbers.push_back(static_cast<std::int8_t>(
        std::clamp(std::nearbyint(weights[i] / scale), -static_cast<float>(most), static_cast<float>(most))));
    kernel.bias[0] +=
        (weights[i] - static_cast<float>(kernel.numbers[i]) * scale) * static_cast<float>(inputs.mean_kept[i]);
  }
  return kernel;
}

TEST(InputMoments, are_means_and_covariances) {
  const auto drawn = samples(2.F);
  const auto inputs = covariances(drawn);
  std::vector<double> mean(n_inputs);
  for (const auto& sample : drawn)
    for (std::size_t i = 0; i < n_inputs; ++i) mean[i] += sample[i] / static_cast<double>(n_samples);
  for (const std::size_t i : {std::size_t{0}, std::size_t{5}, n_inputs - 1}) {
    EXPECT_NEAR(inputs.mean_exact[i], mean[i], 1e-9);
    for (const std::size_t j : {std::size_t{1}, std::size_t{33}, n_inputs - 1}) {
      double covariance = 0.0;
      for (const auto& sample : drawn)
        covariance += (sample[i] - mean[i]) * (sample[j] - mean[j]) / static_cast<double>(n_samples);
      // Products of about 14 are added up in f32 over 128 samples: 2^-24 · 14 · √128, and some.
      EXPECT_NEAR(inputs.kept[i * n_inputs + j], covariance, 1e-4) << i << ", " << j;
      EXPECT_NEAR(inputs.exact_kept[i * n_inputs + j], covariance, 1e-4) << i << ", " << j;
    }
  }
}

TEST(CompensatedRounding, beats_rounding_to_nearest_where_inputs_go_together) {
  const auto drawn = samples(3.F);
  const auto inputs = covariances(drawn);
  double compensated = 0.0;
  double alone = 0.0;
  // One alone may round to a sum without error by chance.
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    const std::vector<float> weights = random_weights(seed);
    const EightBitKernel kernel = round_compensated(weights, inputs, most);
    compensated += error(weights, kernel, drawn);
    alone += error(weights, rounded_alone(weights, inputs, kernel.scales[0]), drawn);
  }
  // Of variances of 1 + 9, rounding alone lets all of both through; where errors cancel only the 1 is left, and some of
  // the 9 where the last weights find no number that suits.
  EXPECT_LT(compensated, 0.3 * alone);
}

TEST(CompensatedRounding, is_rounding_to_nearest_where_inputs_have_nothing_in_common) {
  InputMoments::Covariances inputs{n_inputs, std::vector<double>(n_inputs * n_inputs),
                                   std::vector<double>(n_inputs * n_inputs), std::vector<double>(n_inputs, 1.0),
                                   std::vector<double>(n_inputs, 1.0)};
  for (std::size_t i = 0; i < n_inputs; ++i)
    inputs.kept[i * n_inputs + i] = inputs.exact_kept[i * n_inputs + i] = 1.0 + static_cast<double>(i % 5);
  const std::vector<float> weights = random_weights();
  const EightBitKernel kernel = round_compensated(weights, inputs, most);
  const EightBitKernel alone = rounded_alone(weights, inputs, kernel.scales[0]);
  EXPECT_EQ(kernel.numbers, alone.numbers);
  EXPECT_NEAR(kernel.bias[0], alone.bias[0], 1e-4);
}

TEST(CompensatedRounding, makes_up_for_inputs_that_are_kept_too_small) {
  const auto drawn = samples(1.F);
  InputMoments moments(n_inputs);
  for (const std::vector<float>& sample : drawn) {
    std::vector<float> kept = sample;
    for (float& input : kept) input *= 0.8F;
    moments.add(sample, kept, 1.0);
  }
  const std::vector<float> weights = random_weights();
  const EightBitKernel kernel = round_compensated(weights, moments.covariances(), 127);
  // The largest weight is as much larger; steps of 1/127 and the damping of a thousandth change it by less than 1 %.
  const float largest = std::abs(*std::ranges::max_element(weights, {}, [](float w) { return std::abs(w); }));
  EXPECT_NEAR(kernel.scales[0] * 127.F, largest / 0.8F, 0.01F * largest / 0.8F);
}

TEST(CompensatedRounding, of_weights_that_are_zero_is_zero) {
  const EightBitKernel kernel =
      round_compensated(std::vector<float>(n_inputs), covariances(samples(1.F)), most_eight_bit_weight);
  EXPECT_EQ(kernel.numbers, std::vector<std::int8_t>(n_inputs));
  EXPECT_EQ(kernel.scales[0], 1.F);
  EXPECT_EQ(kernel.bias[0], 0.F);
}

/// As in the network: the products' sum that `kept` makes of the inputs.
double error_of_bf16(const std::vector<float>& weights, const std::vector<float>& kept, double bias,
                     const std::vector<std::vector<float>>& drawn) {
  double sum = 0.0;
  for (const std::vector<float>& sample : drawn) {
    double difference = -bias;
    for (std::size_t i = 0; i < n_inputs; ++i) difference += (weights[i] - static_cast<double>(kept[i])) * sample[i];
    sum += difference * difference;
  }
  return sum / n_samples;
}

TEST(CompensatedRoundingToBf16, beats_rounding_to_nearest_where_inputs_go_together) {
  const auto drawn = samples(3.F);
  const auto inputs = covariances(drawn);
  double compensated = 0.0;
  double alone = 0.0;
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    const std::vector<float> weights = random_weights(seed);
    const Bf16Kernel kernel = round_compensated_to_bf16(weights, inputs);
    compensated += error_of_bf16(weights, kernel.weights, kernel.bias[0], drawn);
    std::vector<float> nearest;
    double bias = 0.0;
    for (std::size_t i = 0; i < n_inputs; ++i) {
      nearest.push_back(nearest_bf16(weights[i]));
      bias += (static_cast<double>(weights[i]) - nearest[i]) * inputs.mean_kept[i];
    }
    alone += error_of_bf16(weights, nearest, bias, drawn);
  }
  // As for eight bits, and small weights have small steps, so that the last ones find a number that suits.
  EXPECT_LT(compensated, 0.3 * alone);
}

TEST(CompensatedRoundingToBf16, gives_weights_that_bf16_has) {
  const Bf16Kernel kernel = round_compensated_to_bf16(random_weights(), covariances(samples(1.F)));
  ASSERT_EQ(kernel.weights.size(), n_inputs);
  for (const float weight : kernel.weights) EXPECT_EQ(weight, nearest_bf16(weight));
}

}  // namespace
}  // namespace rdenoise
