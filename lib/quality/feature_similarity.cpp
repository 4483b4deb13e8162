// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <rdenoise/quality.hpp>
#include <vector>

#include "quality/phase_congruency.hpp"
#include "quality/plane.hpp"
#include "quality/same_shape.hpp"

namespace rdenoise {
namespace {

// T1 … T4 and λ of the paper, for signals of 0 … 255; here T2 … T4 stand for 0 … 1.
constexpr double t1_congruency = 0.85;
constexpr double t2_gradient = 160.0 / (255.0 * 255.0);
constexpr double t3_chroma = 200.0 / (255.0 * 255.0);
constexpr double chroma_exponent = 0.03;
/// Pictures are reduced until their short side is about this.
constexpr double short_side_px = 256.0;
/// Two waves of the finest filter.
constexpr int min_side_px = 2 * static_cast<int>(LogGaborBank::least_wavelength_px);

double similarity(double a, double b, double stability) noexcept {
  return (2.0 * a * b + stability) / (a * a + b * b + stability);
}

/// The axes of YIQ that carry color: I, orange to blue, and Q, green to purple.
constexpr std::array<std::array<float, 3>, 2> chroma_axes = {{{0.596F, -0.274F, -0.322F}, {0.211F, -0.523F, 0.312F}}};

Plane chroma(const Image& rgb, const std::array<float, 3>& axis) {
  Plane plane{std::vector<float>(rgb.plane(0).size()), rgb.width_px(), rgb.height_px()};
  for (int c = 0; c < 3; ++c) {
    const std::span<const float> samples = rgb.plane(c);
    for (std::size_t i = 0; i < samples.size(); ++i) plane.samples[i] += axis[c] * samples[i];
  }
  return plane;
}

/// Length of the gradient after Scharr's operator; zero outside the picture.
std::vector<double> gradient_lengths(const PlaneView& plane) {
  std::vector<double> lengths;
  lengths.reserve(plane.samples.size());
  const std::vector<float> outside(plane.width_px);
  for (int y = 0; y < plane.height_px; ++y) {
    const std::span<const float> above = y > 0 ? plane.row(y - 1) : outside;
    const std::span<const float> here = plane.row(y);
    const std::span<const float> below = y + 1 < plane.height_px ? plane.row(y + 1) : outside;
    const auto weighted_column = [&](int x) {
      return x < 0 || x >= plane.width_px ? 0.0 : 3.0 * above[x] + 10.0 * here[x] + 3.0 * below[x];
    };
    const auto column_slope = [&](int x) {
      return x < 0 || x >= plane.width_px ? 0.0 : static_cast<double>(below[x]) - above[x];
    };
    for (int x = 0; x < plane.width_px; ++x) {
      const double dx = weighted_column(x + 1) - weighted_column(x - 1);
      const double dy = 3.0 * column_slope(x - 1) + 10.0 * column_slope(x) + 3.0 * column_slope(x + 1);
      lengths.push_back(std::sqrt(dx * dx + dy * dy) / 16.0);
    }
  }
  return lengths;
}

/// Mean of the similarities with the congruencies as weights; without any feature all pixels count the same.
double pooled(const std::vector<double>& similarities, const std::vector<double>& weights) {
  double sum = 0.0;
  double plain_sum = 0.0;
  double weight_sum = 0.0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    sum += weights[i] * similarities[i];
    plain_sum += similarities[i];
    weight_sum += weights[i];
  }
  return weight_sum > 0.0 ? sum / weight_sum : plain_sum / static_cast<double>(weights.size());
}

/// Multiplies the similarities by (S_I·S_Q)^λ. Of a negative product, where hues are opposite, the power is complex and
/// its real part counts.
void weigh_by_chroma(const Image& reference, const Image& test, int factor, std::vector<double>& similarities) {
  std::array<std::array<Plane, 2>, 2> planes;
  for (std::size_t axis = 0; axis < chroma_axes.size(); ++axis) {
    planes[axis] = {reduced(chroma(reference, chroma_axes[axis]).view(), factor),
                    reduced(chroma(test, chroma_axes[axis]).view(), factor)};
  }
  const double cosine = std::cos(std::numbers::pi * chroma_exponent);
  for (std::size_t i = 0; i < similarities.size(); ++i) {
    double product = 1.0;
    for (const auto& [a, b] : planes) product *= similarity(a.samples[i], b.samples[i], t3_chroma);
    similarities[i] *= std::pow(std::abs(product), chroma_exponent) * (product < 0.0 ? cosine : 1.0);
  }
}

}  // namespace

std::optional<FeatureSimilarity> feature_similarity(const Image& reference, const Image& test) {
  require_same_shape(reference, test);
  const int short_side = std::min(reference.width_px(), reference.height_px());
  if (short_side < min_side_px) return std::nullopt;
  const int factor = std::max(1, static_cast<int>(std::lround(short_side / short_side_px)));
  const Plane a = reduced(luma(reference).view(), factor);
  const Plane b = reduced(luma(test).view(), factor);

  const PhaseCongruency congruency(a.width_px, a.height_px);
  const std::vector<double> congruency_a = congruency.of(a.view());
  const std::vector<double> congruency_b = congruency.of(b.view());
  const std::vector<double> gradient_a = gradient_lengths(a.view());
  const std::vector<double> gradient_b = gradient_lengths(b.view());
  std::vector<double> weights(congruency_a.size());
  std::vector<double> similarities(congruency_a.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = std::max(congruency_a[i], congruency_b[i]);
    similarities[i] = similarity(congruency_a[i], congruency_b[i], t1_congruency) *
                      similarity(gradient_a[i], gradient_b[i], t2_gradient);
  }
  FeatureSimilarity result;
  result.fsim = pooled(similarities, weights);
  if (reference.color_model() == ColorModel::rgb) weigh_by_chroma(reference, test, factor, similarities);
  result.fsimc = pooled(similarities, weights);
  return result;
}

}  // namespace rdenoise
