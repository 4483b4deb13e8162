// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <numbers>
#include <rdenoise/error.hpp>
#include <rdenoise/sensor_noise.hpp>
#include <string>

#include "base/vector_clones.hpp"
#include "noise/frame_rows.hpp"
#include "noise/gaussian_field.hpp"
#include "noise/philox_words.hpp"
#include "noise/tukey_field.hpp"

namespace rdenoise {
namespace {

constexpr double greatest_tukey_shape = 5.0;

void check_range(const char* what, double value, double least, double greatest) {
  if (value >= least && value <= greatest && std::isfinite(value)) return;
  throw Error(ErrorCode::invalid_argument, std::string("adding sensor noise: expected ") + what + " of " +
                                               std::to_string(least) + " to " + std::to_string(greatest) + ", found " +
                                               std::to_string(value));
}

void check(const SensorNoise& noise) {
  constexpr double any = 1e6;
  check_range("a Tukey scale", noise.tukey_scale, 0.0, any);
  check_range("a Tukey shape", noise.tukey_shape, -0.499999, greatest_tukey_shape);
  check_range("a row sigma", noise.row_sigma, 0.0, any);
  for (const double offset : noise.black_offset) check_range("a black offset", offset, -any, any);
  check_range("a hot pixel density", noise.hot_pixel_density, 0.0, 1.0);
  check_range("a hot pixel strength", noise.hot_pixel_strength, 0.0, any);
  check_range("a quantisation step", noise.quantisation_step, 0.0, any);
}

// The part of a channel that lies in one group of its fields.
struct Piece {
  std::span<float> pixels;
  std::uint64_t group_index;
  std::size_t offset;
};

RDENOISE_WIDE_VECTOR_CLONES
void add_scaled(const float* numbers, float scale, float* pixels, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) pixels[i] += scale * numbers[i];
}

void add_read_noise(const Piece& piece, const SensorNoise& noise, const NoiseSeed& channel_seed) {
  GaussianGroup numbers;
  tukey_group(channel_seed, philox::Purpose::tukey_read_noise, piece.group_index, static_cast<float>(noise.tukey_shape),
              numbers);
  add_scaled(numbers.data() + piece.offset, static_cast<float>(noise.tukey_scale), piece.pixels.data(),
             piece.pixels.size());
}

RDENOISE_WIDE_VECTOR_CLONES
void draw_hot_words(const NoiseSeed& seed, std::uint64_t group_index, std::uint32_t* words) noexcept {
  constexpr int blocks_per_group = gaussian_group_size / 4;
  philox::Words<blocks_per_group> blocks;
  philox::fill_words(seed, philox::Purpose::hot_pixel, group_index * blocks_per_group, blocks);
  for (int w = 0; w < 4; ++w) std::copy_n(blocks.word[w], blocks_per_group, words + w * blocks_per_group);
}

void add_hot_pixels(const Piece& piece, const SensorNoise& noise, const NoiseSeed& sensor_seed) {
  std::uint32_t words[gaussian_group_size];
  draw_hot_words(sensor_seed, piece.group_index, words);
  const double threshold = noise.hot_pixel_density * 0x1p32;
  for (std::size_t i = 0; i < piece.pixels.size(); ++i) {
    if (!(words[piece.offset + i] < threshold)) continue;
    const std::uint64_t index = piece.group_index * gaussian_group_size + piece.offset + i;
    const philox::Counter more = philox::block(philox::counter_of(sensor_seed, philox::Purpose::hot_pixel, index, 1),
                                               philox::key_of(sensor_seed));
    const double excess = -std::log((more[0] + 0.5) * 0x1p-32);
    piece.pixels[i] += static_cast<float>(noise.hot_pixel_strength * excess);
  }
}

float row_offset(const SensorNoise& noise, const NoiseSeed& frame_seed, int row) {
  if (noise.row_sigma == 0.0) return 0.F;
  GaussianGroup numbers;
  const auto index = static_cast<std::uint64_t>(row);
  gaussian_group(frame_seed, philox::Purpose::row_noise, index / gaussian_group_size, numbers);
  return static_cast<float>(noise.row_sigma) * numbers[index % gaussian_group_size];
}

void quantise(std::span<float> pixels, float step) {
  for (float& x : pixels) x = step * std::nearbyint(x / step);
}

// Effects already checked.
void add_effects(std::span<float> pixels, const SensorNoise& noise, const NoiseSeed& seed,
                 const SensorPosition& position) {
  const auto channel = static_cast<std::uint32_t>(position.channel);
  const NoiseSeed frame_seed{seed.seed, seed.stream * max_channels};
  const NoiseSeed channel_seed{seed.seed, seed.stream * max_channels + channel};
  const NoiseSeed sensor_seed{seed.seed, channel};
  const float shift =
      row_offset(noise, frame_seed, position.row) + static_cast<float>(noise.black_offset[channel % max_channels]);
  for (std::size_t done = 0; done < pixels.size();) {
    const std::uint64_t index = position.first_index + done;
    const std::size_t offset = index % gaussian_group_size;
    const std::size_t count = std::min(pixels.size() - done, gaussian_group_size - offset);
    const Piece piece{pixels.subspan(done, count), index / gaussian_group_size, offset};
    if (noise.tukey_scale > 0.0) add_read_noise(piece, noise, channel_seed);
    if (noise.hot_pixel_density > 0.0) add_hot_pixels(piece, noise, sensor_seed);
    done += count;
  }
  if (shift != 0.F)
    for (float& x : pixels) x += shift;
  if (noise.quantisation_step > 0.0) quantise(pixels, static_cast<float>(noise.quantisation_step));
}

}  // namespace

