// SPDX-License-Identifier: LGPL-2.1-or-later
#include "evaluation/kernel_rounding.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <rdenoise/denoise.hpp>
#include <rdenoise/evaluation.hpp>
#include <rdenoise/model_picture.hpp>

#include "lib/network/random_weights.hpp"
#include "network/onednn_cpu.hpp"
#include "network/stored_kernels.hpp"

namespace rdenoise {
namespace {

constexpr int edge_px = 64;
constexpr int depth = 5;

Model small_model() {
  Model model;
  model.name = "small";
  model.spec = build_network({.network = "dncnn", .image_channels = 1, .depth = depth, .width = 16, .residual = true});
  model.weights = test::random_weights(model.spec, 1);
  return model;
}

NoisyPicture noisy_picture(std::uint64_t seed) {
  Image image(ColorModel::gray, edge_px, edge_px);
  for (int i = 0; i < edge_px * edge_px; ++i)
    image.samples()[static_cast<std::size_t>(i)] =
        0.5F + 0.4F * std::sin(0.1F * static_cast<float>(i % edge_px) + 0.002F * static_cast<float>(i));
  ModelPicture noisy = with_white_noise(ModelPicture(image), 25.0, seed, 0);
  NoiseProfile profile = uniform_profile(view_of(noisy).color_model, NoiseModel::gaussian(25.0));
  return {std::move(noisy), std::move(profile)};
}

double squared_difference(const Model& one, const Model& other, Precision precision, const NoisyPicture& noisy) {
  const auto denoised = [&](const Model& model, Precision with) {
    ModelPicture result = noisy.picture;
    Denoiser(model, {.precision = with, .n_threads = 1})
        .denoise(view_of(noisy.picture), view_of(result), noisy.profile);
    return std::get<Image>(result);
  };
  const Image a = denoised(one, precision);
  const Image b = denoised(other, Precision::f32);
  double sum = 0.0;
  for (std::size_t i = 0; i < a.samples().size(); ++i)
    sum += (a.samples()[i] - b.samples()[i]) * (a.samples()[i] - b.samples()[i]);
  return sum;
}

TEST(RoundedBf16Kernels, bring_bf16_nearer_to_f32_on_other_noise) {
  if (!onednn::has_bf16()) GTEST_SKIP() << "this CPU has no bf16";
  const Model model = small_model();
  const NoisyPicture seen[] = {noisy_picture(1)};
  Model rounded = model;
  rounded.weights.metadata = rounded_bf16_kernels(model, seen, 0);
  EXPECT_EQ(rounded.weights.metadata.size(), depth - 1U);  // all but the one that reads the picture
  const NoisyPicture other = noisy_picture(2);
  // Rounding of weights is about half of what bf16 errs; results are rounded as before.
  EXPECT_LT(squared_difference(rounded, model, Precision::bf16, other),
            0.9 * squared_difference(model, model, Precision::bf16, other));
}

}  // namespace
}  // namespace rdenoise
