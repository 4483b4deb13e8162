// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <rdenoise/denoise.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/variance_stabilisation.hpp>
#include <vector>

#include "lib/denoise/frames.hpp"
#include "support/formula_pictures.hpp"
#include "support/statistics.hpp"

namespace rdenoise {
namespace {

constexpr DenoiseOptions stabilised_in_tiles{.tile_size_px = 8, .n_threads = 2, .stabilise_variance = true};

// Plain twin: each sample by itself, by the stabiliser of its colour.
Image there_and_back(const Image& src, const NoiseProfile& noise) {
  Image dst = src;
  for (int plane = 0; plane < src.plane_count(); ++plane)
    for (int y = 0; y < src.height_px(); ++y)
      for (int x = 0; x < src.width_px(); ++x) {
        const int channel = src.color_model() == ColorModel::bayer ? 2 * (y & 1) + (x & 1) : plane;
        const VarianceStabiliser stabiliser(channel_noise(noise, src.color_model(), src.cfa(), channel),
                                            StabilisedScale::unit_signal);
        stabiliser.stabilise({&dst.at(plane, x, y), 1});
        stabiliser.restore({&dst.at(plane, x, y), 1});
      }
  return dst;
}

struct Case {
  InputDomain network;
  ColorModel frame;
};

class StabilisedDenoise : public testing::TestWithParam<Case> {};

TEST_P(StabilisedDenoise, gives_each_sample_its_own_transform) {
  const auto [network, model] = GetParam();
  const Image src = test::random_picture(model, 27, 19, CfaPattern::gbrg);
  FrameDenoiser denoiser = test::fake_denoiser(test::ffdnet(network), test::pass_through, stabilised_in_tiles);
  const NoiseProfile noise = test::different_noise(model);
  const Image found = test::denoised(denoiser, src, noise);
  EXPECT_EQ(test::max_abs_difference(found.samples(), there_and_back(src, noise).samples()), 0.F);
}

TEST_P(StabilisedDenoise, shows_the_network_white_noise) {
  const auto [network, model] = GetParam();
  constexpr double strength = 1.5;
  const NoiseProfile noise = uniform_profile(model, {2e-3, 1e-4});
  const double sigma = VarianceStabiliser(noise.channels[0], StabilisedScale::unit_signal).sigma();
  std::atomic<int> others = 0;
  const auto look = [&](ConstTensorView image, ConstTensorView map, TensorView output) {
    for (int y = 0; y < map.height; ++y)
      for (int x = 0; x < map.width; ++x) others += std::abs(map.row(0, y)[x] - strength * sigma) > 1e-7;
    test::pass_through(image, map, output);
  };
  DenoiseOptions options = stabilised_in_tiles;
  options.strength = strength;
  FrameDenoiser denoiser = test::fake_denoiser(test::ffdnet(network), look, options);
  (void)test::denoised(denoiser, test::random_picture(model, 27, 19), noise);
  EXPECT_EQ(others, 0);
}

INSTANTIATE_TEST_SUITE_P(
    frames, StabilisedDenoise,
    testing::Values(Case{InputDomain::gray, ColorModel::gray}, Case{InputDomain::gray, ColorModel::bayer},
                    Case{InputDomain::rgb, ColorModel::rgb}, Case{InputDomain::bayer, ColorModel::bayer}),
    [](const auto& info) {
      return std::string(to_string(info.param.network)) + "_on_" + std::string(to_string(info.param.frame));
    });

TEST(stabilised_denoise, follows_the_noise_of_each_frame) {
  const Image src = test::random_picture(ColorModel::rgb, 16, 12);
  FrameDenoiser denoiser = test::fake_denoiser(test::ffdnet(InputDomain::rgb), test::pass_through, stabilised_in_tiles);
  const NoiseProfile weak = uniform_profile(ColorModel::rgb, {1e-4, 1e-6});
  const NoiseProfile strong = uniform_profile(ColorModel::rgb, {0.05, 1e-3});
  for (const NoiseProfile& noise : {weak, strong, weak})
    EXPECT_EQ(test::values(test::denoised(denoiser, src, noise)), test::values(there_and_back(src, noise)));
}

TEST(stabilised_denoise, serves_blind_networks_and_needs_a_profile_for_them) {
  const Image src = test::random_picture(ColorModel::gray, 16, 12);
  FrameDenoiser denoiser = test::fake_denoiser(test::dncnn(), test::pass_through, stabilised_in_tiles);
  const NoiseProfile noise = uniform_profile(ColorModel::gray, {0.01, 1e-4});
  EXPECT_EQ(test::values(test::denoised(denoiser, src, noise)), test::values(there_and_back(src, noise)));
  EXPECT_THROW((void)test::denoised(denoiser, src, NoiseProfile{}), Error);
}

TEST(stabilised_denoise, of_strength_0_copies_bit_by_bit) {
  const Image src = test::random_picture(ColorModel::gray, 16, 12);
  DenoiseOptions options = stabilised_in_tiles;
  options.strength = 0.0;
  FrameDenoiser denoiser = test::fake_denoiser(test::ffdnet(InputDomain::gray), test::pass_through, options);
  EXPECT_EQ(test::values(test::denoised(denoiser, src, test::different_noise(ColorModel::gray))), test::values(src));
}

double psnr_db(const Image& a, const Image& b) {
  double square = 0.0;
  for (std::size_t i = 0; i < a.samples().size(); ++i) square += std::pow(a.samples()[i] - b.samples()[i], 2);
  return -10.0 * std::log10(square / static_cast<double>(a.samples().size()));
}

// A mean photon count of 50 at white: σ of 0.03 near black, 0.14 near white. A single σ blurs the one and leaves the
// noise of the other.
TEST(stabilised_denoise, of_photon_noise_beats_a_single_sigma) {
  const Image clean = test::formula_gray(256, 192);
  const NoiseProfile photons = uniform_profile(ColorModel::gray, {0.02, 1e-5});
  Image noisy = clean;
  add_noise(clean.view(), noisy.view(), photons, {3, 0});
  NoiseProfile single = photons;
  double variance = 0.0;
  for (const float x : clean.samples()) variance += photons.channels[0].variance(x) / clean.samples().size();
  single.channels[0] = {0.0, variance};

  const auto psnr_of = [&](bool stabilise, const NoiseProfile& noise) {
    Denoiser denoiser(load_model("ffdnet-gray"), {.precision = Precision::f32, .stabilise_variance = stabilise});
    Image found(ColorModel::gray, clean.width_px(), clean.height_px());
    denoiser.denoise(noisy.view(), found.view(), noise);
    return psnr_db(clean, found);
  };
  const double with_stabilisation = psnr_of(true, photons);
  const double with_single_sigma = psnr_of(false, single);
  const double with_sigma_map = psnr_of(false, photons);
  RecordProperty("psnr_db", std::to_string(with_stabilisation) + " stabilised, " + std::to_string(with_single_sigma) +
                                " single sigma, " + std::to_string(with_sigma_map) + " sigma map");
  EXPECT_GT(with_stabilisation, with_single_sigma + 0.3);
}

}  // namespace
}  // namespace rdenoise
