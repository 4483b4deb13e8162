// SPDX-License-Identifier: LGPL-2.1-or-later
// Real numbers as fractions of two 32-bit integers.
#pragma once

#include <cstdint>

namespace rdenoise {

struct Rational {
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;
  bool operator==(const Rational&) const = default;
};

/// The simplest fraction within a float's precision of the value, so that an exposure of 0.004F is 1/250 again. Both
/// parts lie below 2³¹ in magnitude; what is too large is cut off there, and what is not a number is 0/0, which EXIF
/// and DNG read as unknown.
[[nodiscard]] Rational nearest_rational(double value);

}  // namespace rdenoise
