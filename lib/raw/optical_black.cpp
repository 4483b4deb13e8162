// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/optical_black.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace rdenoise {
namespace {

constexpr int leak_px = 2;
constexpr std::size_t least_site_pixels = 256;
/// More lines than this only cost time.
constexpr int most_lines = 256;

/// Median and robust standard deviation (from the median distance to it).
struct Spread {
  double median = 0.0;
  double sigma = 0.0;
};

double median_of(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

Spread spread_of(std::vector<double> values) {
  if (values.empty()) return {};
  Spread spread;
  spread.median = median_of(values);
  for (double& value : values) value = std::abs(value - spread.median);
  constexpr double median_to_sigma = 1.4826;
  spread.sigma = median_to_sigma * median_of(values);
  return spread;
}

/// A border as lines along the picture's edge: columns for left and right, rows for top and bottom.
struct Border {
  bool lines_are_columns;
  int first_line_px;
  int last_line_px;   ///< one behind
  int first_cell_px;  ///< along the line
  int last_cell_px;
};

class BorderReader {
 public:
  BorderReader(const SensorArea& sensor, const Border& border) : sensor_(sensor), border_(border) {}

  /// Calls use(site, sample) for each pixel of a line; the site is that of the visible area's 2×2 cell.
  template <typename Use>
  void for_line(int line_px, Use use) const {
    for (int cell = border_.first_cell_px; cell < border_.last_cell_px; ++cell) {
      const int x = border_.lines_are_columns ? line_px : cell;
      const int y = border_.lines_are_columns ? cell : line_px;
      const auto parity = [](int position, int origin) { return static_cast<std::size_t>((position - origin) & 1); };
      const std::size_t site = 2 * parity(y, sensor_.visible_top_px) + parity(x, sensor_.visible_left_px);
      use(site, static_cast<double>(sensor_.samples[static_cast<std::size_t>(y) * sensor_.pitch_px + x]));
    }
  }

 private:
  const SensorArea& sensor_;
  const Border& border_;
};

std::vector<double> line_samples(const BorderReader& reader, int line_px) {
  std::vector<double> samples;
  reader.for_line(line_px, [&](std::size_t, double sample) { samples.push_back(sample); });
  return samples;
}

/// Lines that are like most of the border.
std::vector<int> usual_lines(const BorderReader& reader, const Border& border) {
  const int last = std::min(border.last_line_px, border.first_line_px + most_lines);
  std::vector<int> lines;
  std::vector<Spread> spreads;
  std::vector<double> medians;
  std::vector<double> sigmas;
  for (int line = border.first_line_px; line < last; ++line) {
    lines.push_back(line);
    spreads.push_back(spread_of(line_samples(reader, line)));
    medians.push_back(spreads.back().median);
    sigmas.push_back(spreads.back().sigma);
  }
  if (lines.empty()) return lines;
  const double median = median_of(medians);
  const double sigma = median_of(sigmas);
  // Whole numbers: with little noise a step more or less means nothing.
  constexpr double step_dn = 1.0;
  constexpr double spread_factor = 1.5;
  std::vector<int> usual;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool same_level = std::abs(spreads[i].median - median) <= std::max(sigma, step_dn);
    const bool same_spread = spreads[i].sigma <= std::max(spread_factor * sigma, step_dn) &&
                             spreads[i].sigma >= sigma / spread_factor - step_dn;
    if (same_level && same_spread) usual.push_back(lines[i]);
  }
  return usual;
}

/// Mean and variance without what lies beyond five standard deviations.
struct SiteNoise {
  double mean = 0.0;
  double variance = 0.0;
  std::size_t count = 0;
};

SiteNoise robust_noise(const std::vector<double>& samples) {
  constexpr double most_deviations = 5.0;
  const Spread spread = spread_of(samples);
  const double limit = most_deviations * std::max(spread.sigma, 1.0);
  SiteNoise noise;
  double squares = 0.0;
  for (const double sample : samples) {
    const double deviation = sample - spread.median;
    if (std::abs(deviation) > limit) continue;
    ++noise.count;
    noise.mean += deviation;
    squares += deviation * deviation;
  }
  if (noise.count < 2) return noise;
  const auto count = static_cast<double>(noise.count);
  noise.variance = (squares - noise.mean * noise.mean / count) / (count - 1.0);
  noise.mean = spread.median + noise.mean / count;
  return noise;
}

std::optional<OpticalBlack> measure_border(const SensorArea& sensor, const Border& border,
                                           const std::array<float, 4>& black_level_dn, float white_level_dn) {
  const BorderReader reader(sensor, border);
  std::array<std::vector<double>, 4> sites;
  for (const int line : usual_lines(reader, border)) {
    reader.for_line(line, [&](std::size_t site, double sample) { sites[site].push_back(sample); });
  }
  OpticalBlack black;
  for (std::size_t site = 0; site < 4; ++site) {
    const SiteNoise noise = robust_noise(sites[site]);
    const double range_dn = static_cast<double>(white_level_dn) - black_level_dn[site];
    constexpr double most_offset = 0.01;
    constexpr double most_sigma = 0.02;
    const bool is_dark = std::abs(noise.mean - black_level_dn[site]) <= most_offset * range_dn &&
                         std::sqrt(noise.variance) <= most_sigma * range_dn;
    if (noise.count < least_site_pixels || !(noise.variance > 0.0) || !is_dark) return std::nullopt;
    black.mean_dn[site] = noise.mean;
    black.variance_dn2[site] = noise.variance;
    black.pixel_count += static_cast<std::int64_t>(noise.count);
  }
  return black;
}

double total_variance(const OpticalBlack& black) {
  return std::accumulate(black.variance_dn2.begin(), black.variance_dn2.end(), 0.0);
}

}  // namespace

std::optional<OpticalBlack> measure_optical_black(const SensorArea& sensor, const std::array<float, 4>& black_level_dn,
                                                  float white_level_dn) {
  const int left = sensor.visible_left_px;
  const int top = sensor.visible_top_px;
  const int right = left + sensor.visible_width_px;
  const int bottom = top + sensor.visible_height_px;
  const std::array<Border, 4> borders{{{true, 0, left - leak_px, top, bottom},
                                       {true, right + leak_px, sensor.width_px, top, bottom},
                                       {false, 0, top - leak_px, left, right},
                                       {false, bottom + leak_px, sensor.height_px, left, right}}};
  std::optional<OpticalBlack> quietest;
  for (const Border& border : borders) {
    const auto black = measure_border(sensor, border, black_level_dn, white_level_dn);
    if (black && (!quietest || total_variance(*black) < total_variance(*quietest))) quietest = black;
  }
  return quietest;
}

}  // namespace rdenoise
