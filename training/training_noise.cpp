// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training_noise.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace rdenoise::training {
namespace {

// Mosaics have no σ range in 8-bit steps; weaker noise than this share is drawn as another a anyhow.
constexpr double least_scale_of_mosaics = 0.25;

double log_uniform(double low, double high, double draw) { return low * std::pow(high / low, draw); }

NoiseModel draw_model(const NoiseRecipe& recipe, InputDomain input, bool strongest, PatchRandom& random) {
  const double level = random.uniform();
  const bool white = random.uniform() >= recipe.signal_dependent;
  const double sigma = (recipe.min_8bit + (recipe.max_8bit - recipe.min_8bit) * (strongest ? 1.0 : level)) / 255.0;
  if (white) return {0.0, sigma * sigma, {}};
  if (input == InputDomain::bayer) {
    const double a = log_uniform(1e-5, 4e-2, level);
    return {a, a * a * log_uniform(1e-3, 3.0, random.uniform()) + log_uniform(1e-8, 1e-5, random.uniform()), {}};
  }
  const double shot_share = random.uniform();
  return {shot_share * sigma * sigma / 0.5, (1.0 - shot_share) * sigma * sigma, {}};
}

Image smooth_field(int side_px, double least, PatchRandom& random) {
  constexpr int nodes = 4;
  std::array<std::array<double, nodes>, nodes> level;
  for (auto& row : level)
    for (double& node : row) node = random.uniform(least, 1.0);
  struct Between {
    int node;
    double share;
  };
  const auto between = [&](int px) {
    const double place = (px + 0.5) / side_px * (nodes - 1);
    const int node = std::min(static_cast<int>(place), nodes - 2);
    return Between{node, place - node};
  };
  Image field(ColorModel::gray, side_px, side_px);
  for (int y = 0; y < side_px; ++y) {
    const auto [row, down] = between(y);
    for (int x = 0; x < side_px; ++x) {
      const auto [column, right] = between(x);
      field.at(0, x, y) =
          static_cast<float>(std::lerp(std::lerp(level[row][column], level[row][column + 1], right),
                                       std::lerp(level[row + 1][column], level[row + 1][column + 1], right), down));
    }
  }
  return field;
}

Image region_field(int side_px, double least, PatchRandom& random) {
  // Two lines through the patch, each with a side of its own level: two to four regions.
  struct Line {
    double cos, sin, offset;
  };
  std::array<Line, 2> lines;
  for (Line& line : lines) {
    const double angle = random.uniform(0.0, 2.0 * std::numbers::pi);
    line = {std::cos(angle), std::sin(angle), random.uniform(-0.35, 0.35) * side_px};
  }
  std::array<float, 4> level;
  for (float& value : level) value = static_cast<float>(random.uniform(least, 1.0));
  Image field(ColorModel::gray, side_px, side_px);
  for (int y = 0; y < side_px; ++y)
    for (int x = 0; x < side_px; ++x) {
      std::size_t region = 0;
      for (const Line& line : lines)
        region = 2 * region + (line.cos * (x - 0.5 * side_px) + line.sin * (y - 0.5 * side_px) > line.offset ? 1 : 0);
      field.at(0, x, y) = level[region];
    }
  return field;
}

/// to[i] = a·max(signal[i], 0) + b
void fill_variance(const NoiseModel& model, std::span<const float> signal, std::span<float> to) {
  const auto a = static_cast<float>(model.a);
  const auto b = static_cast<float>(model.b);
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = a * std::max(signal[i], 0.F) + b;
}

void scale(std::span<float> values, std::span<const float> factors) {
  for (std::size_t i = 0; i < values.size(); ++i) values[i] *= factors[i];
}

Image told_variance(const Image& noisy, const PatchNoise& noise) {
  Image variance(ColorModel::gray, noisy.width_px(), noisy.height_px());
  const auto to = variance.plane(0);
  const int planes = noisy.plane_count();
  for (int c = 0; c < planes; ++c) {
    const auto signal = noisy.plane(c);
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += std::max(signal[i], 0.F);
  }
  const auto told = static_cast<float>(noise.told_factor * noise.told_factor);
  const float a = static_cast<float>(noise.model.a) / static_cast<float>(planes) * told;
  const float b = static_cast<float>(noise.model.b) * told;
  for (float& value : to) value = a * value + b;
  if (noise.sigma_scale) {
    scale(to, noise.sigma_scale->plane(0));
    scale(to, noise.sigma_scale->plane(0));
  }
  return variance;
}

Image true_sigma(const Image& clean, const PatchNoise& noise) {
  Image sigma(clean.color_model(), clean.width_px(), clean.height_px(), clean.cfa());
  fill_variance(noise.model, clean.samples(), sigma.samples());
  for (float& value : sigma.samples()) value = std::sqrt(value);
  if (noise.sigma_scale)
    for (int c = 0; c < sigma.plane_count(); ++c) scale(sigma.plane(c), noise.sigma_scale->plane(0));
  return sigma;
}

}  // namespace

PatchNoise draw_noise(const NoiseRecipe& recipe, InputDomain input, int patch_px, PatchRandom& random) {
  PatchNoise noise;
  const bool spatial = random.uniform() < recipe.spatial;
  noise.told_factor = 1.0 + recipe.told_error * random.uniform(-1.0, 1.0);
  noise.clip = recipe.clip;
  noise.model = draw_model(recipe, input, spatial, random);
  if (!spatial) return noise;
  const double least = input == InputDomain::bayer ? least_scale_of_mosaics
                       : recipe.max_8bit > 0.0     ? recipe.min_8bit / recipe.max_8bit
                                                   : 1.0;
  noise.sigma_scale =
      random.uniform() < 0.5 ? smooth_field(patch_px, least, random) : region_field(patch_px, least, random);
  return noise;
}

void add_patch_noise(Image& picture, const PatchNoise& noise, NoiseSeed seed) {
  const NoiseProfile profile = uniform_profile(picture.color_model(), noise.model);
  const Image clean = noise.sigma_scale ? picture : Image();
  add_noise(std::as_const(picture).view(), picture.view(), profile, seed, {.n_threads = 1});
  if (noise.sigma_scale) {
    const auto factor = noise.sigma_scale->plane(0);
    for (int c = 0; c < picture.plane_count(); ++c) {
      const auto from = clean.plane(c);
      const auto to = picture.plane(c);
      for (std::size_t i = 0; i < to.size(); ++i) to[i] = from[i] + factor[i] * (to[i] - from[i]);
    }
  }
  if (noise.clip) limit_samples(picture.samples(), {.clip_black = true, .clip_white = true});
}

Sample with_known_noise(Image clean, Image noisy, const PatchNoise& noise) {
  Sample sample{std::move(clean), std::move(noisy), {}, {}};
  sample.sigma = true_sigma(sample.clean, noise);
  sample.told_variance = told_variance(sample.noisy, noise);
  return sample;
}

Sample with_noise(Image clean, const PatchNoise& noise, NoiseSeed seed) {
  Image noisy = clean;
  add_patch_noise(noisy, noise, seed);
  return with_known_noise(std::move(clean), std::move(noisy), noise);
}

}  // namespace rdenoise::training
