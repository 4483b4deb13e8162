// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <numbers>
#include <rdenoise/error.hpp>
#include <rdenoise/noise.hpp>
#include <string>

namespace rdenoise {
namespace {

// Density and upper tail of the standard normal distribution; both 0 at ±∞.
double density(double z) { return std::exp(-0.5 * z * z) * (std::numbers::inv_sqrtpi / std::numbers::sqrt2); }
double upper_tail(double z) { return 0.5 * std::erfc(z / std::numbers::sqrt2); }

// Beyond it nothing of a standard normal variable is left in double precision.
constexpr double out_of_reach = 38.0;

// E (Z − from)₊ and E (Z − from)₊² of a standard normal Z, from ≥ 0.
double first_excess(double from) { return from > out_of_reach ? 0.0 : density(from) - from * upper_tail(from); }
double second_excess(double from) {
  return from > out_of_reach ? 0.0 : (1.0 + from * from) * upper_tail(from) - from * density(from);
}

// Z clipped to [low, high] with low < 0 < high. Moments about 0: what a bound far away contributes vanishes.
Moments clipped_around_zero(double low, double high) {
  const double below = upper_tail(-low);
  const double above = upper_tail(high);
  const auto times = [](double bound, double weight) { return weight > 0.0 ? bound * weight : 0.0; };
  const double mean = times(low, below) + times(high, above) + density(low) - density(high);
  const double square = times(low * low, below) + times(high * high, above) + (1.0 - below - above) +
                        times(low, density(low)) - times(high, density(high));
  return {mean, std::sqrt(std::max(square - mean * mean, 0.0))};
}

// With 0 ≤ low: moments about low, as nearly all of the variable lies there.
// min((Z − low)₊, d) = (Z − low)₊ − (Z − high)₊, and its square is (Z − low)₊² − (Z − high)₊² − 2d·(Z − high)₊.
Moments clipped_above_zero(double low, double high) {
  const double first = std::max(first_excess(low) - first_excess(high), 0.0);
  const double beyond = first_excess(high) > 0.0 ? 2.0 * (high - low) * first_excess(high) : 0.0;
  const double second = second_excess(low) - second_excess(high) - beyond;
  return {low + first, std::sqrt(std::max(second - first * first, 0.0))};
}

// A range narrow against σ, where the other two lose digits: moments about low, as shares of the range, those inside
// the range by Gauss and Legendre's five points, whose error is of the order (high − low)¹¹.
Moments share_of_narrow_range(double low, double width) {
  constexpr double node[] = {0.0469100770306680, 0.2307653449471585, 0.5, 0.7692346550528415, 0.9530899229693320};
  constexpr double weight[] = {0.1184634425280945, 0.2393143352496832, 0.2844444444444444, 0.2393143352496832,
                               0.1184634425280945};
  double first = upper_tail(low + width);
  double second = first;
  for (int i = 0; i < 5; ++i) {
    const double share = weight[i] * width * density(low + node[i] * width);
    first += share * node[i];
    second += share * node[i] * node[i];
  }
  return {first, std::sqrt(std::max(second - first * first, 0.0))};
}

constexpr double narrow_width = 0.5;

}  // namespace

Moments clipped_moments(double mean, double sigma, double low, double high) {
  if (!(sigma >= 0.0) || !std::isfinite(sigma) || !std::isfinite(mean) || !(low <= high)) {
    throw Error(
        ErrorCode::invalid_argument,
        "clipping a normal variable: expected a finite mean, sigma of 0 or more and low up to high, found mean " +
            std::to_string(mean) + ", sigma " + std::to_string(sigma) + ", low " + std::to_string(low) + ", high " +
            std::to_string(high));
  }
  const double inside = std::clamp(mean, low, high);
  const double alpha = (low - mean) / sigma;
  const double beta = (high - mean) / sigma;
  if (sigma == 0.0 || low == high || std::isnan(alpha) || std::isnan(beta)) return {inside, 0.0};
  if (alpha > out_of_reach || beta < -out_of_reach) return {inside, 0.0};
  if ((high - low) / sigma < narrow_width) {
    const Moments share = share_of_narrow_range(alpha, (high - low) / sigma);
    return {std::clamp(low + (high - low) * share.mean, low, high), (high - low) * share.standard_deviation};
  }
  Moments standard;
  if (alpha >= 0.0) {
    standard = clipped_above_zero(alpha, beta);
  } else if (beta <= 0.0) {
    standard = clipped_above_zero(-beta, -alpha);
    standard.mean = -standard.mean;
  } else {
    standard = clipped_around_zero(alpha, beta);
  }
  return {std::clamp(mean + sigma * standard.mean, low, high), sigma * standard.standard_deviation};
}

}  // namespace rdenoise
