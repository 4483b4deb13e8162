// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/curve_table.hpp"

#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>

namespace rdenoise {
namespace {

constexpr std::size_t start_count = 1025;

void check(std::span<const float> irradiance, std::span<const float> brightness, const std::string& name) {
  const auto require = [&name](bool met, const std::string& expected_and_found) {
    if (!met) {
      throw Error(ErrorCode::invalid_argument, "making the response curve " + name + ": " + expected_and_found);
    }
  };
  const auto finite = [](float value) { return std::isfinite(value); };
  require(irradiance.size() == brightness.size() && irradiance.size() >= 2,
          "expected as many irradiances as brightnesses, 2 or more, found " + std::to_string(irradiance.size()) +
              " and " + std::to_string(brightness.size()));
  require(std::ranges::all_of(irradiance, finite) && std::ranges::all_of(brightness, finite),
          "expected finite numbers, found others");
  require(std::ranges::adjacent_find(irradiance, std::greater_equal<>()) == irradiance.end(),
          "expected rising irradiances, found one that is not above the one before");
  require(std::ranges::is_sorted(brightness), "expected brightnesses that do not fall, found one that does");
  require(brightness.front() < brightness.back(), "expected a curve that rises, found a flat one");
}

std::vector<float> scaled_to_unit(std::span<const float> values) {
  const double first = values.front();
  const double range = static_cast<double>(values.back()) - first;
  std::vector<float> scaled;
  for (const float value : values) scaled.push_back(static_cast<float>((value - first) / range));
  return scaled;
}

/// Where `value` lies between two values, 0 … 1; both equal: the middle.
float place_between(float low, float high, float value) noexcept {
  return high > low ? std::min((value - low) / (high - low), 1.F) : 0.5F;
}

float between(float low, float high, float place) noexcept { return low + (high - low) * place; }

}  // namespace

CurveTable::CurveTable(std::span<const float> irradiance, std::span<const float> brightness, const std::string& name) {
  check(irradiance, brightness, name);
  irradiance_ = scaled_to_unit(irradiance);
  brightness_ = scaled_to_unit(brightness);
  irradiance_starts_ = starts_of(irradiance_);
  brightness_starts_ = starts_of(brightness_);
}

CurveTable::Starts CurveTable::starts_of(std::span<const float> values) {
  Starts starts;
  for (std::size_t k = 0; k < start_count; ++k) {
    const float value = static_cast<float>(k) / (start_count - 1);
    starts.push_back(static_cast<std::uint32_t>(std::ranges::upper_bound(values, value) - values.begin() - 1));
  }
  return starts;
}

std::size_t CurveTable::last_not_above(std::span<const float> values, const Starts& starts, float value) noexcept {
  std::size_t index = starts[static_cast<std::size_t>(value * (start_count - 1))];
  while (index + 1 < values.size() && values[index + 1] <= value) ++index;
  return index;
}

float CurveTable::brightness(float irradiance) const noexcept {
  if (!(irradiance > 0.F)) return 0.F;
  if (irradiance >= 1.F) return 1.F;
  const std::size_t i = last_not_above(irradiance_, irradiance_starts_, irradiance);
  return between(brightness_[i], brightness_[i + 1], place_between(irradiance_[i], irradiance_[i + 1], irradiance));
}

float CurveTable::irradiance(float brightness) const noexcept {
  if (!(brightness > 0.F)) return 0.F;
  if (brightness >= 1.F) return 1.F;
  const std::size_t i = last_not_above(brightness_, brightness_starts_, brightness);
  if (brightness_[i] == brightness) {
    // The last point of a flat stretch, as often as not of one point only.
    const auto first = std::ranges::lower_bound(brightness_, brightness) - brightness_.begin();
    return 0.5F * (irradiance_[static_cast<std::size_t>(first)] + irradiance_[i]);
  }
  return between(irradiance_[i], irradiance_[i + 1], place_between(brightness_[i], brightness_[i + 1], brightness));
}

}  // namespace rdenoise
