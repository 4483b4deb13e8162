// SPDX-License-Identifier: LGPL-2.1-or-later
// What the noise of a picture is, level by level, where the noise-free picture is known.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <rdenoise/image.hpp>
#include <rdenoise/noise.hpp>
#include <vector>

namespace rdenoise::bench {

/// Sums of squared noise at the 33 levels of a NoiseLevelFunction.
class MeasuredNoise {
 public:
  void add(double level, double square) {
    const double place = level * (NoiseLevelFunction::level_count - 1);
    const int index = std::clamp(static_cast<int>(std::lround(place)), 0, NoiseLevelFunction::level_count - 1);
    squares_[index] += square;
    counts_[index] += 1.0;
    levels_[index] += level;
  }
  [[nodiscard]] double pixels(int index) const { return counts_[index]; }
  [[nodiscard]] double sigma(int index) const { return std::sqrt(squares_[index] / counts_[index]); }
  /// Mean of the pixels that were counted here.
  [[nodiscard]] double level(int index) const { return levels_[index] / counts_[index]; }

 private:
  std::array<double, NoiseLevelFunction::level_count> squares_{};
  std::array<double, NoiseLevelFunction::level_count> counts_{};
  std::array<double, NoiseLevelFunction::level_count> levels_{};
};

/// Of noisy − reference. Light that changed between the two is no noise: the mean difference of each block is taken
/// off, and the variance that goes with it given back as if it were white.
///
/// reference_variance  of the reference's own noise, in units of the noise: 1/N for the mean of N pictures
inline MeasuredNoise noise_of_pair(const Image& noisy, const Image& reference, int plane, double reference_variance) {
  constexpr int block_px = 32;
  MeasuredNoise measured;
  for (int top = 0; top + block_px <= noisy.height_px(); top += block_px) {
    for (int left = 0; left + block_px <= noisy.width_px(); left += block_px) {
      const auto difference = [&](int i) {
        const int x = left + i % block_px;
        const int y = top + i / block_px;
        return static_cast<double>(noisy.at(plane, x, y)) - reference.at(plane, x, y);
      };
      constexpr int count = block_px * block_px;
      double mean = 0.0;
      for (int i = 0; i < count; ++i) mean += difference(i) / count;
      for (int i = 0; i < count; ++i) {
        const double noise = difference(i) - mean;
        measured.add(reference.at(plane, left + i % block_px, top + i / block_px),
                     noise * noise * count / (count - 1.0) / (1.0 + reference_variance));
      }
    }
  }
  return measured;
}

struct TemporalMean {
  Image mean;
  std::vector<MeasuredNoise> noise;  ///< of each plane
};

/// The variance of each pixel over the frames of a static scene, at the level of its mean. Frames that are brighter or
/// darker as a whole are brought to the mean brightness first.
inline TemporalMean noise_over_time(std::vector<Image> frames) {
  const auto n = static_cast<double>(frames.size());
  TemporalMean result{Image(frames[0].color_model(), frames[0].width_px(), frames[0].height_px()), {}};
  for (int plane = 0; plane < frames[0].plane_count(); ++plane) {
    std::vector<double> brightness;
    double mean_brightness = 0.0;
    for (const Image& frame : frames) {
      double sum = 0.0;
      for (const float value : frame.plane(plane)) sum += value;
      brightness.push_back(sum / static_cast<double>(frame.plane(plane).size()));
      mean_brightness += brightness.back() / n;
    }
    MeasuredNoise measured;
    const auto mean_plane = result.mean.plane(plane);
    for (std::size_t i = 0; i < mean_plane.size(); ++i) {
      double sum = 0.0;
      double squares = 0.0;
      for (std::size_t k = 0; k < frames.size(); ++k) {
        const double value = frames[k].plane(plane)[i] - brightness[k] + mean_brightness;
        sum += value;
        squares += value * value;
      }
      mean_plane[i] = static_cast<float>(sum / n);
      measured.add(sum / n, std::max(0.0, squares - sum * sum / n) / (n - 1.0));
    }
    result.noise.push_back(measured);
  }
  return result;
}

}  // namespace rdenoise::bench
