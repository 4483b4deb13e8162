// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <rdenoise/error.hpp>
#include <rdenoise/response_curve.hpp>

namespace rdenoise {
namespace {

constexpr std::array<float, 5> quarter_steps{0.F, 0.25F, 0.5F, 0.75F, 1.F};
constexpr std::array<float, 5> bent{0.F, 0.5F, 0.7F, 0.7F, 1.F};

std::vector<ResponseCurve> every_kind() {
  std::vector<ResponseCurve> curves = plausible_response_curves();
  curves.emplace_back();
  curves.push_back(ResponseCurve::tabulated("bent", quarter_steps, bent));
  return curves;
}

TEST(ResponseCurves, go_from_black_to_white_and_rise) {
  for (const ResponseCurve& curve : every_kind()) {
    EXPECT_NEAR(curve.brightness(0.F), 0.F, 1e-7F) << curve.name();
    EXPECT_NEAR(curve.brightness(1.F), 1.F, 1e-6F) << curve.name();
    float last = -1.F;
    for (int i = 0; i <= 1000; ++i) {
      const float brightness = curve.brightness(static_cast<float>(i) / 1000.F);
      EXPECT_GE(brightness, last) << curve.name() << " at " << i;
      last = brightness;
    }
  }
}

TEST(ResponseCurves, brightness_comes_back_through_irradiance) {
  for (const ResponseCurve& curve : every_kind()) {
    for (int i = 0; i <= 4000; ++i) {
      const float brightness = static_cast<float>(i) / 4000.F;
      // A rounding of 6e-8 times the steepest slope, some tens.
      EXPECT_NEAR(curve.brightness(curve.irradiance(brightness)), brightness, 3e-6F) << curve.name();
    }
  }
}

TEST(ResponseCurves, many_samples_at_once_equal_one_at_a_time) {
  for (const ResponseCurve& curve : every_kind()) {
    std::vector<float> samples;
    for (int i = -200; i < 1500; ++i) samples.push_back(static_cast<float>(i) * 0.00091F);
    std::vector<float> brightness = samples;
    std::vector<float> irradiance = samples;
    curve.to_brightness(brightness);
    curve.to_irradiance(irradiance);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      EXPECT_NEAR(brightness[i], curve.brightness(samples[i]), 4e-6F) << curve.name() << " " << samples[i];
      EXPECT_NEAR(irradiance[i], curve.irradiance(samples[i]), 8e-6F) << curve.name() << " " << samples[i];
    }
  }
}

TEST(ResponseCurves, a_table_is_linear_between_its_points) {
  const ResponseCurve curve = ResponseCurve::tabulated("bent", quarter_steps, bent);
  EXPECT_NEAR(curve.brightness(0.125F), 0.25F, 1e-7F);
  EXPECT_NEAR(curve.brightness(0.3F), 0.54F, 1e-6F);
  EXPECT_NEAR(curve.brightness(0.6F), 0.7F, 1e-7F);
  EXPECT_NEAR(curve.irradiance(0.6F), 0.375F, 1e-6F);
  EXPECT_NEAR(curve.irradiance(0.85F), 0.875F, 1e-6F);
}

TEST(ResponseCurves, where_a_table_is_flat_the_inverse_gives_the_middle) {
  EXPECT_NEAR(ResponseCurve::tabulated("bent", quarter_steps, bent).irradiance(0.7F), 0.625F, 1e-6F);
}

TEST(ResponseCurves, a_table_clips_beyond_black_and_white_and_swallows_what_is_no_number) {
  const ResponseCurve curve = ResponseCurve::tabulated("bent", quarter_steps, bent);
  for (const float below : {-0.1F, -1e30F, -std::numeric_limits<float>::infinity(), std::nanf("")}) {
    EXPECT_EQ(curve.brightness(below), 0.F);
    EXPECT_EQ(curve.irradiance(below), 0.F);
  }
  for (const float above : {1.1F, 1e30F, std::numeric_limits<float>::infinity()}) {
    EXPECT_EQ(curve.brightness(above), 1.F);
    EXPECT_EQ(curve.irradiance(above), 1.F);
  }
}

TEST(ResponseCurves, a_table_of_irregular_points_equals_a_search) {
  std::vector<float> irradiance{0.F};
  std::vector<float> brightness{0.F};
  std::uint32_t state = 7;
  const auto random = [&state] { return static_cast<float>((state = state * 1664525U + 1013904223U) >> 8) / 1.7e7F; };
  for (int i = 0; i < 700; ++i) {
    irradiance.push_back(irradiance.back() + 0.001F + std::pow(random(), 8.F));
    brightness.push_back(brightness.back() + std::pow(random(), 4.F));
  }
  const ResponseCurve curve = ResponseCurve::tabulated("irregular", irradiance, brightness);
  for (int i = 1; i < 3000; ++i) {
    const float x = static_cast<float>(i) / 3000.F * irradiance.back();
    const auto above = std::ranges::upper_bound(irradiance, x) - irradiance.begin();
    const auto k = static_cast<std::size_t>(above);
    const float place = (x - irradiance[k - 1]) / (irradiance[k] - irradiance[k - 1]);
    const float plain = (brightness[k - 1] + place * (brightness[k] - brightness[k - 1])) / brightness.back();
    // Between points 0.001 apart, of 30 or so, the place is known to 1e-3·6e-8·30 or so; the slope is some hundreds.
    EXPECT_NEAR(curve.brightness(x / irradiance.back()), plain, 1e-4F) << i;
  }
}

TEST(ResponseCurves, a_polynomial_gives_irradiance_by_brightness) {
  const std::array<double, 3> coefficients{0.1, 1.0, 1.0};  // the offset is scaled away
  const ResponseCurve curve = ResponseCurve::polynomial("quadratic", coefficients);
  // Linear between 1024 points: off by half the second derivative times (1/2·1023)² at most.
  for (const float b : {0.1F, 0.37F, 0.8F}) EXPECT_NEAR(curve.irradiance(b), (b + b * b) / 2.F, 1e-6F);
}

ErrorCode code_of(const std::function<void()>& make) {
  try {
    make();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::internal;
}

TEST(ResponseCurves, what_is_no_response_is_refused) {
  const std::array<float, 5> falling{0.F, 0.5F, 0.4F, 0.7F, 1.F};
  const std::array<float, 5> flat{};
  std::array<float, 5> no_number = bent;
  no_number[2] = std::nanf("");
  for (const auto& wrong : {falling, flat, no_number}) {
    EXPECT_EQ(code_of([&] { static_cast<void>(ResponseCurve::tabulated("wrong", quarter_steps, wrong)); }),
              ErrorCode::invalid_argument);
  }
  EXPECT_EQ(code_of([&] { static_cast<void>(ResponseCurve::tabulated("wrong", bent, quarter_steps)); }),
            ErrorCode::invalid_argument)
      << "irradiance stands still";
  EXPECT_EQ(
      code_of([&] { static_cast<void>(ResponseCurve::tabulated("wrong", quarter_steps, std::span(bent).first(4))); }),
      ErrorCode::invalid_argument);
  EXPECT_EQ(code_of([] { static_cast<void>(ResponseCurve::tabulated("wrong", {}, {})); }), ErrorCode::invalid_argument);
  for (const double gamma : {0.0, -1.0, 100.0, std::nan("")}) {
    EXPECT_EQ(code_of([&] { static_cast<void>(ResponseCurve::power(gamma)); }), ErrorCode::invalid_argument);
  }
}

TEST(ResponseCurves, say_their_names) {
  EXPECT_EQ(ResponseCurve().name(), "linear");
  EXPECT_EQ(ResponseCurve(ToneCurve::srgb).name(), "srgb");
  EXPECT_EQ(ResponseCurve::power(2.2).name(), "power 2.2");
  EXPECT_EQ(ResponseCurve::tabulated("bent", quarter_steps, bent).name(), "bent");
}

}  // namespace
}  // namespace rdenoise
