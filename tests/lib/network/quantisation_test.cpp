// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/quantisation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>

#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

Tensor random_kernel(int outputs, int inputs) {
  std::mt19937 generator(5);
  std::normal_distribution<float> normal;
  Tensor tensor{{outputs, inputs, 3, 3}, {}};
  tensor.values.resize(static_cast<std::size_t>(outputs) * inputs * 9);
  for (float& value : tensor.values) value = normal(generator);
  return tensor;
}

EightBitResult source_of(int channels) {
  EightBitResult source{std::vector<float>(static_cast<std::size_t>(channels)), {}};
  for (std::size_t c = 0; c < source.scales.size(); ++c) source.scales[c] = 0.5F + 0.1F * static_cast<float>(c);
  source.means.assign(source.scales.size(), 0.7F);
  return source;
}

/// Σ over copies of number × scale, as the weight that it stands for.
double stood_for(const EightBitKernel& kernel, const EightBitResult& source, int copies, std::size_t output,
                 std::size_t channel, std::size_t tap) {
  const std::size_t channels = source.scales.size();
  double sum = 0.0;
  for (int copy = 0; copy < copies; ++copy)
    sum += kernel.numbers[((output * static_cast<std::size_t>(copies) + static_cast<std::size_t>(copy)) * channels +
                           channel) *
                              9 +
                          tap];
  return sum * kernel.scales[output] / source.scales[channel];
}

TEST(Quantisation, weights_keep_their_sums_over_a_window_to_half_a_step_and_themselves_to_one) {
  const Tensor weights = random_kernel(7, 5);
  const EightBitResult source = source_of(5);
  for (const int copies : {1, 2})
    for (const int most : {most_eight_bit_weight, most_seven_bit_weight}) {
      const EightBitKernel kernel = to_eight_bits(weights, source, copies, most);
      for (std::size_t o = 0; o < 7; ++o)
        for (std::size_t c = 0; c < 5; ++c) {
          const double step = kernel.scales[o] / source.scales[c];
          double error_sum = 0.0;
          for (std::size_t i = 0; i < 9; ++i) {
            const double error = weights.values[(o * 5 + c) * 9 + i] - stood_for(kernel, source, copies, o, c, i);
            EXPECT_LT(std::abs(error), 1.01 * step);
            error_sum += error;
          }
          EXPECT_LT(std::abs(error_sum), 0.501 * step);
        }
      for (const std::int8_t number : kernel.numbers) EXPECT_LE(std::abs(number), most);
    }
}

TEST(Quantisation, two_copies_tell_weights_in_half_the_steps) {
  const Tensor weights = random_kernel(3, 4);
  const EightBitResult source = source_of(4);
  const EightBitKernel one = to_eight_bits(weights, source, 1, most_eight_bit_weight);
  const EightBitKernel two = to_eight_bits(weights, source, 2, most_eight_bit_weight);
  for (std::size_t o = 0; o < 3; ++o) EXPECT_FLOAT_EQ(two.scales[o], one.scales[o] / 2.F);
}

TEST(Quantisation, bias_gives_back_what_rounding_takes_from_the_mean) {
  const Tensor weights = random_kernel(6, 8);
  const EightBitResult source = source_of(8);
  const EightBitKernel kernel = to_eight_bits(weights, source, 1, most_eight_bit_weight);
  for (std::size_t o = 0; o < 6; ++o) {
    double exact = 0.0;
    double rounded = kernel.bias[o];
    for (std::size_t c = 0; c < 8; ++c)
      for (std::size_t i = 0; i < 9; ++i) {
        exact += weights.values[(o * 8 + c) * 9 + i] * static_cast<double>(source.means[c]);
        rounded += stood_for(kernel, source, 1, o, c, i) * source.means[c];
      }
    // Sums of 72 terms of size 1 in f32.
    EXPECT_NEAR(rounded, exact, 1e-4);
  }
}

TEST(Quantisation, an_output_without_weights_is_its_bias) {
  Tensor weights = random_kernel(1, 2);
  std::ranges::fill(weights.values, 0.F);
  const EightBitKernel kernel = to_eight_bits(weights, source_of(2), 1, most_eight_bit_weight);
  EXPECT_EQ(kernel.scales[0], 1.F);
  EXPECT_EQ(kernel.bias[0], 0.F);
}

TEST(PrecisionLosses, are_read_from_metadata_and_refused_if_no_numbers) {
  Weights weights;
  EXPECT_TRUE(precision_losses(weights).empty());
  weights.metadata["psnr_loss_db.bf16"] = "0.0031";
  weights.metadata["psnr_loss_db.int8"] = "-0.002";
  weights.metadata["psnr_loss_db.measured_on"] = "12 pictures";
  const std::vector<PrecisionLoss> losses = precision_losses(weights);
  ASSERT_EQ(losses.size(), 2U);
  EXPECT_EQ(losses[0].precision, Precision::bf16);
  EXPECT_DOUBLE_EQ(losses[0].psnr_db, 0.0031);
  EXPECT_DOUBLE_EQ(losses[1].psnr_db, -0.002);
  weights.metadata["psnr_loss_db.int8"] = "little";
  EXPECT_THROW((void)precision_losses(weights), Error);
}

TEST(SafetensorsMetadata, is_replaced_while_tensors_stay_bit_by_bit) {
  const test::TemporaryFolder folder;
  const auto path = folder / "weights.safetensors";
  Weights weights;
  weights.tensors["a.weight"] = random_kernel(2, 3);
  weights.metadata = {{"kept", "1"}, {"activation_scales.a", "old"}, {"activation_scales.gone", "old"}};
  write_safetensors(path, weights, StoredNumber::f16);
  const Weights before = read_safetensors(path);
  const auto size_before = std::filesystem::file_size(path);
  const std::string_view prefixes[] = {"activation_scales."};
  update_safetensors_metadata(path, prefixes, {{"activation_scales.a", "new"}});
  const Weights after = read_safetensors(path);
  EXPECT_EQ(after.metadata, (decltype(after.metadata){{"kept", "1"}, {"activation_scales.a", "new"}}));
  EXPECT_EQ(after.tensors.at("a.weight").values, before.tensors.at("a.weight").values);
  // Still in 16 bits: only the header became shorter.
  EXPECT_LE(std::filesystem::file_size(path), size_before);
}

}  // namespace
}  // namespace rdenoise
