// SPDX-License-Identifier: LGPL-2.1-or-later
#include "yuv420_noise.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

namespace rdenoise::training {
namespace {

constexpr double least_chroma_factor = 0.4;
constexpr double greatest_chroma_factor = 1.2;

constexpr int luma_planes = 4;
constexpr int chroma_planes = 2;
constexpr int plane_total = luma_planes + chroma_planes;
constexpr int map_planes = 1 + chroma_planes;

/// One of the planes that stand one below the other in a gray picture.
template <typename Picture>
auto plane_of(Picture& planes, int total, int plane) {
  const auto samples = planes.plane(0);
  const std::size_t size = samples.size() / static_cast<std::size_t>(total);
  return samples.subspan(static_cast<std::size_t>(plane) * size, size);
}

NoiseSeed channel_seed(NoiseSeed seed, int channel) {
  return {seed.seed, seed.stream * max_channels + static_cast<std::uint32_t>(channel)};
}

std::vector<float> mean_luma(const Image& planes) {
  std::vector<float> mean(plane_of(planes, plane_total, 0).size());
  for (int phase = 0; phase < luma_planes; ++phase) {
    const auto luma = plane_of(planes, plane_total, phase);
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += luma[i] / luma_planes;
  }
  return mean;
}

/// Factor of σ at each pixel of a plane.
std::vector<float> sigma_scale(const PatchNoise& noise, std::size_t plane_size) {
  if (!noise.sigma_scale) return std::vector<float>(plane_size, 1.F);
  const auto scale = noise.sigma_scale->plane(0);
  return {scale.begin(), scale.end()};
}

struct PlaneNoise {
  NoiseModel model;
  double factor = 1.0;  ///< of σ
};

/// to += noise that belongs to the signal, which for chroma is another plane's; sigma: what it was drawn with.
void draw_plane(std::span<const float> signal, const PlaneNoise& noise, std::span<const float> scale, NoiseSeed seed,
                std::uint64_t first_index, std::span<float> to, std::span<float> sigma) {
  std::vector<float> drawn(signal.size());
  add_noise(signal, drawn, noise.model, seed, first_index);
  const auto factor = static_cast<float>(noise.factor);
  for (std::size_t i = 0; i < signal.size(); ++i) {
    to[i] += factor * scale[i] * (drawn[i] - signal[i]);
    sigma[i] = factor * scale[i] * static_cast<float>(noise.model.sigma(signal[i]));
  }
}

Image told_variance(const Image& noisy, std::span<const float> scale, const Yuv420Noise& noise) {
  const auto a = static_cast<float>(noise.luma.model.a);
  const auto b = static_cast<float>(noise.luma.model.b);
  Image variance(ColorModel::gray, noisy.width_px(), noisy.height_px() / plane_total * map_planes);
  const auto of_luma = plane_of(variance, map_planes, 0);
  for (int phase = 0; phase < luma_planes; ++phase) {
    const auto signal = plane_of(noisy, plane_total, phase);
    for (std::size_t i = 0; i < of_luma.size(); ++i)
      of_luma[i] += (a * std::max(signal[i], 0.F) + b) / static_cast<float>(luma_planes);
  }
  double sum = 0.0;
  for (const float value : of_luma) sum += value;
  const double mean = sum / static_cast<double>(of_luma.size());
  for (int c = 0; c < chroma_planes; ++c)
    std::ranges::fill(plane_of(variance, map_planes, 1 + c),
                      static_cast<float>(mean * std::pow(noise.chroma_factor[c] * noise.chroma_told_factor[c], 2)));
  for (float& value : of_luma) value *= static_cast<float>(noise.luma.told_factor * noise.luma.told_factor);
  for (int plane = 0; plane < map_planes; ++plane) {
    const auto values = plane_of(variance, map_planes, plane);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] *= scale[i] * scale[i];
  }
  return variance;
}

}  // namespace

Yuv420Noise draw_yuv420_noise(const NoiseRecipe& recipe, int patch_px, PatchRandom& random) {
  Yuv420Noise noise{.luma = draw_noise(recipe, InputDomain::yuv420, patch_px, random)};
  for (double& factor : noise.chroma_factor) factor = random.uniform(least_chroma_factor, greatest_chroma_factor);
  for (double& factor : noise.chroma_told_factor) factor = 1.0 + recipe.told_error * random.uniform(-1.0, 1.0);
  return noise;
}

Sample with_yuv420_noise(Image clean, const Yuv420Noise& noise, NoiseSeed seed) {
  Sample sample{std::move(clean), {}, {}, {}};
  sample.noisy = sample.clean;
  sample.sigma = Image(ColorModel::gray, sample.clean.width_px(), sample.clean.height_px());
  const std::vector<float> luma = mean_luma(sample.clean);
  const std::vector<float> scale = sigma_scale(noise.luma, luma.size());
  for (int plane = 0; plane < plane_total; ++plane) {
    const int chroma = plane - luma_planes;
    // Luma is one channel of the frame, so its phases are pieces of one field.
    const NoiseSeed field = channel_seed(seed, chroma < 0 ? 0 : 1 + chroma);
    const std::uint64_t first_index = chroma < 0 ? static_cast<std::uint64_t>(plane) * luma.size() : 0;
    const std::span<const float> signal =
        chroma < 0 ? plane_of(std::as_const(sample.clean), plane_total, plane) : std::span<const float>(luma);
    draw_plane(signal, {noise.luma.model, chroma < 0 ? 1.0 : noise.chroma_factor[static_cast<std::size_t>(chroma)]},
               scale, field, first_index, plane_of(sample.noisy, plane_total, plane),
               plane_of(sample.sigma, plane_total, plane));
  }
  if (noise.luma.clip) limit_samples(sample.noisy.samples(), {.clip_black = true, .clip_white = true});
  sample.told_variance = told_variance(sample.noisy, scale, noise);
  return sample;
}

}  // namespace rdenoise::training