double tukey_lambda_variance(double shape) noexcept {
  // The formula is 0/0 at λ = 0; there and nearby it is the logistic distribution's to 2e-5.
  if (std::abs(shape) < 1e-5) return std::numbers::pi * std::numbers::pi / 3.0;
  const double ratio = std::exp(2.0 * std::lgamma(shape + 1.0) - std::lgamma(2.0 * shape + 2.0));
  return 2.0 / (shape * shape) * (1.0 / (1.0 + 2.0 * shape) - ratio);
}

void add_sensor_noise(std::span<const float> clean, std::span<float> noisy, const SensorNoise& noise, NoiseSeed seed,
                      const SensorPosition& position) {
  if (clean.size() != noisy.size()) {
    throw Error(ErrorCode::invalid_argument, "adding sensor noise: expected " + std::to_string(clean.size()) +
                                                 " samples of room, found " + std::to_string(noisy.size()));
  }
  if (position.channel < 0 || position.channel >= max_channels || position.row < 0) {
    throw Error(ErrorCode::invalid_argument, "adding sensor noise: expected channel 0 to 3 and row 0 or more, found " +
                                                 std::to_string(position.channel) + " and " +
                                                 std::to_string(position.row));
  }
  check(noise);
  if (clean.data() != noisy.data()) std::ranges::copy(clean, noisy.begin());
  add_effects(noisy, noise, seed, position);
}

void add_sensor_noise(const ConstFrameView& src, const FrameView& dst, const SensorNoise& noise, NoiseSeed seed,
                      int n_threads) {
  check_same_layout(src, dst, "adding sensor noise");
  if (src.color_model == ColorModel::yuv)
    throw Error(ErrorCode::invalid_argument,
                "adding sensor noise: expected a frame of gray, rgb or bayer, as sensors see it, found yuv");
  check(noise);
  const bool mosaic = src.color_model == ColorModel::bayer;
  change_rows(src, dst, n_threads, [&](std::span<float> row, int channel, int y) {
    add_effects(row, noise, seed,
                {channel, mosaic ? 2 * y + channel / 2 : y, static_cast<std::uint64_t>(y) * row.size()});
  });
}

}  // namespace rdenoise
