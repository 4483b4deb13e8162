// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <numbers>
#include <rdenoise/error.hpp>
#include <rdenoise/noise_propagation.hpp>
#include <rdenoise/parallel.hpp>
#include <string>
#include <utility>
#include <vector>

#include "isp/color_matrix.hpp"

namespace rdenoise {
namespace {

constexpr int patch_px = 104;
/// Mirrored borders would count some draws twice.
constexpr int border_px = 4;

void check(const NoiseProfile& noise, const DevelopOptions& options) {
  if (noise.channel_count != 3) {
    throw Error(ErrorCode::invalid_argument, "propagating noise: expected a mosaic's profile of 3 channels, found " +
                                                 std::to_string(noise.channel_count));
  }
  const float least = std::ranges::min(options.gains);
  if (!(least > 0.F)) {
    throw Error(ErrorCode::invalid_argument,
                "propagating noise: expected gains above 0, found " + std::to_string(least));
  }
}

/// The mosaic's R, G and B for each unit of neutral linear light in the picture.
std::array<double, 3> raw_of_neutral(const DevelopOptions& options) {
  const std::array<float, 9> to_camera = inverse(options.camera_to_srgb);
  const float least_gain = std::min(1.F, std::ranges::min(options.gains));  // develop() scales it to 1
  std::array<double, 3> raw;
  for (int c = 0; c < 3; ++c) {
    const double camera = static_cast<double>(to_camera[3 * c]) + to_camera[3 * c + 1] + to_camera[3 * c + 2];
    raw[c] = camera * least_gain / options.gains[c] / std::exp2(options.exposure_ev);
  }
  return raw;
}

/// Calls visit(colour, site index) for each site of a patch.
template <typename Visit>
void for_each_site(const Visit& visit) {
  for (int y = 0; y < patch_px; ++y) {
    const std::array<int, 2> pair{cfa_color_at(CfaPattern::rggb, 0, y), cfa_color_at(CfaPattern::rggb, 1, y)};
    for (int x = 0; x < patch_px; ++x) visit(pair[x & 1], static_cast<std::size_t>(y) * patch_px + x);
  }
}

/// The inverse of the normal distribution, by bisection: 0 < share < 1.
double normal_quantile(double share) {
  double low = -8.0;
  double high = 8.0;
  for (int i = 0; i < 40; ++i) {
    const double middle = 0.5 * (low + high);
    (0.5 * std::erfc(-middle / std::numbers::sqrt2) < share ? low : high) = middle;
  }
  return low;
}

/// Standard normal draws in random order, but with exactly the quantiles of the distribution for the sites of each
/// colour: from the chance of the values, tails above all, would come most of the error of so few. The same for every
/// level, so that the variance is a smooth function of it.
std::vector<float> make_draws() {
  std::vector<float> draws(static_cast<std::size_t>(patch_px) * patch_px);
  add_noise(draws, draws, {0.0, 1.0, {}}, {0, 0});
  std::array<std::vector<std::size_t>, 3> sites;
  for_each_site([&](int color, std::size_t site) { sites[color].push_back(site); });
  for (auto& of_color : sites) {
    std::ranges::sort(of_color, {}, [&](std::size_t site) { return draws[site]; });
    for (std::size_t rank = 0; rank < of_color.size(); ++rank) {
      draws[of_color[rank]] =
          static_cast<float>(normal_quantile((static_cast<double>(rank) + 0.5) / static_cast<double>(of_color.size())));
    }
  }
  return draws;
}

/// A flat patch with noise, developed.
Image developed_patch(const std::array<double, 3>& level, const NoiseProfile& noise, const DevelopOptions& options) {
  static const std::vector<float> draws = make_draws();
  std::array<float, 3> offset{};
  std::array<float, 3> slope{};
  std::array<float, 3> bend{};
  for (int c = 0; c < 3; ++c) {
    const double sigma = noise.channels[c].sigma(level[c]);
    // Photons have the third moment a²·x. Cornish and Fisher's first term gives it to a normal variable; beyond a
    // skewness of 1 (one photon) it would not look like photons any more.
    const double a = noise.channels[c].a;
    const double skewness =
        sigma > 0.0 ? std::min(a * a * std::max(level[c], 0.0) / (sigma * sigma * sigma), 1.0) : 0.0;
    const double scale = sigma / std::sqrt(1.0 + skewness * skewness / 18.0);
    bend[c] = static_cast<float>(scale * skewness / 6.0);
    slope[c] = static_cast<float>(scale);
    offset[c] = static_cast<float>(level[c]) - bend[c];
  }
  Image mosaic(ColorModel::bayer, patch_px, patch_px, CfaPattern::rggb);
  const std::span<float> samples = mosaic.plane(0);
  for_each_site([&](int color, std::size_t site) {
    const float z = draws[site];
    samples[site] = offset[color] + z * (slope[color] + z * bend[color]);
  });
  Image rgb(ColorModel::rgb, patch_px, patch_px);
  develop(std::as_const(mosaic).view(), rgb.view(), options);
  return rgb;
}

double inner_variance(const Image& rgb, int channel, bool clipped) {
  double sum = 0.0;
  double square = 0.0;
  for (int y = border_px; y < patch_px - border_px; ++y) {
    for (int x = border_px; x < patch_px - border_px; ++x) {
      const double sample = clipped ? std::clamp(rgb.at(channel, x, y), 0.F, 1.F) : rgb.at(channel, x, y);
      sum += sample;
      square += sample * sample;
    }
  }
  constexpr double count = (patch_px - 2.0 * border_px) * (patch_px - 2.0 * border_px);
  return std::max(0.0, square / count - sum / count * (sum / count));
}

}  // namespace

NoiseProfile developed_noise(const NoiseProfile& mosaic_noise, const DevelopOptions& options,
                             DevelopedSamples samples) {
  check(mosaic_noise, options);
  const std::array<double, 3> raw = raw_of_neutral(options);
  DevelopOptions one_thread = options;
  one_thread.n_threads = 1;
  std::array<NoiseLevelFunction, 3> functions;
  parallel_bands(NoiseLevelFunction::level_count, 1, options.n_threads, [&](int begin, int end) {
    for (int i = begin; i < end; ++i) {
      const float linear = decode_tone(options.tone_curve, static_cast<float>(NoiseLevelFunction::level(i)));
      const Image rgb = developed_patch({raw[0] * linear, raw[1] * linear, raw[2] * linear}, mosaic_noise, one_thread);
      for (int c = 0; c < 3; ++c) {
        functions[c].variance[i] = static_cast<float>(inner_variance(rgb, c, samples == DevelopedSamples::clipped));
      }
    }
  });
  NoiseProfile developed{3, {}, mosaic_noise.confidence};
  std::ranges::transform(functions, developed.channels.begin(), model_of_level_function);
  return developed;
}

}  // namespace rdenoise
