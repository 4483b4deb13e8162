// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/line_fit.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

namespace rdenoise {
namespace {

constexpr double tiny_variance = 1e-18;

/// A point in the sums.
struct Observation {
  double level;
  double variance;
  double weight;
};

/// Weighted sums of a straight line's normal equations.
struct Sums {
  double w = 0.0;
  double x = 0.0;
  double y = 0.0;
  double xx = 0.0;
  double xy = 0.0;

  explicit Sums(std::span<const Observation> observations) {
    for (const Observation& o : observations) {
      w += o.weight;
      x += o.weight * o.level;
      y += o.weight * o.variance;
      xx += o.weight * o.level * o.level;
      xy += o.weight * o.level * o.variance;
    }
  }
  [[nodiscard]] double determinant() const noexcept { return w * xx - x * x; }
  /// All points at about one level: their spread is below a hundredth of it.
  [[nodiscard]] bool one_level() const noexcept { return !(determinant() > 1e-4 * w * xx); }
};

NoiseModel line_through(const Sums& s) {
  const NoiseModel constant{0.0, s.w > 0.0 ? s.y / s.w : 0.0, {}};
  if (s.one_level()) return constant;
  const double a = (s.w * s.xy - s.x * s.y) / s.determinant();
  const double b = (s.xx * s.y - s.x * s.xy) / s.determinant();
  if (a < 0.0) return constant;
  if (b < 0.0) return {s.xy / s.xx, 0.0, {}};
  return {a, b, {}};
}

double level_of(const PhotonTransferPoint& point) { return std::max(point.mean, 0.0); }

double modelled(const NoiseModel& model, const PhotonTransferPoint& point) {
  return model.variance(point.mean) + tiny_variance;
}

/// In standard deviations of the measured variance.
double deviation(const NoiseModel& model, const PhotonTransferPoint& point) {
  return (point.variance / modelled(model, point) - 1.0) / std::sqrt(2.0 / point.degrees_of_freedom);
}

/// Where to start: a line below most of each level's points, since texture and movement only ever add.
NoiseModel lower_line(std::span<const PhotonTransferPoint> points) {
  constexpr std::size_t points_per_group = 20;
  constexpr std::size_t most_groups = 24;
  constexpr double low_share = 0.3;
  std::vector<PhotonTransferPoint> sorted(points.begin(), points.end());
  std::ranges::sort(sorted, {}, &PhotonTransferPoint::mean);
  const std::size_t group_count = std::clamp<std::size_t>(sorted.size() / points_per_group, 1, most_groups);
  std::vector<Observation> groups;
  for (std::size_t k = 0; k < group_count; ++k) {
    const std::size_t first = sorted.size() * k / group_count;
    const std::size_t last = sorted.size() * (k + 1) / group_count;
    const auto group = std::span(sorted).subspan(first, last - first);
    double level = 0.0;
    for (const auto& point : group) level += level_of(point) / static_cast<double>(group.size());
    const auto low = group.begin() + static_cast<std::ptrdiff_t>(low_share * static_cast<double>(group.size()));
    std::ranges::nth_element(group, low, {}, &PhotonTransferPoint::variance);
    groups.push_back({level, low->variance, 1.0});
  }
  NoiseModel model{0.0, std::ranges::min(groups, {}, &Observation::variance).variance, {}};
  constexpr int iterations = 20;
  for (int i = 0; i < iterations; ++i) {
    for (Observation& group : groups) {
      const double v = model.variance(group.level) + tiny_variance;
      // A level that has nothing but texture loses its say.
      const double excess = group.variance / (1.15 * v);
      group.weight = (excess > 1.0 ? std::pow(excess, -4.0) : 1.0) / (v * v);
    }
    model = line_through(Sums(groups));
  }
  return model;
}

/// How much more than they should the points below the line scatter, 1 or above; texture lies above it.
double scatter_below(const NoiseModel& model, std::span<const PhotonTransferPoint> points) {
  std::vector<double> below;
  for (const PhotonTransferPoint& point : points) {
    const double z = deviation(model, point);
    if (z < 0.0) below.push_back(-z);
  }
  if (below.empty()) return 1.0;
  const auto middle = below.begin() + static_cast<std::ptrdiff_t>(below.size() / 2);
  std::ranges::nth_element(below, middle);
  constexpr double median_to_sigma = 1.4826;
  return std::max(1.0, median_to_sigma * *middle);
}

std::vector<Observation> accepted_observations(const NoiseModel& model, std::span<PhotonTransferPoint> points) {
  constexpr double most_deviations = 3.5;
  const double limit = most_deviations * scatter_below(model, points);
  std::vector<Observation> observations;
  for (PhotonTransferPoint& point : points) {
    point.accepted = std::abs(deviation(model, point)) <= limit;
    if (!point.accepted) continue;
    const double v = modelled(model, point);
    observations.push_back({level_of(point), point.variance, point.degrees_of_freedom / (2.0 * v * v)});
  }
  return observations;
}

bool nearly_equal(const NoiseModel& one, const NoiseModel& other) {
  const auto close = [](double x, double y) { return std::abs(x - y) <= 1e-6 * (x + y); };
  return close(one.variance(0.0), other.variance(0.0)) && close(one.variance(1.0), other.variance(1.0));
}

/// Variances and covariance of a and b.
struct Covariance {
  double aa = 0.0;
  double ab = 0.0;
  double bb = 0.0;

