// SPDX-License-Identifier: LGPL-2.1-or-later
// Remapped profiles against noise that is converted here, by the formula. What a converter really does is tested with
// the elements.
#include <gtest/gtest.h>

#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/noise_propagation.hpp>
#include <rdenoise/noise_remap.hpp>

#include "support/statistics.hpp"

namespace rdenoise {
namespace {

VideoDomain domain_of(const char* format, bool limited_range, const LumaWeights& luma = {}) {
  const PixelFormat* pixel = find_pixel_format(format);
  return {pixel, 64, 48, default_levels(*pixel, limited_range), luma, LightCoding::video_curve};
}

constexpr LumaWeights bt709{0.2126, 0.0722};

NoiseProfile profile_of(const NoiseModel& first, const NoiseModel& second, const NoiseModel& third) {
  return {3, {first, second, third}, 0.7};
}

NoiseModel bent_function() {
  NoiseLevelFunction function;
  for (int i = 0; i < NoiseLevelFunction::level_count; ++i) {
    function.variance[i] = static_cast<float>(1e-4 + 2e-3 * std::sqrt(NoiseLevelFunction::level(i)));
  }
  return model_of_level_function(function);
}

constexpr std::size_t sample_count = 1 << 17;
// σ of n samples is known to 1/√(2n) = 0.2 %; five of them.
constexpr double tolerance = 0.01;

/// A channel at one level with Gaussian noise of that level's variance.
std::vector<float> noisy(const NoiseModel& noise, double level, std::uint32_t stream) {
  std::vector<float> samples(sample_count, static_cast<float>(level));
  add_noise(samples, samples, {0.0, noise.variance(level), {}}, {9, stream});
  return samples;
}

double sigma_of(const std::vector<float>& samples) { return std::sqrt(test::variance(samples)); }

TEST(NoiseRemap, between_packings_changes_nothing) {
  const NoiseProfile yuv = profile_of({0.002, 1e-4, {}}, {0.0, 3e-4, {}}, bent_function());
  for (const char* to : {"I420", "NV12", "YV12"}) {
    EXPECT_EQ(remap_noise(yuv, domain_of("I420", true), domain_of(to, true)), yuv) << to;
  }
  for (const char* to : {"BGRx", "ARGB", "BGR"}) {
    EXPECT_EQ(remap_noise(yuv, domain_of("RGB", false), domain_of(to, false)), yuv) << to;
  }
}

TEST(NoiseRemap, by_bit_depth_adds_the_rounding_of_the_new_depth) {
  const NoiseProfile gray = uniform_profile(ColorModel::gray, {0.002, 1e-5, {}});
  const auto coarse = remap_noise(gray, domain_of("GRAY16_LE", false), domain_of("GRAY8", false));
  ASSERT_TRUE(coarse);
  EXPECT_EQ(coarse->confidence, 1.0);
  for (const double level : {0.1, 0.5, 0.8}) {
    std::vector<float> samples = noisy(gray.channels[0], level, 0);
    for (float& sample : samples) sample = std::floor(sample * 255.F) / 255.F;
    const double expected = sigma_of(samples);
    EXPECT_NEAR(coarse->channels[0].sigma(level), expected, tolerance * expected);
  }
}

TEST(NoiseRemap, to_another_range_moves_the_level_with_black_and_white) {
  // Samples keep their numbers: limited-range white, 235, is 0.92 of full range.
  for (const NoiseModel& noise : {NoiseModel{0.002, 1e-4, {}}, NoiseModel{0.0, 4e-4, {}}, bent_function()}) {
    const NoiseProfile limited = uniform_profile(ColorModel::gray, noise);
    const auto full = remap_noise(limited, domain_of("GRAY8", true), domain_of("GRAY8", false));
    ASSERT_TRUE(full);
    for (const double level : {0.125, 0.5, 0.9375}) {
      const double before = (255.0 * level - 16.0) / 219.0;
      const double expected = noise.sigma(before) * 219.0 / 255.0;
      // A level function is linear between its levels: 1 %.
      EXPECT_NEAR(full->channels[0].sigma(level), expected, 0.01 * expected) << noise.a << " " << level;
    }
    const auto back = remap_noise(*full, domain_of("GRAY8", false), domain_of("GRAY8", true));
    ASSERT_TRUE(back);
    for (const double level : {0.125, 0.5, 0.875}) {
      EXPECT_NEAR(back->channels[0].sigma(level), noise.sigma(level), 0.02 * noise.sigma(level));
    }
  }
}

TEST(NoiseRemap, of_luma_to_gray_and_back_leaves_chroma_without_noise) {
  const NoiseProfile yuv = profile_of({0.002, 1e-4, {}}, {0.0, 3e-4, {}}, {0.0, 3e-4, {}});
  const auto gray = remap_noise(yuv, domain_of("I420", true), domain_of("GRAY8", true));
  ASSERT_TRUE(gray);
  EXPECT_EQ(gray->channel_count, 1);
  EXPECT_EQ(gray->channels[0], yuv.channels[0]);
  const auto back = remap_noise(*gray, domain_of("GRAY8", true), domain_of("Y444", true));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->channels[0], yuv.channels[0]);
  EXPECT_EQ(back->channels[1], NoiseModel{});
}

TEST(NoiseRemap, of_rgb_to_luma_is_the_quadratic_form_at_the_gray_level) {
  const NoiseProfile rgb = profile_of({0.004, 1e-4, {}}, {0.001, 2e-5, {}}, {0.008, 3e-4, {}});
  for (const LumaWeights& luma : {LumaWeights{}, bt709}) {
    const auto yuv = remap_noise(rgb, domain_of("RGBA64_LE", false), domain_of("Y444", true, luma));
    const auto gray = remap_noise(rgb, domain_of("RGBA64_LE", false), domain_of("GRAY16_LE", false, luma));
    ASSERT_TRUE(yuv && gray);
    for (const double level : {0.05, 0.5, 0.9}) {
      std::vector<float> y(sample_count, 0.F);
      std::vector<float> u(sample_count, 0.F);
      const std::array<double, 3> weights{luma.red, 1.0 - luma.red - luma.blue, luma.blue};
      for (int c = 0; c < 3; ++c) {
        const std::vector<float> samples = noisy(rgb.channels[c], level, c);
        for (std::size_t i = 0; i < sample_count; ++i) y[i] += static_cast<float>(weights[c]) * samples[i];
        if (c == 2) {
          for (std::size_t i = 0; i < sample_count; ++i)
            u[i] = static_cast<float>((samples[i] - y[i]) / (2.0 * (1.0 - luma.blue)));
        }
      }
      const double y_sigma = sigma_of(y);
      EXPECT_NEAR(gray->channels[0].sigma(level), y_sigma, tolerance * y_sigma);
      // One rounding of 1/219 more.
      EXPECT_NEAR(yuv->channels[0].sigma(level), std::hypot(y_sigma, 1.0 / 219 / std::sqrt(12.0)), tolerance * y_sigma);
      // Chroma is told for middle gray, where lines have their mean.
      const double u_sigma = std::hypot(sigma_of(u), 1.0 / 224 / std::sqrt(12.0));
      if (level == 0.5) {
        EXPECT_NEAR(yuv->channels[1].sigma(0.5), u_sigma, tolerance * u_sigma);
      }
    }
  }
}

TEST(NoiseRemap, of_yuv_to_rgb_is_the_quadratic_form_for_neutral_colours) {
  const NoiseProfile yuv = profile_of({0.002, 1e-4, {}}, {0.0, 3e-4, {}}, {0.0, 5e-4, {}});
  const auto rgb = remap_noise(yuv, domain_of("Y444", true, bt709), domain_of("RGBA64_LE", false));
  ASSERT_TRUE(rgb);
  for (const double level : {0.1, 0.6}) {
    const std::vector<float> y = noisy(yuv.channels[0], level, 0);
    const std::vector<float> u = noisy(yuv.channels[1], 0.5, 1);
    const std::vector<float> v = noisy(yuv.channels[2], 0.5, 2);
    // BT.709-6, table 3, item 3.
    std::array<std::vector<float>, 3> converted;
    for (std::size_t i = 0; i < sample_count; ++i) {
      converted[0].push_back(y[i] + 1.5748F * (v[i] - 0.5F));
      converted[1].push_back(y[i] - 0.1873F * (u[i] - 0.5F) - 0.4681F * (v[i] - 0.5F));
      converted[2].push_back(y[i] + 1.8556F * (u[i] - 0.5F));
    }
    for (int c = 0; c < 3; ++c) {
      const double expected = sigma_of(converted[c]);
      EXPECT_NEAR(rgb->channels[c].sigma(level), expected, tolerance * expected) << c << " " << level;
    }
  }
}

TEST(NoiseRemap, between_luma_weights_is_that_by_way_of_rgb) {
  const NoiseProfile yuv = profile_of({0.002, 1e-4, {}}, {0.0, 3e-4, {}}, {0.0, 5e-4, {}});
  const auto found = remap_noise(yuv, domain_of("Y444", true), domain_of("Y444", true, bt709));
  ASSERT_TRUE(found);
  // Y' = Y + m·U + n·V: the differences of the weights, times what U and V are in R and B.
  const double m = (0.0722 - 0.114) * 2 * 0.886 + (0.7152 - 0.587) * (-2 * 0.886 * 0.114 / 0.587) + 0.114 * 2 * 0.886 +
                   0.587 * (-2 * 0.886 * 0.114 / 0.587);
  const double n = 0.2126 * 1.402 + 0.7152 * (-1.402 * 0.299 / 0.587);
  const double expected = yuv.channels[0].variance(0.4) + m * m * 3e-4 + n * n * 5e-4 + 1.0 / (12.0 * 219 * 219);
  EXPECT_NEAR(found->channels[0].variance(0.4), expected, 1e-3 * expected);
  EXPECT_NEAR(found->channels[0].a, yuv.channels[0].a, 1e-12);
}

TEST(NoiseRemap, of_gray_to_rgb_is_gray_three_times) {
  const NoiseProfile gray = uniform_profile(ColorModel::gray, {0.002, 1e-4, {}});
  const auto rgb = remap_noise(gray, domain_of("GRAY16_LE", false), domain_of("RGBA64_LE", false));
  ASSERT_TRUE(rgb);
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(rgb->channels[c].variance(0.3), gray.channels[0].variance(0.3), 1e-9);
}

TEST(NoiseRemap, chroma_sampling_changes_its_variance_as_the_filters_do) {
  const auto gain = [](const char* from, const char* to) {
    return chroma_variance_gain(*find_pixel_format(from), *find_pixel_format(to), true);
  };
  // Means of two by two and of two.
  EXPECT_EQ(gain("Y444", "I420"), 0.25);
  EXPECT_EQ(gain("RGB", "NV12"), 0.25);
  EXPECT_EQ(gain("Y42B", "I420"), 0.5);
  EXPECT_EQ(gain("Y444", "Y42B"), 0.5);
  EXPECT_EQ(gain("I420", "NV12"), 1.0);
  // A row of independent samples, interpolated by ¾ and ¼.
  const std::vector<float> samples = noisy({0.0, 1e-3, {}}, 0.5, 0);
  std::vector<float> up;
  for (std::size_t i = 1; i + 1 < samples.size(); ++i) {
    up.push_back(0.75F * samples[i] + 0.25F * samples[i - 1]);
    up.push_back(0.75F * samples[i] + 0.25F * samples[i + 1]);
  }
  const double up_gain = test::variance(up) / test::variance(samples);
  EXPECT_NEAR(gain("I420", "Y42B"), up_gain, 0.02);
  EXPECT_NEAR(gain("NV12", "Y444"), up_gain * up_gain, 0.02);
  // And back by means of two.
  std::vector<float> back;
  for (std::size_t i = 0; i + 1 < up.size(); i += 2) back.push_back(0.5F * (up[i] + up[i + 1]));
  EXPECT_NEAR(gain("NV12", "Y42B"), up_gain * test::variance(back) / test::variance(samples), 0.02);
}

TEST(NoiseRemap, of_a_mosaic_needs_the_same_levels_in_proportion) {
  const NoiseProfile noise = uniform_profile(ColorModel::bayer, {0.002, 1e-4, {}});
  const VideoDomain deep = domain_of("grbg14le", false);
  const auto coarse = remap_noise(noise, deep, domain_of("grbg", false));
  ASSERT_TRUE(coarse);
  EXPECT_NEAR(coarse->channels[1].b, 1e-4 + 1.0 / (12.0 * 255 * 255), 1e-9);
  EXPECT_EQ(coarse->channels[1].a, 0.002);
  VideoDomain with_black = deep;
  for (Levels& levels : with_black.levels.channels) levels.black_dn = 512.F;
  EXPECT_FALSE(remap_noise(noise, with_black, domain_of("grbg", false)));
  EXPECT_FALSE(remap_noise(noise, deep, domain_of("rggb", false)));
  EXPECT_FALSE(remap_noise(noise, deep, domain_of("RGB", false)));
}

TEST(NoiseRemap, is_refused_where_size_or_light_coding_differ) {
  const NoiseProfile gray = uniform_profile(ColorModel::gray, {0.002, 1e-4, {}});
  const VideoDomain from = domain_of("GRAY8", false);
  VideoDomain to = from;
  to.width_px = 65;
  EXPECT_FALSE(remap_noise(gray, from, to));
  to = from;
  to.coding = LightCoding::linear;
  EXPECT_FALSE(remap_noise(gray, from, to));
  EXPECT_THROW((void)remap_noise(uniform_profile(ColorModel::rgb, {}), from, from), Error);
}

TEST(ThroughMatrix, is_the_quadratic_form_at_the_level_of_gray) {
  const NoiseProfile rgb = profile_of({0.004, 1e-4, {}}, bent_function(), {0.008, 3e-4, {}});
  const std::array<double, 9> matrix{1.2, -0.4, 0.2, 0.5, 1.0, 0.5, 0.5, -0.25, -0.25};
  const NoiseProfile found = through_matrix(rgb, matrix);
  const double level = 0.375;
  const auto quadratic_form = [&](int c, double x) {
    double sum = 0.0;
    for (int k = 0; k < 3; ++k) sum += matrix[3 * c + k] * matrix[3 * c + k] * rgb.channels[k].variance(x);
    return sum;
  };
  EXPECT_NEAR(found.channels[0].variance(level), quadratic_form(0, level), 1e-7);
  EXPECT_NEAR(found.channels[1].variance(2 * level), quadratic_form(1, level), 1e-7);
  EXPECT_EQ(found.channels[2].variance(0.1), found.channels[2].variance(0.9));
  EXPECT_THROW((void)through_matrix(uniform_profile(ColorModel::gray, {}), matrix), Error);
}

}  // namespace
}  // namespace rdenoise
