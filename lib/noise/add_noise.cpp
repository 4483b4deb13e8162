// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/noise.hpp>
#include <string>

#include "base/vector_clones.hpp"
#include "noise/gaussian_field.hpp"
#include "noise/shot_noise.hpp"

namespace rdenoise {
namespace {

RDENOISE_WIDE_VECTOR_CLONES
void add_scaled(const float* clean, const float* normal, float sigma, float* noisy, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) noisy[i] = clean[i] + sigma * normal[i];
}

RDENOISE_WIDE_VECTOR_CLONES
void add_by_level(const float* clean, const float* normal, const NoiseLevelFunction& variance, float* noisy,
                  std::size_t count) {
  constexpr auto last = static_cast<float>(NoiseLevelFunction::level_count - 1);
  for (std::size_t i = 0; i < count; ++i) {
    const float place = (clean[i] > 0.F ? std::min(clean[i], 1.F) : 0.F) * last;
    const int index = std::min(static_cast<int>(place), NoiseLevelFunction::level_count - 2);
    const float low = variance.variance[static_cast<std::size_t>(index)];
    const float high = variance.variance[static_cast<std::size_t>(index) + 1];
    const float between = low + (high - low) * (place - static_cast<float>(index));
    noisy[i] = clean[i] + std::sqrt(between > 0.F ? between : 0.F) * normal[i];
  }
}

// The part of a field that lies in one group.
struct Piece {
  std::uint64_t group_index;
  std::size_t offset;
  std::size_t count;
};

void add_piece(const float* clean, float* noisy, const Piece& piece, const NoiseModel& noise, const NoiseSeed& seed) {
  const auto a = static_cast<float>(noise.a);
  const float read_sigma = noise.b > 0.0 ? static_cast<float>(std::sqrt(noise.b)) : 0.F;
  GaussianGroup normal;
  const auto draw_normal = [&] {
    gaussian_group(seed, philox::Purpose::read_noise, piece.group_index, normal);
    return normal.data() + piece.offset;
  };
  if (noise.level_function) return add_by_level(clean, draw_normal(), *noise.level_function, noisy, piece.count);
  if (a > least_shot_slope) {
    add_shot_noise(clean, noisy, piece.count, a, seed, piece.group_index, piece.offset);
    clean = noisy;
  }
  if (read_sigma > 0.F) return add_scaled(clean, draw_normal(), read_sigma, noisy, piece.count);
  if (clean != noisy) std::copy_n(clean, piece.count, noisy);
}

}  // namespace

void add_noise(std::span<const float> clean, std::span<float> noisy, const NoiseModel& noise, NoiseSeed seed,
               std::uint64_t first_index) {
  if (clean.size() != noisy.size()) {
    throw Error(ErrorCode::invalid_argument, "adding noise: expected " + std::to_string(clean.size()) +
                                                 " samples of room, found " + std::to_string(noisy.size()));
  }
  for (std::size_t done = 0; done < clean.size();) {
    const std::size_t offset = (first_index + done) % gaussian_group_size;
    const std::size_t count = std::min(clean.size() - done, gaussian_group_size - offset);
    add_piece(clean.data() + done, noisy.data() + done, {(first_index + done) / gaussian_group_size, offset, count},
              noise, seed);
    done += count;
  }
}

}  // namespace rdenoise