  [[nodiscard]] double at(double level) const noexcept { return level * (level * aa + 2.0 * ab) + bb; }
};

Covariance covariance_of(const Sums& s, const NoiseModel& model, double scale) {
  if (!s.one_level())
    return {scale * s.w / s.determinant(), -scale * s.x / s.determinant(), scale * s.xx / s.determinant()};
  // Nothing is known of the slope: at one level x̄ all of the variance may be shot noise, or none.
  const double level = s.w > 0.0 ? std::max(s.x / s.w, 1e-3) : 1e-3;
  const double slope = model.variance(level) / level;
  const double bb = slope * slope * level * level;
  return {slope * slope, -slope * slope * level, bb + (s.w > 0.0 ? scale / s.w : 0.0)};
}

double mean_square_error_over_levels(const Covariance& covariance, const NoiseModel& model) {
  constexpr double levels[] = {0.1, 0.3, 0.5, 0.7, 0.9};
  double sum = 0.0;
  for (const double level : levels) {
    const double v = model.variance(level) + tiny_variance;
    sum += std::max(covariance.at(level), 0.0) / (v * v) / std::size(levels);
  }
  return sum;
}

}  // namespace

void fit_photon_transfer(PhotonTransferCurve& curve) {
  curve.model = lower_line(curve.points);
  std::vector<Observation> observations;
  constexpr int most_iterations = 50;
  for (int i = 0; i < most_iterations; ++i) {
    const NoiseModel before = curve.model;
    observations = accepted_observations(before, curve.points);
    // Never: the lower line lies among the points. But a fit to nothing would be a silent zero.
    if (observations.empty()) break;
    curve.model = line_through(Sums(observations));
    if (nearly_equal(before, curve.model)) break;
  }
  const Sums sums(observations);
  double chi_square = 0.0;
  double total = 0.0;
  for (const Observation& o : observations) {
    const double residual = o.variance - curve.model.variance(o.level);
    const double from_mean = o.variance - sums.y / sums.w;
    chi_square += o.weight * residual * residual;
    total += o.weight * from_mean * from_mean;
  }
  const double free_count = std::max(1.0, static_cast<double>(observations.size()) - 2.0);
  const double excess = chi_square / free_count;
  curve.excess_scatter = std::sqrt(excess);
  const Covariance covariance = covariance_of(sums, curve.model, std::max(1.0, excess));
  curve.a_error = std::sqrt(covariance.aa);
  curve.b_error = std::sqrt(covariance.bb);
  curve.r_squared = total > 0.0 ? std::clamp(1.0 - chi_square / total, 0.0, 1.0) : 0.0;
  const double patch_count = static_cast<double>(curve.points.size() + curve.unusable.constant);
  const double share = static_cast<double>(observations.size()) / patch_count;
  constexpr double half_confidence_error = 0.1;
  const double e_square = mean_square_error_over_levels(covariance, curve.model);
  curve.confidence = share / (1.0 + e_square / (half_confidence_error * half_confidence_error)) / std::max(1.0, excess);
}

}  // namespace rdenoise
