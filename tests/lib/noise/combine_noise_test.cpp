// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <rdenoise/noise.hpp>

#include "support/formula_pictures.hpp"

namespace rdenoise {
namespace {

NoiseProfile profile_of(const NoiseModel& noise, double confidence) {
  NoiseProfile profile = uniform_profile(ColorModel::bayer, noise);
  profile.confidence = confidence;
  return profile;
}

constexpr NoiseModel weak{1e-4, 1e-6};
constexpr NoiseModel strong{4e-4, 4e-6};

TEST(combine_noise, a_measurement_without_confidence_leaves_the_prior) {
  const NoiseProfile combined = combine_noise(profile_of({}, 0.0), profile_of(strong, 0.5));
  for (int c = 0; c < 3; ++c) {
    // Through logarithms and back: a few units of double's last place, and the 1e-14 that keeps them finite.
    EXPECT_NEAR(combined.channels[c].a, strong.a, 1e-12);
    EXPECT_NEAR(combined.channels[c].b, strong.b, 1e-12);
  }
  EXPECT_DOUBLE_EQ(combined.confidence, 0.5);
}

TEST(combine_noise, a_sure_measurement_outweighs_the_prior) {
  const NoiseProfile combined = combine_noise(profile_of(weak, 0.9), profile_of(strong, 0.5));
  // The prior's share is 0.05/0.95 of a factor of 4: 4^0.0526 = 1.076.
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(combined.channels[c].variance(0.5) / weak.variance(0.5), 1.076, 0.001);
}

TEST(combine_noise, result_lies_between_measurement_and_prior) {
  const NoiseProfile combined = combine_noise(profile_of(weak, 0.05), profile_of(strong, 0.5));
  for (const double level : {0.01, 0.1, 0.5}) {
    // Equal weights and a factor of 4: the geometric mean is twice the weaker one.
    EXPECT_NEAR(combined.channels[1].variance(level) / weak.variance(level), 2.0, 1e-6) << level;
  }
}

TEST(combine_noise, profiles_of_another_colour_model_are_left_out) {
  const NoiseProfile measured = profile_of(weak, 0.1);
  EXPECT_EQ(combine_noise(measured, uniform_profile(ColorModel::gray, strong)), measured);
}

TEST(estimate_noise, a_covered_border_gives_the_read_noise_of_a_bright_picture) {
  // Flat and bright: the picture itself cannot tell shot noise from read noise, and would be taken for a sensor with the
  // usual share of it, a twentieth of this.
  const NoiseModel noise{1e-3, 1e-4};
  Image picture = test::flat_picture(ColorModel::bayer, 256, 256, 0.5F);
  add_noise(picture.view(), picture.view(), uniform_profile(ColorModel::bayer, noise), {5, 0});
  const NoiseProfile with =
      estimate_noise(picture.view(), {.priors = {.black_variance = std::array{noise.b, noise.b, noise.b}}});
  for (int c = 0; c < 3; ++c) {
    // 4096 pixels of a site: 113 independent patches of six coefficients; their mean spreads by √(2/(6·113)) = 5 %.
    EXPECT_NEAR(with.channels[c].variance(0.5) / noise.variance(0.5), 1.0, 0.2);
    EXPECT_NEAR(with.channels[c].b / noise.b, 1.0, 0.1);
  }
}

TEST(estimate_noise, prior_of_the_camera_stands_in_where_there_is_nothing_to_measure) {
  const Image flat = test::flat_picture(ColorModel::bayer, 64, 64, 0.5F);
  const NoiseProfile profile = estimate_noise(flat.view(), {.priors = {.profile = profile_of(strong, 0.5)}});
  EXPECT_NEAR(profile.channels[0].sigma(0.3), strong.sigma(0.3), 1e-6);
}

}  // namespace
}  // namespace rdenoise
