// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/rational.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace rdenoise {
namespace {

TEST(NearestRational, exposures_are_the_fractions_that_photographers_write) {
  EXPECT_EQ(nearest_rational(0.004F), (Rational{1, 250}));
  EXPECT_EQ(nearest_rational(1.F / 8000.F), (Rational{1, 8000}));
  EXPECT_EQ(nearest_rational(2.8F), (Rational{14, 5}));
  EXPECT_EQ(nearest_rational(30.0), (Rational{30, 1}));
  EXPECT_EQ(nearest_rational(-0.25), (Rational{-1, 4}));
}

TEST(NearestRational, any_number_keeps_the_precision_of_a_float) {
  for (double value = 1.2345e-7; value < 2e9; value *= 3.3) {
    const Rational r = nearest_rational(value);
    const double error = std::abs(static_cast<double>(r.numerator) / static_cast<double>(r.denominator) / value - 1.0);
    EXPECT_LE(error, 0x1p-24) << value;
  }
}

TEST(NearestRational, what_is_no_number_or_too_large_has_its_own_answer) {
  EXPECT_EQ(nearest_rational(NAN), (Rational{0, 0}));
  EXPECT_EQ(nearest_rational(INFINITY), (Rational{2147483647, 1}));
  EXPECT_EQ(nearest_rational(0.0), (Rational{0, 1}));
}

}  // namespace
}  // namespace rdenoise
