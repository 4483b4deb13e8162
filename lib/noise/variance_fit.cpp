// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/variance_fit.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

namespace rdenoise {
namespace {

// A flat patch's low energy in units of the noise variance is χ²/25 with a standard deviation of √(2/25) = 0.28: this
// passes two thirds of them.
constexpr double pure_noise_threshold = 1.1;
constexpr double least_share = 0.01;
constexpr std::size_t least_count = 40;
constexpr double tiny_variance = 1e-14;
// χ²/10 of the high energy spreads by 0.45: what lies two of them above is rather texture, and loses weight.
constexpr double greatest_noise_excess = 1.9;

// One weighted observation of the variance at a level.
struct Observation {
  double level;
  double variance;
  double weight;
};

double level_of(const PatchEnergy& patch) { return std::max(0.F, patch.mean); }

double model_variance(const NoiseModel& model, const PatchEnergy& patch) {
  return model.variance(patch.mean) + tiny_variance;
}

// Weighted least squares with a ≥ 0 and b ≥ 0.
NoiseModel fit_line(std::span<const Observation> observations, EstimateMethod method) {
  double s = 0.0;
  double sx = 0.0;
  double sy = 0.0;
  double sxx = 0.0;
  double sxy = 0.0;
  for (const Observation& o : observations) {
    s += o.weight;
    sx += o.weight * o.level;
    sy += o.weight * o.variance;
    sxx += o.weight * o.level * o.level;
    sxy += o.weight * o.level * o.variance;
  }
  if (!(s > 0.0)) return {};
  const NoiseModel constant{0.0, sy / s};
  const double determinant = s * sxx - sx * sx;
  // A picture of one brightness cannot tell shot noise from read noise.
  if (method == EstimateMethod::gaussian || determinant <= 1e-4 * s * sxx) return constant;
  const NoiseModel line{(s * sxy - sx * sy) / determinant, (sxx * sy - sx * sxy) / determinant};
  if (line.a < 0.0) return constant;
  if (line.b < 0.0) return {sxy / sxx, 0.0};
  return line;
}

// Lower envelope of the level-by-level variance of the smoothest patches: where to start.
NoiseModel first_guess(std::vector<PatchEnergy> patches, EstimateMethod method) {
  constexpr double smoothest_share = 0.03;
  std::ranges::sort(patches, {}, &PatchEnergy::mean);
  const std::size_t level_count = std::clamp<std::size_t>(patches.size() / 200, 1, 16);
  std::vector<Observation> levels;
  for (std::size_t k = 0; k < level_count; ++k) {
    const auto first = patches.begin() + static_cast<std::ptrdiff_t>(patches.size() * k / level_count);
    const auto last = patches.begin() + static_cast<std::ptrdiff_t>(patches.size() * (k + 1) / level_count);
    const auto size = static_cast<std::size_t>(last - first);
    const std::size_t wanted = std::max<std::size_t>(8, static_cast<std::size_t>(smoothest_share * size));
    const auto end = first + static_cast<std::ptrdiff_t>(std::min(wanted, size));
    std::ranges::partial_sort(first, end, last, {}, &PatchEnergy::low_energy);
    Observation mean{0.0, 0.0, 1.0};
    for (auto patch = first; patch != end; ++patch) {
      mean.level += level_of(*patch) / (end - first);
      mean.variance += patch->high_energy / (end - first);
    }
    levels.push_back(mean);
  }
  NoiseModel model{0.0, std::ranges::min(levels, {}, &Observation::variance).variance};
  for (int iteration = 0; iteration < 20; ++iteration) {
    for (Observation& level : levels) {
      const double v = model.variance(level.level) + tiny_variance;
      // Texture only ever adds: levels above the line lose their say.
      const double excess = level.variance / (1.15 * v);
      level.weight = (excess > 1.0 ? std::pow(excess, -4.0) : 1.0) / (v * v);
    }
    model = fit_line(levels, method);
  }
  return model;
}

// Patches whose pixels stay `distance` standard deviations away from saturation.
std::vector<PatchEnergy> away_from_clipping(std::span<const PatchEnergy> patches, const ClipBounds& bounds,
                                            const NoiseModel& model, double distance) {
  std::vector<PatchEnergy> inside;
  for (const PatchEnergy& patch : patches) {
    const double margin = distance * std::sqrt(model_variance(model, patch));
    if (patch.mean - margin >= bounds.low && patch.mean + margin <= bounds.high) inside.push_back(patch);
  }
  return inside;
}

// As far from saturation as still leaves enough patches: three standard deviations if it can be.
std::vector<PatchEnergy> usable_patches(std::span<const PatchEnergy> patches, const ClipBounds& bounds,
                                        const NoiseModel& model) {
  for (double distance = 3.0; distance > 0.0; distance -= 0.5) {
    std::vector<PatchEnergy> inside = away_from_clipping(patches, bounds, model, distance);
    if (inside.size() >= least_count) return inside;
  }
  return {patches.begin(), patches.end()};
}

struct Selection {
  std::vector<Observation> observations;
  double threshold = pure_noise_threshold;
};

Selection select_flat(std::span<const PatchEnergy> patches, const NoiseModel& model) {
  std::vector<double> texture(patches.size());
  std::ranges::transform(patches, texture.begin(),
                         [&](const PatchEnergy& p) { return p.low_energy / model_variance(model, p); });
  const std::size_t wanted =
      std::min(patches.size(),
               std::max(least_count, static_cast<std::size_t>(least_share * static_cast<double>(texture.size()))));
  std::vector<double> ranked = texture;
  std::ranges::nth_element(ranked, ranked.begin() + static_cast<std::ptrdiff_t>(wanted - 1));
  Selection selection;
  selection.threshold = std::max(pure_noise_threshold, ranked[wanted - 1]);
  for (std::size_t i = 0; i < patches.size(); ++i) {
    if (texture[i] > selection.threshold) continue;
    const double v = model_variance(model, patches[i]);
    const double excess = std::max(1.0, patches[i].high_energy / (greatest_noise_excess * v));
    selection.observations.push_back({level_of(patches[i]), patches[i].high_energy, 1.0 / (excess * excess * v * v)});
  }
  return selection;
}

void add_prior(const NoiseModel& prior, const NoiseModel& model, std::vector<Observation>& observations) {
  constexpr double prior_count = 60.0;
  constexpr double levels[] = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6};
  for (const double level : levels) {
    const double v = std::max(prior.variance(level), model.variance(level)) + tiny_variance;
    observations.push_back({level, prior.variance(level), prior_count / std::size(levels) / (v * v)});
  }
}

bool nearly_equal(const NoiseModel& one, const NoiseModel& other) {
  const auto close = [](double x, double y) { return std::abs(x - y) <= 1e-3 * (x + y); };
  return close(one.variance(0.0), other.variance(0.0)) && close(one.variance(1.0), other.variance(1.0));
}

// Mean relative distance between the line and the mean variance of eight groups of equal size along the levels.
double relative_residual(std::vector<Observation> observations, const NoiseModel& model) {
  std::ranges::sort(observations, {}, &Observation::level);
  constexpr std::size_t group_count = 8;
  double distance = 0.0;
  for (std::size_t k = 0; k < group_count; ++k) {
    const std::size_t first = observations.size() * k / group_count;
    const std::size_t last = observations.size() * (k + 1) / group_count;
    double seen = 0.0;
    double fitted = 0.0;
    for (std::size_t i = first; i < last; ++i) {
      seen += observations[i].variance;
      fitted += model.variance(observations[i].level) + tiny_variance;
    }
    if (fitted > 0.0) distance += std::abs(seen / fitted - 1.0) / group_count;
  }
  return distance;
}

}  // namespace

