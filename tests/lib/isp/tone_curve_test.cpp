// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <rdenoise/isp.hpp>
#include <vector>

#include "isp/tone_row.hpp"

namespace rdenoise {
namespace {

class Tone : public testing::TestWithParam<ToneCurve> {};

INSTANTIATE_TEST_SUITE_P(All, Tone, testing::Values(ToneCurve::srgb, ToneCurve::bt709, ToneCurve::linear),
                         [](const auto& info) { return std::string(to_string(info.param)); });

TEST_P(Tone, decoding_undoes_encoding) {
  for (float x = -1.F; x <= 4.F; x += 0.003F) {
    // Near 0 the curve is a line, elsewhere powers up to 2.4 amplify a rounding of 6e-8 by little.
    EXPECT_NEAR(decode_tone(GetParam(), encode_tone(GetParam(), x)), x, 1e-5F * (0.01F + std::abs(x)) + 1e-7F) << x;
  }
}

TEST_P(Tone, black_and_white_stay_and_the_curve_is_odd) {
  EXPECT_EQ(encode_tone(GetParam(), 0.F), 0.F);
  EXPECT_NEAR(encode_tone(GetParam(), 1.F), 1.F, 1e-6F);
  EXPECT_EQ(encode_tone(GetParam(), -0.25F), -encode_tone(GetParam(), 0.25F));
}

TEST_P(Tone, many_samples_at_once_equal_one_at_a_time) {
  std::vector<float> linear{0.F, -0.F, 1.F, 0.0031308F, 0.018F, 1e-20F, 1e-38F, 1e-42F, -0.5F, 16.F, 65504.F};
  for (int i = -400; i < 2000; ++i) linear.push_back(static_cast<float>(i) * 0.00087F);
  std::vector<float> encoded = linear;
  encode_tone_row(GetParam(), encoded);
  for (std::size_t i = 0; i < linear.size(); ++i) {
    const float plain = encode_tone(GetParam(), linear[i]);
    EXPECT_NEAR(encoded[i], plain, 1e-6F * std::max(1.F, std::abs(plain))) << linear[i];
  }
}

TEST_P(Tone, many_samples_decoded_at_once_equal_one_at_a_time) {
  std::vector<float> encoded{0.F, -0.F, 1.F, 0.04045F, 0.0404F, 0.081F, 1e-20F, 1e-42F, -0.5F, 4.F};
  for (int i = -400; i < 2000; ++i) encoded.push_back(static_cast<float>(i) * 0.00087F);
  std::vector<float> linear = encoded;
  decode_tone_row(GetParam(), linear);
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    const float plain = decode_tone(GetParam(), encoded[i]);
    // The powers are within 2e-6; at the seam the two segments of sRGB meet within 1e-7.
    EXPECT_NEAR(linear[i], plain, 2e-6F * std::abs(plain) + 1e-7F) << encoded[i];
  }
}

TEST(PowerRow, equals_the_power_of_each_sample) {
  for (const float exponent : {0.1F, 1.F / 2.2F, 1.F, 2.2F, 10.F}) {
    std::vector<float> samples{0.F, 1.F, -1.F, 1e-30F, 1e-10F, 3.F, -0.2F};
    for (int i = 0; i < 1000; ++i) samples.push_back(static_cast<float>(i) * 0.00137F);
    std::vector<float> powers = samples;
    power_row(exponent, powers);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const double plain = std::copysign(std::pow(std::abs(static_cast<double>(samples[i])), exponent), samples[i]);
      // The logarithm's rounding grows with itself and the exponent: at most 10·2⁻²⁴ at |log₂ x| of 10.
      EXPECT_NEAR(powers[i], plain, 8e-6 * std::abs(plain) + 1e-30) << samples[i] << "^" << exponent;
    }
  }
}

TEST(ToneCurves, known_points) {
  // IEC 61966-2-1: linear 0.2140 is code 0.5; BT.709: 1.099·0.18^0.45 − 0.099 = 0.4090.
  EXPECT_NEAR(encode_tone(ToneCurve::srgb, 0.21404F), 0.5F, 1e-4F);
  EXPECT_NEAR(encode_tone(ToneCurve::srgb, 0.002F), 0.02584F, 1e-6F);
  EXPECT_NEAR(encode_tone(ToneCurve::bt709, 0.18F), 0.4090F, 1e-4F);
  EXPECT_NEAR(encode_tone(ToneCurve::bt709, 0.01F), 0.045F, 1e-6F);
  EXPECT_EQ(encode_tone(ToneCurve::linear, 0.3F), 0.3F);
}

TEST(ToneCurves, rise_everywhere) {
  for (const ToneCurve curve : {ToneCurve::srgb, ToneCurve::bt709}) {
    std::vector<float> samples;
    for (int i = 0; i <= 4096; ++i) samples.push_back(static_cast<float>(i) / 4096.F);
    encode_tone_row(curve, samples);
    for (std::size_t i = 1; i < samples.size(); ++i) EXPECT_GT(samples[i], samples[i - 1]) << i;
  }
}

}  // namespace
}  // namespace rdenoise
