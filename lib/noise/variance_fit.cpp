// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/variance_fit.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

namespace rdenoise {
namespace {

// A flat patch's low energy in units of the noise variance is χ²/29 with a standard deviation of √(2/29) = 0.26: this
// passes two thirds of them.
constexpr double pure_noise_threshold = 1.1;
constexpr double least_share = 0.01;
constexpr std::size_t least_count = 40;
constexpr double tiny_variance = 1e-14;
// χ²/n of the high energy spreads by √(2/n): what lies two of them above loses weight.
const double greatest_noise_excess = 1.0 + 2.0 * std::sqrt(2.0 / high_coefficient_count);

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

// Weighted least squares.
struct LineSums {
  double s = 0.0;
  double sx = 0.0;
  double sy = 0.0;
  double sxx = 0.0;
  double sxy = 0.0;

  void add(double x, double y, double weight) {
    s += weight;
    sx += weight * x;
    sy += weight * y;
    sxx += weight * x * x;
    sxy += weight * x * y;
  }
  [[nodiscard]] double determinant() const { return s * sxx - sx * sx; }
  [[nodiscard]] double slope() const { return (s * sxy - sx * sy) / determinant(); }
  [[nodiscard]] double intercept() const { return (sxx * sy - sx * sxy) / determinant(); }
};

// Of a high energy whose expectation is known: what lies far above it is rather texture.
double robust_weight(double high_energy, double expected) {
  const double excess = std::max(1.0, high_energy / (greatest_noise_excess * expected));
  return 1.0 / (excess * excess * expected * expected);
}

// Mean of robust_weight()ed high energies of pure noise of variance 1: they are χ²/n, and the upper tail counts less.
double weighted_noise_energy() {
  static const double energy = [] {
    double weights = 0.0;
    double sum = 0.0;
    constexpr double step = 1e-3;
    for (double e = step / 2; e < 10.0; e += step) {
      const double density =
          std::pow(e, high_coefficient_count / 2.0 - 1.0) * std::exp(-e * high_coefficient_count / 2.0);
      weights += density * robust_weight(e, 1.0);
      sum += density * robust_weight(e, 1.0) * e;
    }
    return sum / weights;
  }();
  return energy;
}

// a ≥ 0 and b ≥ 0.
NoiseModel fit_line(std::span<const Observation> observations, EstimateMethod method) {
  LineSums sums;
  for (const Observation& o : observations) sums.add(o.level, o.variance, o.weight);
  if (!(sums.s > 0.0)) return {};
  const NoiseModel constant{0.0, sums.sy / sums.s};
  // A picture of one brightness cannot tell shot noise from read noise.
  if (method == EstimateMethod::gaussian || sums.determinant() <= 1e-4 * sums.s * sums.sxx) return constant;
  const NoiseModel line{sums.slope(), sums.intercept()};
  if (line.a < 0.0) return constant;
  if (line.b < 0.0) return {sums.sxy / sums.sxx, 0.0};
  return line;
}

// Element at which the k-th of `groups` equal parts of `size` elements begins.
std::ptrdiff_t group_begin(std::size_t size, std::size_t groups, std::size_t k) {
  return static_cast<std::ptrdiff_t>(size * k / groups);
}

// Orders elements so far that each of `groups` equal parts holds nothing that belongs into another: half a sort.
template <typename Element, typename Key>
void divide_into_groups(std::vector<Element>& elements, std::size_t groups, Key key) {
  for (std::size_t k = 1; k < groups; ++k) {
    std::ranges::nth_element(elements.begin() + group_begin(elements.size(), groups, k - 1),
                             elements.begin() + group_begin(elements.size(), groups, k), elements.end(), {}, key);
  }
}

// Lower envelope of the level-by-level variance of the smoothest patches: where to start.
NoiseModel first_guess(std::vector<PatchEnergy> patches, EstimateMethod method) {
  constexpr double smoothest_share = 0.03;
  const std::size_t level_count = std::clamp<std::size_t>(patches.size() / 200, 1, 16);
  divide_into_groups(patches, level_count, &PatchEnergy::mean);
  std::vector<Observation> levels;
  for (std::size_t k = 0; k < level_count; ++k) {
    const auto first = patches.begin() + group_begin(patches.size(), level_count, k);
    const auto last = patches.begin() + group_begin(patches.size(), level_count, k + 1);
    const auto size = static_cast<std::size_t>(last - first);
    const std::size_t wanted = std::max<std::size_t>(8, static_cast<std::size_t>(smoothest_share * size));
    const auto end = first + static_cast<std::ptrdiff_t>(std::min(wanted, size));
    if (end != last) std::ranges::nth_element(first, end, last, {}, &PatchEnergy::low_energy);
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
  inside.reserve(patches.size());
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

// The least noise that texture_line may find: below it is extrapolation too far.
constexpr double least_noise = 0.3;

// In pictures without a flat place even the flattest patches have texture, and some of it shows in the high
// coefficients. The line through high over low energy of those patches, followed down to where both are equal, tells
// how much.
struct TextureLine {
  double noise = 1.0;  ///< noise variance in units of the model
  double leak = 0.0;   ///< share of the texture's low energy that shows in the high coefficients

  [[nodiscard]] double high_energy(double low_energy) const { return noise + leak * std::max(0.0, low_energy - noise); }
};

double low_energy_in_noise(const PatchEnergy& patch, const NoiseModel& model) {
  return patch.low_energy / model_variance(model, patch);
}

// `threshold`: patches with more low energy, in units of the noise, do not count (but two in a hundred always do).
TextureLine fit_texture_line(std::span<const PatchEnergy> patches, const NoiseModel& model, double threshold) {
  constexpr double least_line_share = 0.02;
  std::vector<double> low(patches.size());
  std::ranges::transform(patches, low.begin(), [&](const PatchEnergy& p) { return low_energy_in_noise(p, model); });
  std::vector<double> ranked = low;
  const auto place =
      ranked.begin() + static_cast<std::ptrdiff_t>(least_line_share * static_cast<double>(ranked.size()));
  std::ranges::nth_element(ranked, place);
  const double widest = std::max(*place, threshold);
  TextureLine line;
  for (int iteration = 0; iteration < 5; ++iteration) {
    LineSums sums;
    for (std::size_t i = 0; i < patches.size(); ++i) {
      if (low[i] > widest) continue;
      const double expected = line.high_energy(low[i]);
      const double high = patches[i].high_energy / model_variance(model, patches[i]);
      sums.add(low[i], high, robust_weight(high, expected));
    }
    if (!(sums.determinant() > 1e-9 * sums.s * sums.sxx)) return {};
    line.leak = std::clamp(sums.slope(), 0.0, 0.5);
    const double intercept = (sums.sy - line.leak * sums.sx) / sums.s / weighted_noise_energy();
    line.noise = std::clamp(intercept / (1.0 - line.leak), least_noise, 1.0);
  }
  return line;
}

Selection select_flat(std::span<const PatchEnergy> patches, const NoiseModel& model, const TextureLine& line = {}) {
  std::vector<double> low(patches.size());
  std::ranges::transform(patches, low.begin(), [&](const PatchEnergy& p) { return low_energy_in_noise(p, model); });
  const std::size_t wanted = std::min(
      patches.size(), std::max(least_count, static_cast<std::size_t>(least_share * static_cast<double>(low.size()))));
  Selection selection;
  const auto is_flat = [](double energy) { return energy <= pure_noise_threshold; };
  if (static_cast<std::size_t>(std::ranges::count_if(low, is_flat)) < wanted) {
    std::vector<double> ranked = low;
    const auto last = ranked.begin() + static_cast<std::ptrdiff_t>(wanted - 1);
    std::ranges::nth_element(ranked, last);
    selection.threshold = *last;
  }
  selection.observations.reserve(patches.size());
  for (std::size_t i = 0; i < patches.size(); ++i) {
    if (low[i] > selection.threshold) continue;
    const double v = model_variance(model, patches[i]);
    const double expected = line.high_energy(low[i]);
    selection.observations.push_back({level_of(patches[i]),
                                      patches[i].high_energy * line.noise / expected / weighted_noise_energy(),
                                      robust_weight(patches[i].high_energy / v, expected) / (v * v)});
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

// Sensors have read noise as strong as the shot noise at a thousandth to a hundredth of white: where a picture has
// nothing flat and dark, the line must not end in no noise at all, or in much of it.
// Source: the calibrations of Wei et al., "A physics-based noise formation model for extreme low-light raw denoising",
// CVPR 2020, and the camera profiles of darktable, ISO 100 to 25600.
void add_read_noise_prior(const NoiseModel& model, std::vector<Observation>& observations) {
  constexpr double prior_count = 3.0;
  const double expected = 4e-3 * model.a;
  const double v = std::max(expected, model.variance(0.0)) + tiny_variance;
  observations.push_back({0.0, expected, prior_count / (v * v)});
}

void add_black_variance(double variance, const NoiseModel& model, std::vector<Observation>& observations) {
  constexpr double black_count = 400.0;
  const double v = std::max(variance, model.variance(0.0)) + tiny_variance;
  observations.push_back({0.0, variance, black_count / (v * v)});
}

// Away from sensors white noise is the rule: a slope must be seen, not extrapolated.
void add_white_noise_prior(std::vector<Observation>& observations) {
  constexpr double prior_count = 200.0;
  constexpr double levels[] = {0.1, 0.9};
  const NoiseModel white = fit_line(observations, EstimateMethod::gaussian);
  const double v = white.b + tiny_variance;
  for (const double level : levels) observations.push_back({level, white.b, prior_count / std::size(levels) / (v * v)});
}

bool nearly_equal(const NoiseModel& one, const NoiseModel& other) {
  const auto close = [](double x, double y) { return std::abs(x - y) <= 1e-3 * (x + y); };
  return close(one.variance(0.0), other.variance(0.0)) && close(one.variance(1.0), other.variance(1.0));
}

// Mean relative distance between the line and the mean variance of eight groups of equal size along the levels.
double relative_residual(std::vector<Observation> observations, const NoiseModel& model) {
  constexpr std::size_t group_count = 8;
  divide_into_groups(observations, group_count, &Observation::level);
  double distance = 0.0;
  for (std::size_t k = 0; k < group_count; ++k) {
    const std::ptrdiff_t first = group_begin(observations.size(), group_count, k);
    const std::ptrdiff_t last = group_begin(observations.size(), group_count, k + 1);
    double seen = 0.0;
    double fitted = 0.0;
    for (auto o = observations.begin() + first; o != observations.begin() + last; ++o) {
      seen += o->variance;
      fitted += model.variance(o->level) + tiny_variance;
    }
    if (fitted > 0.0) distance += std::abs(seen / fitted - 1.0) / group_count;
  }
  return distance;
}

}  // namespace

VarianceFit fit_variance(std::span<const PatchEnergy> patches, const ClipBounds& bounds, EstimateMethod method,
                         const FitPriors& priors) {
  std::vector<PatchEnergy> varied;
  std::vector<PatchEnergy> untouched;
  for (const PatchEnergy& patch : patches) {
    if (patch.minimum == patch.maximum) continue;
    varied.push_back(patch);
    if (patch.minimum > bounds.low && patch.maximum < bounds.high) untouched.push_back(patch);
  }
  if (varied.empty()) return {{0.0, priors.black_variance != nullptr ? *priors.black_variance : 0.0}, 0.0};
  const auto fit_to = [&](std::vector<Observation> observations, const NoiseModel& before) {
    if (priors.other_colors != nullptr) add_prior(*priors.other_colors, before, observations);
    if (priors.black_variance != nullptr) add_black_variance(*priors.black_variance, before, observations);
    priors.is_sensor ? add_read_noise_prior(before, observations) : add_white_noise_prior(observations);
    return fit_line(observations, method);
  };
  const bool mostly_clipped = untouched.size() < least_count;
  VarianceFit fit{
      priors.other_colors != nullptr ? *priors.other_colors : first_guess(mostly_clipped ? varied : untouched, method),
      0.0};
  Selection selection;
  constexpr int most_iterations = 8;
  for (int iteration = 0; iteration < most_iterations; ++iteration) {
    selection = select_flat(usable_patches(varied, bounds, fit.model), fit.model);
    const NoiseModel before = fit.model;
    fit.model = fit_to(selection.observations, before);
    if (nearly_equal(before, fit.model)) break;
  }
  if (selection.threshold > pure_noise_threshold) {
    // Once, at the end: as part of the iteration a correction that lowers the noise would call for more of itself.
    const std::vector<PatchEnergy> usable = usable_patches(varied, bounds, fit.model);
    const TextureLine line = fit_texture_line(usable, fit.model, selection.threshold);
    fit.model = fit_to(select_flat(usable, fit.model, line).observations, fit.model);
  }
  const auto count = static_cast<double>(selection.observations.size());
  const double residual = relative_residual(selection.observations, fit.model) / 0.2;
  fit.confidence = count / (count + 100.0) * pure_noise_threshold / selection.threshold / (1.0 + residual * residual);
  return fit;
}

}  // namespace rdenoise
