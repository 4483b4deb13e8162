// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/noise.hpp>
#include <vector>

#include "support/formula_pictures.hpp"
#include "support/statistics.hpp"

namespace rdenoise {
namespace {

struct Level {
  NoiseModel noise;
  float signal;
};

class AddNoiseAtLevel : public testing::TestWithParam<Level> {
 protected:
  static constexpr std::size_t n = 1 << 18;

  void SetUp() override {
    const auto [noise, signal] = GetParam();
    const std::vector<float> clean(n, signal);
    noisy_.resize(n);
    add_noise(clean, noisy_, noise, {21, 0});
  }

  std::vector<float> noisy_;
};

TEST_P(AddNoiseAtLevel, variance_of_drawn_samples_is_a_x_plus_b) {
  const auto [noise, signal] = GetParam();
  const double expected = noise.variance(signal);
  // Relative variance of the sample variance: (2 + excess kurtosis)/n. The shot part's fourth cumulant is a³·x.
  const double kurtosis = std::pow(noise.a, 3) * std::max(0.F, signal) / (expected * expected);
  EXPECT_NEAR(test::variance(noisy_) / expected, 1.0, 5.0 * std::sqrt((2.0 + kurtosis) / n));
}

TEST_P(AddNoiseAtLevel, mean_is_kept) {
  const auto [noise, signal] = GetParam();
  // Five standard errors, and the rounding of each sample to float.
  EXPECT_NEAR(test::mean(noisy_), signal, 5.0 * noise.sigma(signal) / std::sqrt(static_cast<double>(n)) + 1e-7);
}

TEST_P(AddNoiseAtLevel, skewness_is_that_of_the_photon_count) {
  const auto [noise, signal] = GetParam();
  const double mean = test::mean(noisy_);
  const double sigma = noise.sigma(signal);
  double skewness = 0.0;
  for (const float x : noisy_) skewness += std::pow((x - mean) / sigma, 3) / n;
  const double expected = noise.a * noise.a * std::max(0.F, signal) / std::pow(sigma, 3);
  // Variance of the cubed standardised sample: 15 for the normal; for Poisson 15 + 25/λ + 1/λ² at λ photons, and the
  // mix with read noise lies between.
  const double photons = noise.a > 0.0 && signal > 0.F ? signal / noise.a : 1e9;
  EXPECT_NEAR(skewness, expected, 5.0 * std::sqrt((15.0 + 25.0 / photons + 1.0 / (photons * photons)) / n));
}

INSTANTIATE_TEST_SUITE_P(levels, AddNoiseAtLevel,
                         testing::Values(Level{{0.0, 0.01}, 0.5F},       // white noise, σ = 25.5
                                         Level{{0.01, 0.0}, 0.02F},      // 2 photons
                                         Level{{0.01, 1e-4}, 0.05F},     // 5 photons and read noise
                                         Level{{0.01, 1e-4}, 0.5F},      // 50 photons
                                         Level{{1e-3, 1e-6}, 0.9F},      // 900 photons: approximation
                                         Level{{0.01, 1e-3}, -0.02F}));  // below black: no photons

// The numbers of a seed are part of the contract: tables in model cards rest on them. They are the same on every
// processor, so with vectors of any width.
TEST(add_noise, draws_the_same_bits_on_every_machine) {
  std::vector<float> clean(1 << 16);
  for (std::size_t i = 0; i < clean.size(); ++i) clean[i] = static_cast<float>(i) / 65536.F;
  std::vector<float> noisy(clean.size());
  const auto checksum = [&](const NoiseModel& noise) {
    add_noise(clean, noisy, noise, {0x123456789ABCDEF, 42}, 128);
    std::uint64_t hash = 0xCBF29CE484222325;  // FNV-1a over the words
    for (const float x : noisy) hash = (hash ^ std::bit_cast<std::uint32_t>(x)) * 0x100000001B3;
    return hash;
  };
  EXPECT_EQ(checksum({0.0, 0.01}), 0x6A92002E80F1D422U);
  EXPECT_EQ(checksum({0.1, 1e-4}), 0x6DBF7032F8C205CDU);
  EXPECT_EQ(checksum({4e-3, 1e-5}), 0xDC8385623190F7B0U);
  EXPECT_EQ(checksum({2e-4, 1e-6}), 0x63E67871771EB79BU);
}

TEST(add_noise, follows_a_level_function) {
  NoiseModel noise{0.0, 0.0, NoiseLevelFunction{}};
  for (int i = 0; i < NoiseLevelFunction::level_count; ++i) {
    noise.level_function->variance[static_cast<std::size_t>(i)] =
        static_cast<float>(1e-4 + 1e-2 * std::pow(NoiseLevelFunction::level(i) - 0.4, 2));
  }
  constexpr std::size_t n = 1 << 17;
  std::vector<float> noisy(n);
  for (const float signal : {-0.3F, 0.F, 0.21F, 0.5F, 1.F, 1.7F}) {
    add_noise(std::vector<float>(n, signal), noisy, noise, {8, 1});
    EXPECT_NEAR(test::mean(noisy), signal, 5.0 * noise.sigma(signal) / std::sqrt(n) + 1e-7);
    EXPECT_NEAR(test::variance(noisy) / noise.variance(signal), 1.0, 5.0 * std::sqrt(2.0 / n)) << signal;
  }
}

TEST(add_noise, of_extreme_models_stays_finite) {
  const std::vector<float> clean{-1.F, 0.F, 1e-6F, 1.F, 100.F};
  std::vector<float> noisy(clean.size());
  for (const double a : {1e-45, 1e-38, 1e-31, 1e-20, 1.0, 1e6}) {
    add_noise(clean, noisy, {a, 0.0}, {4, 4});
    for (const float x : noisy) EXPECT_TRUE(std::isfinite(x)) << "a " << a;
  }
}

TEST(add_noise, does_not_depend_on_rows_or_tiles) {
  const std::vector<float> clean(1000, 0.3F);
  const NoiseModel noise{1e-3, 1e-4};  // 300 photons, so some pixels near 256 would use either path
  std::vector<float> whole(clean.size());
  add_noise(clean, whole, noise, {1, 2}, 77);
  std::vector<float> pieces(clean.size());
  for (std::size_t first : {600, 0, 250, 130}) {
    const std::size_t last = first == 0 ? 130 : first == 130 ? 250 : first == 250 ? 600 : 1000;
    add_noise(std::span(clean).subspan(first, last - first), std::span(pieces).subspan(first, last - first), noise,
              {1, 2}, 77 + first);
  }
  EXPECT_EQ(whole, pieces);
}

TEST(add_noise, works_in_place) {
  std::vector<float> clean(500);
  for (std::size_t i = 0; i < clean.size(); ++i) clean[i] = static_cast<float>(i) / 500.F;
  const NoiseModel noise{2e-3, 1e-4};
  std::vector<float> noisy(clean.size());
  add_noise(clean, noisy, noise, {4, 4});
  add_noise(clean, clean, noise, {4, 4});
  EXPECT_EQ(clean, noisy);
}

TEST(add_noise, without_noise_changes_nothing) {
  const std::vector<float> clean{-0.1F, 0.F, 0.5F, 1.5F};
  std::vector<float> noisy(clean.size());
  add_noise(clean, noisy, {0.0, 0.0}, {4, 4});
  EXPECT_EQ(clean, noisy);
  add_noise(clean, noisy, {0.0, -1e-6}, {4, 4});
  EXPECT_EQ(clean, noisy) << "a negative read variance counts as none";
}

TEST(add_noise, refuses_spans_of_different_size) {
  const std::vector<float> clean(4);
  std::vector<float> noisy(5);
  EXPECT_THROW(add_noise(clean, noisy, {}, {}), Error);
}

TEST(add_noise_to_frame, gives_each_channel_its_own_noise) {
  const Image clean = test::flat_picture(ColorModel::rgb, 256, 192, 0.5F);
  Image noisy = clean;
  NoiseProfile profile = uniform_profile(ColorModel::rgb, {});
  profile.channels = {NoiseModel::gaussian(5), NoiseModel::gaussian(10), NoiseModel::gaussian(20)};
  add_noise(clean.view(), noisy.view(), profile, {1, 0});
  const double bound = 5.0 * std::sqrt(2.0 / (256 * 192));
  for (int c = 0; c < 3; ++c) {
    EXPECT_NEAR(test::variance(noisy.plane(c)) / profile.channels[static_cast<std::size_t>(c)].variance(0.5), 1.0,
                bound);
  }
}

TEST(add_noise_to_frame, draws_bayer_sites_by_their_colour) {
  const Image clean = test::flat_picture(ColorModel::bayer, 256, 256, 0.5F);
  Image noisy = clean;
  NoiseProfile profile = uniform_profile(ColorModel::bayer, {});
  profile.channels = {NoiseModel::gaussian(40), NoiseModel::gaussian(5), NoiseModel::gaussian(20)};
  add_noise(clean.view(), noisy.view(), profile, {1, 0});
  double square[3] = {};
  int count[3] = {};
  for (int y = 0; y < 256; ++y) {
    for (int x = 0; x < 256; ++x) {
      const int color = cfa_color_at(clean.cfa(), x, y);
      square[color] += std::pow(noisy.at(0, x, y) - 0.5, 2);
      ++count[color];
    }
  }
  for (int c = 0; c < 3; ++c) {
    EXPECT_NEAR(square[c] / count[c] / profile.channels[static_cast<std::size_t>(c)].variance(0.5), 1.0,
                5.0 * std::sqrt(2.0 / count[c]));
  }
}

TEST(add_noise_to_frame, does_not_depend_on_threads) {
  const Image clean = test::formula_bayer(1501, 703, CfaPattern::gbrg);
  Image one = clean;
  Image two = clean;
  NoiseProfile profile = uniform_profile(ColorModel::bayer, {3e-3, 1e-5});
  add_noise(clean.view(), one.view(), profile, {1, 7}, {.n_threads = 1});
  add_noise(clean.view(), two.view(), profile, {1, 7}, {.n_threads = 2});
  EXPECT_TRUE(std::ranges::equal(one.samples(), two.samples()));
}

TEST(add_noise_to_frame, draws_in_a_tile_what_the_whole_picture_has_there) {
  const Image clean = test::formula_gray(300, 40);
  Image whole = clean;
  const NoiseModel noise{2e-3, 1e-5};
  add_noise(clean.view(), whole.view(), uniform_profile(ColorModel::gray, noise), {1, 3});
  for (int y = 10; y < 30; ++y) {
    const std::size_t first = static_cast<std::size_t>(y) * 300 + 41;
    std::vector<float> tile(111);
    add_noise(clean.plane(0).subspan(first, tile.size()), tile, noise, {1, 3 * max_channels}, first);
    EXPECT_TRUE(std::ranges::equal(tile, whole.plane(0).subspan(first, tile.size()))) << "row " << y;
  }
}

TEST(add_noise_to_frame, clips_and_quantises_on_request) {
  const Image clean = test::formula_gray(200, 100);
  Image noisy = clean;
  const NoiseProfile profile = uniform_profile(ColorModel::gray, NoiseModel::gaussian(60));
  add_noise(clean.view(), noisy.view(), profile, {1, 0}, {.limits = {true, true, 4}});
  Image limited = clean;
  add_noise(clean.view(), limited.view(), profile, {1, 0});
  limit_samples(limited.samples(), {true, true, 4});
  EXPECT_TRUE(std::ranges::equal(noisy.samples(), limited.samples()));
}

TEST(add_noise_to_frame, refuses_other_layouts_and_profiles) {
  const Image gray = test::flat_picture(ColorModel::gray, 8, 8, 0.5F);
  Image rgb = test::flat_picture(ColorModel::rgb, 8, 8, 0.5F);
  Image small = test::flat_picture(ColorModel::gray, 8, 7, 0.5F);
  EXPECT_THROW(add_noise(gray.view(), rgb.view(), uniform_profile(ColorModel::gray, {}), {}), Error);
  EXPECT_THROW(add_noise(gray.view(), small.view(), uniform_profile(ColorModel::gray, {}), {}), Error);
  EXPECT_THROW(add_noise(rgb.view(), rgb.view(), uniform_profile(ColorModel::gray, {}), {}), Error);
}

}  // namespace
}  // namespace rdenoise
