// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <rdenoise/error.hpp>
#include <rdenoise/response_curve.hpp>
#include <utility>

#include "isp/curve_table.hpp"
#include "isp/tone_row.hpp"

namespace rdenoise {
namespace {

float odd_power(float x, float exponent) noexcept { return std::copysign(std::pow(std::abs(x), exponent), x); }

}  // namespace

struct ResponseCurve::Table {
  std::string name;
  CurveTable points;
};

ResponseCurve ResponseCurve::power(double gamma) {
  if (!(gamma >= 0.1 && gamma <= 10.0)) {
    throw Error(ErrorCode::invalid_argument,
                "making a response curve: expected a gamma of 0.1 to 10, found " + std::to_string(gamma));
  }
  ResponseCurve curve;
  curve.gamma_ = static_cast<float>(gamma);
  return curve;
}

ResponseCurve ResponseCurve::polynomial(std::string name, std::span<const double> coefficients) {
  constexpr int count = 1024;
  std::array<float, count> irradiance;
  std::array<float, count> brightness;
  for (int i = 0; i < count; ++i) {
    const double x = static_cast<double>(i) / (count - 1);
    double sum = 0.0;
    for (std::size_t n = coefficients.size(); n-- > 0;) sum = sum * x + coefficients[n];
    irradiance[i] = static_cast<float>(sum);
    brightness[i] = static_cast<float>(x);
  }
  return tabulated(std::move(name), irradiance, brightness);
}

ResponseCurve ResponseCurve::tabulated(std::string name, std::span<const float> irradiance,
                                       std::span<const float> brightness) {
  ResponseCurve curve;
  CurveTable points(irradiance, brightness, name);
  curve.table_ = std::make_shared<const Table>(Table{std::move(name), std::move(points)});
  return curve;
}

float ResponseCurve::brightness(float irradiance) const noexcept {
  if (table_) return table_->points.brightness(irradiance);
  return gamma_ != 1.F ? odd_power(irradiance, 1.F / gamma_) : encode_tone(tone_, irradiance);
}

float ResponseCurve::irradiance(float brightness) const noexcept {
  if (table_) return table_->points.irradiance(brightness);
  return gamma_ != 1.F ? odd_power(brightness, gamma_) : decode_tone(tone_, brightness);
}

void ResponseCurve::to_brightness(std::span<float> samples) const noexcept {
  if (table_) {
    for (float& sample : samples) sample = table_->points.brightness(sample);
  } else if (gamma_ != 1.F) {
    power_row(1.F / gamma_, samples);
  } else {
    encode_tone_row(tone_, samples);
  }
}

void ResponseCurve::to_irradiance(std::span<float> samples) const noexcept {
  if (table_) {
    for (float& sample : samples) sample = table_->points.irradiance(sample);
  } else if (gamma_ != 1.F) {
    power_row(gamma_, samples);
  } else {
    decode_tone_row(tone_, samples);
  }
}

std::string ResponseCurve::name() const {
  if (table_) return table_->name;
  if (gamma_ == 1.F) return std::string(to_string(tone_));
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "power %.3g", static_cast<double>(gamma_));
  return text.data();
}

std::vector<ResponseCurve> plausible_response_curves() {
  std::vector<ResponseCurve> curves{ResponseCurve(ToneCurve::srgb), ResponseCurve(ToneCurve::bt709)};
  for (const double gamma : {1.8, 2.0, 2.2, 2.4, 2.6}) curves.push_back(ResponseCurve::power(gamma));
  // Rising steeply and bending over early, as measured curves of film and of consumer cameras do.
  for (const double shoulder : {0.4, 0.7, 0.9}) {
    const std::array<double, 5> coefficients{0.0, 0.12, 0.5 * (1.0 - shoulder), 0.38, shoulder};
    curves.push_back(ResponseCurve::polynomial("shoulder " + std::to_string(shoulder).substr(0, 3), coefficients));
  }
  return curves;
}

}  // namespace rdenoise
