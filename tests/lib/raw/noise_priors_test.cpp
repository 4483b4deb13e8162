// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <rdenoise/raw.hpp>

namespace rdenoise {
namespace {

RawMetadata camera() {
  RawMetadata metadata;
  metadata.black_level_dn.fill(100.F);
  metadata.white_level_dn = 1100.F;
  return metadata;
}

TEST(noise_priors, nothing_is_known_without_tag_and_border) {
  const NoisePriors priors = noise_priors(camera(), CfaPattern::rggb);
  EXPECT_FALSE(priors.black_variance);
  EXPECT_FALSE(priors.profile);
}

TEST(noise_priors, black_variance_is_normalised_and_by_colour) {
  RawMetadata metadata = camera();
  metadata.optical_black = OpticalBlack{{100, 100, 100, 100}, {4.0, 1.0, 3.0, 9.0}, 10000};
  const NoisePriors priors = noise_priors(metadata, CfaPattern::rggb);
  ASSERT_TRUE(priors.black_variance);
  // White lies 1000 DN above black.
  EXPECT_DOUBLE_EQ((*priors.black_variance)[0], 4e-6);
  EXPECT_DOUBLE_EQ((*priors.black_variance)[1], 2e-6);
  EXPECT_DOUBLE_EQ((*priors.black_variance)[2], 9e-6);
}

TEST(noise_priors, a_border_of_few_pixels_tells_nothing) {
  RawMetadata metadata = camera();
  metadata.optical_black = OpticalBlack{{100, 100, 100, 100}, {4.0, 1.0, 3.0, 9.0}, 100};
  EXPECT_FALSE(noise_priors(metadata, CfaPattern::rggb).black_variance);
}

TEST(noise_priors, the_tag_speaks_for_the_camera_with_half_confidence) {
  RawMetadata metadata = camera();
  metadata.noise_profile = uniform_profile(ColorModel::bayer, {1e-4, 1e-6});
  const NoisePriors priors = noise_priors(metadata, CfaPattern::rggb);
  ASSERT_TRUE(priors.profile);
  EXPECT_EQ(priors.profile->channels[1].a, 1e-4);
  EXPECT_EQ(priors.profile->confidence, 0.5);
}

}  // namespace
}  // namespace rdenoise
