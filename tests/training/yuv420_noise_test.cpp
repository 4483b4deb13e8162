// SPDX-License-Identifier: LGPL-2.1-or-later
#include "yuv420_noise.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <rdenoise/denoise.hpp>
#include <rdenoise/yuv420.hpp>
#include <utility>

#include "domains/domain.hpp"
#include "support/formula_pictures.hpp"

namespace rdenoise::training {
namespace {

constexpr int plane_total = 6;
constexpr int first_chroma = 4;

Image flat_planes(int cells, float signal) {
  return test::flat_picture(ColorModel::gray, cells, plane_total * cells, signal);
}

std::span<const float> plane_of(const Image& planes, int total, int plane) {
  const std::size_t size = planes.plane(0).size() / static_cast<std::size_t>(total);
  return planes.plane(0).subspan(static_cast<std::size_t>(plane) * size, size);
}

double mean_square(const Sample& sample, int plane) {
  const auto clean = plane_of(sample.clean, plane_total, plane);
  const auto noisy = plane_of(sample.noisy, plane_total, plane);
  double sum = 0.0;
  for (std::size_t i = 0; i < clean.size(); ++i) sum += std::pow(static_cast<double>(noisy[i]) - clean[i], 2);
  return sum / static_cast<double>(clean.size());
}

/// The sample's noisy planes as the frame they belong to.
Yuv420Picture as_frame(const Image& planes) {
  const int cells = planes.width_px();
  Yuv420Picture frame(2 * cells, 2 * cells);
  for (int plane = 0; plane < plane_total; ++plane)
    for (int y = 0; y < cells; ++y)
      for (int x = 0; x < cells; ++x) {
        const float sample = planes.at(0, x, plane * cells + y);
        if (plane < first_chroma)
          frame.planes[0].at(0, 2 * x + plane % 2, 2 * y + plane / 2) = sample;
        else
          frame.planes[static_cast<std::size_t>(plane - 3)].at(0, x, y) = sample;
      }
  return frame;
}

/// Shows its noise map: every phase of luma is the map's first plane, U and V are the others.
Model map_showing_model() {
  Model model;
  model.name = "map";
  model.spec = build_network(
      {.network = "ffdnet", .input = InputDomain::yuv420, .image_channels = plane_total, .depth = 2, .width = 3});
  for (const auto& [name, shape] : needed_tensors(model.spec)) {
    std::size_t count = 1;
    for (const std::int64_t side : shape) count *= static_cast<std::size_t>(side);
    model.weights.tensors[name] = {shape, std::vector<float>(count, 0.F)};
  }
  const auto centre = [&](const std::string& name, std::int64_t out, std::int64_t in) -> float& {
    Tensor& tensor = model.weights.tensors.at(name + ".weight");
    return tensor.values[static_cast<std::size_t>((out * tensor.shape[1] + in) * 9 + 4)];
  };
  for (int channel = 0; channel < 3; ++channel) centre("model.0", channel, plane_total + channel) = 1.F;
  for (int plane = 0; plane < plane_total; ++plane) centre("model.2", plane, std::max(plane - 3, 0)) = 1.F;
  return model;
}

// A sample variance of n Gaussian values has a standard error of σ²·√(2/n): n = 16384 gives 1.1 %; 5 of these is 5.5 %.
TEST(yuv420_noise, drawn_noise_has_lumas_variance_and_the_factors_of_chroma) {
  const Yuv420Noise noise{.luma = {.model = {0.02, 0.001, {}}}, .chroma_factor = {0.5, 1.2}};
  const Sample sample = with_yuv420_noise(flat_planes(128, 0.4F), noise, {5, 40});
  const double luma_variance = noise.luma.model.variance(0.4);
  for (int plane = 0; plane < plane_total; ++plane) {
    const double factor = plane < first_chroma ? 1.0 : noise.chroma_factor[static_cast<std::size_t>(plane) - 4];
    EXPECT_NEAR(mean_square(sample, plane) / (factor * factor * luma_variance), 1.0, 0.055) << plane;
    EXPECT_FLOAT_EQ(plane_of(sample.sigma, plane_total, plane)[77],
                    static_cast<float>(factor * std::sqrt(luma_variance)));
    for (int other = 0; other < plane; ++other)
      EXPECT_NE(plane_of(sample.noisy, plane_total, plane)[9], plane_of(sample.noisy, plane_total, other)[9]);
  }
}

TEST(yuv420_noise, chromas_noise_grows_with_luma_and_not_with_chroma) {
  Image planes = flat_planes(128, 0.5F);
  const std::size_t luma_samples = planes.plane(0).size() / plane_total * first_chroma;
  std::ranges::fill(planes.plane(0).first(luma_samples), 0.1F);
  const Yuv420Noise noise{.luma = {.model = {0.02, 0.0, {}}}};
  const Sample sample = with_yuv420_noise(planes, noise, {1, 1});
  EXPECT_NEAR(mean_square(sample, 4) / (0.02 * 0.1), 1.0, 0.055);
}

TEST(yuv420_noise, what_is_told_is_the_denoisers_map_for_the_same_noise) {
  constexpr int cells = 16;
  const Image clean = yuv420_domain.to_signal(test::formula_rgb(2 * cells, 2 * cells), {});
  const Yuv420Noise noise{.luma = {.model = {0.02, 0.001, {}}}, .chroma_factor = {0.5, 1.2}};
  const Sample sample = with_yuv420_noise(clean, noise, {5, 40});
  // Of chroma the denoiser is told one level, which stands for the patch's mean variance.
  NoiseProfile profile{.channel_count = 3, .channels = {noise.luma.model, {}, {}}, .confidence = 1.0};
  double mean_variance = 0.0;
  for (int phase = 0; phase < first_chroma; ++phase)
    for (const float signal : plane_of(sample.noisy, plane_total, phase))
      mean_variance += noise.luma.model.variance(signal) / (4.0 * cells * cells);
  for (std::size_t c = 0; c < 2; ++c) profile.channels[1 + c].b = mean_variance * std::pow(noise.chroma_factor[c], 2);

  const Yuv420Picture frame = as_frame(sample.noisy);
  Yuv420Picture map(2 * cells, 2 * cells);
  Denoiser denoiser(map_showing_model(), {.precision = Precision::f32});
  denoiser.denoise(frame.view(), map.view(), profile);
  for (int channel = 0; channel < 3; ++channel)
    for (int y = 0; y < cells; ++y)
      for (int x = 0; x < cells; ++x) {
        const int scale = channel == 0 ? 2 : 1;
        // Float sums of four variances below 0.03: relative error 1e-6 on σ below 0.2.
        ASSERT_NEAR(std::sqrt(sample.told_variance.at(0, x, channel * cells + y)),
                    map.planes[static_cast<std::size_t>(channel)].at(0, scale * x, scale * y), 1e-6F)
            << channel << " at " << x << ',' << y;
      }
}

TEST(yuv420_noise, each_plane_has_an_error_of_its_own_in_what_is_told) {
  const Yuv420Noise noise{.luma = {.model = NoiseModel::gaussian(25.0), .told_factor = 1.1},
                          .chroma_factor = {0.5, 1.0},
                          .chroma_told_factor = {0.9, 1.05}};
  const Sample sample = with_yuv420_noise(flat_planes(8, 0.5F), noise, {1, 1});
  const float sigma = 25.F / 255.F;
  for (const auto& [channel, told] : {std::pair{0, 1.1F}, {1, 0.5F * 0.9F}, {2, 1.05F}})
    EXPECT_NEAR(std::sqrt(plane_of(sample.told_variance, 3, channel)[5]), told * sigma, 1e-6F);
  EXPECT_FLOAT_EQ(plane_of(sample.sigma, plane_total, 4)[5], 0.5F * sigma) << "the truth has no error";
}

TEST(yuv420_noise, noise_that_varies_from_place_to_place_is_told_of_all_planes) {
  PatchRandom random(3, 1);
  const Yuv420Noise noise = draw_yuv420_noise({.min_8bit = 10.0, .max_8bit = 50.0, .spatial = 1.0}, 32, random);
  ASSERT_TRUE(noise.luma.sigma_scale);
  const Sample sample = with_yuv420_noise(flat_planes(32, 0.5F), noise, {1, 1});
  for (int channel = 0; channel < 3; ++channel) {
    const auto sigma = plane_of(sample.sigma, plane_total, channel == 0 ? 0 : channel + 3);
    const auto told = plane_of(sample.told_variance, 3, channel);
    // Computed twice in float from σ² below 0.06.
    for (std::size_t i = 0; i < sigma.size(); ++i) ASSERT_NEAR(told[i], sigma[i] * sigma[i], 1e-6F);
    EXPECT_NE(*std::ranges::min_element(told), *std::ranges::max_element(told));
  }
}

TEST(yuv420_noise, factors_of_chroma_fill_their_range_independently) {
  std::array<double, 2> least{9.0, 9.0};
  std::array<double, 2> greatest{0.0, 0.0};
  double product = 0.0;
  constexpr int draws = 1000;
  for (std::uint64_t i = 0; i < draws; ++i) {
    PatchRandom random(1, i);
    const Yuv420Noise noise = draw_yuv420_noise({.told_error = 0.1}, 32, random);
    for (std::size_t c = 0; c < 2; ++c) {
      least[c] = std::min(least[c], noise.chroma_factor[c]);
      greatest[c] = std::max(greatest[c], noise.chroma_factor[c]);
      EXPECT_NEAR(noise.chroma_told_factor[c], 1.0, 0.1);
    }
    product += (noise.chroma_factor[0] - 0.8) * (noise.chroma_factor[1] - 0.8) / draws;
  }
  for (std::size_t c = 0; c < 2; ++c) {
    // Of 1000 uniform numbers some lie within 1 % of either end, but for a chance of e^-10.
    EXPECT_GE(least[c], 0.4);
    EXPECT_LT(least[c], 0.408);
    EXPECT_LE(greatest[c], 1.2);
    EXPECT_GT(greatest[c], 1.192);
  }
  // Five standard errors of the mean product of two numbers of variance 0.8²/12: 5·0.0533/√1000.
  EXPECT_NEAR(product, 0.0, 0.0085);
}

TEST(yuv420_noise, clipped_planes_stay_between_0_and_1) {
  const Yuv420Noise noise{.luma = {.model = NoiseModel::gaussian(75.0), .clip = true}};
  const Sample sample = with_yuv420_noise(flat_planes(16, 0.1F), noise, {1, 1});
  EXPECT_EQ(*std::ranges::min_element(sample.noisy.samples()), 0.F);
  EXPECT_LE(*std::ranges::max_element(sample.noisy.samples()), 1.F);
}

}  // namespace
}  // namespace rdenoise::training