VarianceFit fit_variance(std::span<const PatchEnergy> patches, const ClipBounds& bounds, EstimateMethod method,
                         const NoiseModel* prior) {
  std::vector<PatchEnergy> varied;
  std::vector<PatchEnergy> untouched;
  for (const PatchEnergy& patch : patches) {
    if (patch.minimum == patch.maximum) continue;
    varied.push_back(patch);
    if (patch.minimum > bounds.low && patch.maximum < bounds.high) untouched.push_back(patch);
  }
  if (varied.empty()) return {};
  const bool mostly_clipped = untouched.size() < least_count;
  VarianceFit fit{prior != nullptr ? *prior : first_guess(mostly_clipped ? varied : untouched, method), 0.0};
  Selection selection;
  constexpr int most_iterations = 8;
  for (int iteration = 0; iteration < most_iterations; ++iteration) {
    selection = select_flat(usable_patches(varied, bounds, fit.model), fit.model);
    const NoiseModel before = fit.model;
    std::vector<Observation> observations = selection.observations;
    if (prior != nullptr) add_prior(*prior, before, observations);
    fit.model = fit_line(observations, method);
    if (nearly_equal(before, fit.model)) break;
  }
  const auto count = static_cast<double>(selection.observations.size());
  const double residual = relative_residual(selection.observations, fit.model) / 0.2;
  fit.confidence = count / (count + 100.0) * pure_noise_threshold / selection.threshold / (1.0 + residual * residual);
  return fit;
}

}  // namespace rdenoise
