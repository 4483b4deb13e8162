// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <cmath>

#include "base/vector_clones.hpp"
#include "noise/anscombe_mean.hpp"
#include "noise/stabilising_transform.hpp"

namespace rdenoise {
namespace {

// The inverse is the algebraic one, s·√c + a·s²/4, plus a·δ(s). δ goes from −⅜ for no light to ¼; in photons
// Y = (s + 2√c/a)²/4 it is ¼ + (σ² + ⅜)/(8·Y²) + O(Y⁻³) with read noise σ, from the Taylor series of E √Y.
constexpr int knot_count = 257;
// From this Y on the series is true to 1e-4 photons.
constexpr double table_end = 110.0;

struct Coefficients {
  float a;
  float root_c;
  float lowest_signal;  // below it the root has no argument
  float first;          // E of black
  float slope_below;    // of the line below it
  float knots_per_unit;
  float tail;          // (σ² + ⅜)/8
  float photon_shift;  // 2√c/a
};

RDENOISE_WIDE_VECTOR_CLONES
void stabilise_row(float* row, std::size_t count, const Coefficients& c, float scale) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const float x = row[i] < c.lowest_signal ? c.lowest_signal : row[i];
    const float argument = c.a * x + c.root_c * c.root_c;
    row[i] = scale * 2.F * x / (std::sqrt(argument > 0.F ? argument : 0.F) + c.root_c);
  }
}

RDENOISE_WIDE_VECTOR_CLONES
void invert_row(float* row, std::size_t count, const Coefficients& c, float unscale) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const float s = row[i] * unscale;
    row[i] = s * (c.root_c + 0.25F * c.a * s);
  }
}

RDENOISE_WIDE_VECTOR_CLONES
void restore_row(float* row, std::size_t count, const Coefficients& c, const float* offset, float unscale) noexcept {
  constexpr auto last = static_cast<float>(knot_count - 1);
  for (std::size_t i = 0; i < count; ++i) {
    const float s = row[i] * unscale;
    const float wanted = (s - c.first) * c.knots_per_unit;
    const float place = wanted > 0.F ? std::min(wanted, last) : 0.F;  // not a number: 0
    const int knot = std::min(static_cast<int>(place), knot_count - 2);
    const float in_table = offset[knot] + (offset[knot + 1] - offset[knot]) * (place - static_cast<float>(knot));
    const float root_photons = 0.5F * (s + c.photon_shift);
    const float photons = root_photons * root_photons;
    const float delta = wanted < last ? in_table : 0.25F + c.tail / (photons * photons);
    const float above = s * (c.root_c + 0.25F * c.a * s) + c.a * delta;
    const float below = (s - c.first) * c.slope_below;
    row[i] = s < c.first ? below : above;
  }
}

class AnscombeTransform final : public VarianceStabiliser::Transform {
 public:
  AnscombeTransform(double a, double b) {
    const double c = 0.375 * a * a + b;
    const double root_c = std::sqrt(c);
    coefficients_.a = static_cast<float>(a);
    coefficients_.root_c = static_cast<float>(root_c);
    coefficients_.lowest_signal = static_cast<float>(std::max(-c / a, -1e30));
    const bool in_need_of_table = c < table_end * a * a;
    if (in_need_of_table)
      build_table(a, std::sqrt(b) / a);
    else
      use_series(a, root_c);
  }

  void stabilise(std::span<float> row, float scale) const noexcept override {
    stabilise_row(row.data(), row.size(), coefficients_, scale);
  }
  void restore(std::span<float> row, float scale) const noexcept override {
    restore_row(row.data(), row.size(), coefficients_, offset_.data(), 1.F / scale);
  }
  void invert(std::span<float> row, float scale) const noexcept override {
    invert_row(row.data(), row.size(), coefficients_, 1.F / scale);
  }

 private:
  void build_table(double a, double read_sigma) {
    const double constant = 0.375 + read_sigma * read_sigma;
    const double greatest_photons = table_end - constant;
    const AnscombeMean mean(read_sigma, greatest_photons);
    const double shift = 2.0 * std::sqrt(constant);
    const double first = mean(0.0).mean;
    const double step = (mean(greatest_photons).mean - first) / (knot_count - 1);
    double photons = 0.0;
    for (int i = 0; i < knot_count; ++i) {
      const double target = first + i * step;
      // Newton from the knot before; the mean is smooth and concave.
      AnscombeMean::Value value = mean(photons);
      for (int iteration = 0; iteration < 20 && std::abs(value.mean - target) > 1e-10; ++iteration) {
        photons = std::clamp(photons + (target - value.mean) / value.slope, 0.0, greatest_photons);
        value = mean(photons);
      }
      offset_[static_cast<std::size_t>(i)] = static_cast<float>(photons - (0.25 * target * target - constant));
    }
    coefficients_.first = static_cast<float>(first - shift);
    coefficients_.slope_below = static_cast<float>(a / mean(0.0).slope);
    coefficients_.knots_per_unit = static_cast<float>(1.0 / step);
    coefficients_.tail = static_cast<float>(constant / 8.0);
    coefficients_.photon_shift = static_cast<float>(shift);
  }

  // So much read noise that δ = ¼ everywhere, but for less than 1e-4 of σ.
  void use_series(double a, double root_c) {
    offset_.fill(0.25F);
    // Where s·√c + a·s²/4 + a/4 = 0.
    const double first = -0.5 * a / (root_c + std::sqrt(root_c * root_c - 0.25 * a * a));
    coefficients_.first = static_cast<float>(first);
    coefficients_.slope_below = static_cast<float>(root_c + 0.5 * a * first);
    coefficients_.knots_per_unit = 1.F;
    coefficients_.tail = 0.F;
    coefficients_.photon_shift = 1e15F;
  }

  Coefficients coefficients_{};
  std::array<float, knot_count> offset_{};
};

}  // namespace

std::shared_ptr<const VarianceStabiliser::Transform> make_anscombe_transform(double a, double b) {
  return std::make_shared<AnscombeTransform>(a, b);
}

}  // namespace rdenoise
