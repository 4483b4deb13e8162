// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <rdenoise/residual_noise.hpp>
#include <utility>
#include <vector>

#include "denoise/copy_frame.hpp"

namespace rdenoise {
namespace {

constexpr int window_px = 128;
/// Of each window: what lies nearer to its border has seen the neighbouring window.
constexpr int margin_px = 16;
constexpr std::size_t least_windows = 6;
constexpr std::size_t most_windows = 16;
/// One window for so many of the picture's: an eighth of its cost at most, but of small ones.
constexpr std::size_t windows_per_look = 16;

/// The whole frame as an Image: bayer as a mosaic.
Image image_of(const ConstFrameView& frame) {
  Image image(frame.color_model, frame.width_px, frame.height_px, frame.cfa);
  copy_frame(frame, image.view());
  return image;
}

/// Two would do; a third makes twice as much of the windows for half as much again.
constexpr std::size_t draw_count = 3;

struct Place {
  int x_px = 0;
  int y_px = 0;
  double level = 0.0;
};

/// Mean over every fourth cell.
double mean_level(const Image& image, const Place& at) {
  double sum = 0.0;
  int count = 0;
  for (int y = 0; y < window_px; y += 8) {
    for (int x = 0; x < window_px; x += 8, ++count) sum += image.at(0, at.x_px + x, at.y_px + y);
  }
  return sum / count;
}

/// Windows beside each other over the frame, at even places; of these some from the darkest to the brightest.
std::vector<Place> choose_windows(const Image& image) {
  std::vector<Place> places;
  for (int y = 0; y + window_px <= image.height_px(); y += window_px) {
    for (int x = 0; x + window_px <= image.width_px(); x += window_px) {
      places.push_back({x, y, 0.0});
      places.back().level = mean_level(image, places.back());
    }
  }
  std::ranges::sort(places, {}, &Place::level);
  const std::size_t count =
      std::min(places.size(), std::clamp(places.size() / windows_per_look, least_windows, most_windows));
  std::vector<Place> chosen;
  for (std::size_t i = 0; i < count; ++i)
    chosen.push_back(places[count > 1 ? i * (places.size() - 1) / (count - 1) : places.size() / 2]);
  return chosen;
}

/// The windows one below the other, so that all are denoised at once.
Image stacked(const Image& image, const std::vector<Place>& windows) {
  Image stack(image.color_model(), window_px, window_px * static_cast<int>(windows.size()), image.cfa());
  for (int plane = 0; plane < image.plane_count(); ++plane) {
    for (int y = 0; y < stack.height_px(); ++y) {
      const Place& from = windows[static_cast<std::size_t>(y / window_px)];
      for (int x = 0; x < window_px; ++x)
        stack.at(plane, x, y) = image.at(plane, from.x_px + x, from.y_px + y % window_px);
    }
  }
  return stack;
}

/// Sums over samples of similar level.
struct LevelBin {
  double level = 0.0;
  double square = 0.0;
  double count = 0.0;
};
/// Equally wide in √level, where shot noise is as strong everywhere: most of a photo is dark.
constexpr int bin_count = 24;
int bin_of(double level) {
  return std::clamp(static_cast<int>(std::sqrt(std::max(level, 0.0)) * bin_count), 0, bin_count - 1);
}
using ColorBins = std::array<std::array<LevelBin, bin_count>, 3>;

/// What was drawn and what became of it.
struct Trial {
  Image seen;   ///< the scene in the denoiser's signal
  Image scene;  ///< in that of the profile, as the results are
  std::array<Image, draw_count> results;
};

/// Variance among the results, by color and level of the scene.
class Spread {
 public:
  /// noise      that was drawn
  /// flat_only  leave out what lies near edges or in texture: there more is left, and no noise model speaks of it
  Spread(const Trial& trial, const NoiseProfile& noise, bool flat_only)
      : trial_(trial), noise_(noise), flat_only_(flat_only) {
    const Image& scene = trial.scene;
    const bool has_margin = scene.width_px() == window_px && scene.height_px() % window_px == 0;
    for (int y = block_px; y + 2 * block_px <= scene.height_px(); y += block_px) {
      for (int x = block_px; x + 2 * block_px <= scene.width_px(); x += block_px) {
        if (has_margin && (is_margin(x) || is_margin(y % window_px))) continue;
        for (int color = 0; color < profile_channel_count(scene.color_model()); ++color) add_block(color, x, y);
      }
    }
  }

  [[nodiscard]] const std::array<LevelBin, bin_count>& of(int color) const {
    return bins_[static_cast<std::size_t>(color)];
  }

  [[nodiscard]] double count() const {
    double sum = 0.0;
    for (const auto& bins : bins_)
      for (const LevelBin& bin : bins) sum += bin.count;
    return sum;
  }

 private:
  static constexpr int block_px = 8;

  static bool is_margin(int position) { return position < margin_px || position >= window_px - margin_px; }

  /// Calls with (plane, x, y) for each sample of this color in a square.
  template <typename Visit>
  void for_each_sample(int color, int left_px, int top_px, int size_px, const Visit& visit) const {
    const bool is_mosaic = trial_.scene.color_model() == ColorModel::bayer;
    for (int y = top_px; y < top_px + size_px; ++y) {
      for (int x = left_px; x < left_px + size_px; ++x) {
        if (!is_mosaic || cfa_color_at(trial_.scene.cfa(), x, y) == color) visit(is_mosaic ? 0 : color, x, y);
      }
    }
  }

  /// With the blocks around: what is left of noise varies less than the noise did.
  [[nodiscard]] bool is_flat(int color, int left_px, int top_px) const {
    double sum = 0.0, square = 0.0, count = 0.0;
    for_each_sample(color, left_px - block_px, top_px - block_px, 3 * block_px, [&](int plane, int x, int y) {
      const double level = trial_.seen.at(plane, x, y);
      sum += level;
      square += level * level;
      count += 1.0;
    });
    constexpr double most_variation = 0.5;
    const double mean = sum / count;
    return square / count - mean * mean <=
           most_variation * noise_.channels[static_cast<std::size_t>(color)].variance(mean);
  }

  void add_block(int color, int left_px, int top_px) {
    if (flat_only_ && !is_flat(color, left_px, top_px)) return;
    LevelBin block;
    for_each_sample(color, left_px, top_px, block_px, [&](int plane, int x, int y) {
      double sum = 0.0, square = 0.0;
      for (const Image& result : trial_.results) {
        const double departure = result.at(plane, x, y) - trial_.scene.at(plane, x, y);
        sum += departure;
        square += departure * departure;
      }
      block.level += trial_.scene.at(plane, x, y);
      block.square += (square - sum * sum / draw_count) / (draw_count - 1);
      block.count += 1.0;
    });
    const double level = block.level / block.count;
    constexpr double clipped = 0.97;  // what saturates has no noise
    if (level > clipped) return;
    LevelBin& bin = bins_[static_cast<std::size_t>(color)][static_cast<std::size_t>(bin_of(level))];
    bin.level += std::max(block.level, 0.0);
    bin.square += block.square;
    bin.count += block.count;
  }

  const Trial& trial_;
  const NoiseProfile& noise_;
  bool flat_only_;
  ColorBins bins_{};
};

/// On flat places, or all if there are next to none.
Spread measured(const Trial& trial, const NoiseProfile& noise) {
  const Spread all(trial, noise, false);
  const Spread flat(trial, noise, true);
  constexpr double least_share = 0.05;
  return flat.count() >= least_share * all.count() ? flat : all;
}

/// Least squares of the bins' log(variance), each weighted with its samples, so that where no line fits, too much and
/// too little weigh alike and the line is right where the pixels are; a and b not below 0, as in DNG. Where there is
/// one level only, the noise that was is scaled to what is.
NoiseModel fitted(const std::array<LevelBin, bin_count>& bins, const NoiseModel& before) {
  NoiseModel model{};
  double total = 0.0, total_before = 0.0;
  for (const LevelBin& bin : bins) {
    total += bin.square;
    total_before += before.a * bin.level + before.b * bin.count;
  }
  if (total <= 0.0 || total_before <= 0.0) return model;
  model.a = before.a * total / total_before;
  model.b = before.b * total / total_before;
  constexpr int iterations = 12;
  for (int iteration = 0; iteration < iterations; ++iteration) {
    double s = 0.0, sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0;
    for (const LevelBin& bin : bins) {
      constexpr double least_count = 50.0;
      if (bin.count < least_count || bin.square <= 0.0) continue;
      const double x = bin.level / bin.count, told = std::max(model.a * x + model.b, 1e-3 * bin.square / bin.count);
      // Gauss-Newton: log(m) ≈ log(told) + (m - told)/told, so this y and weight give the squares of log(y) - log(m).
      const double y = told * (1.0 + std::log(bin.square / bin.count / told));
      const double weight = bin.count / (told * told);
      s += weight;
      sx += weight * x;
      sy += weight * y;
      sxx += weight * x * x;
      sxy += weight * x * y;
    }
    const double determinant = s * sxx - sx * sx;
    if (determinant <= 1e-3 * s * sxx) return model;
    const double a = (s * sxy - sx * sy) / determinant, b = (sxx * sy - sx * sxy) / determinant;
    if (a < 0.0) {
      model = {0.0, std::max(sy / s, 0.0), {}};
    } else if (b < 0.0) {
      model = {std::max(sxy / sxx, 0.0), 0.0, {}};
    } else {
      model = {a, b, {}};
    }
  }
  return model;
}

}  // namespace

NoiseProfile residual_noise(const ConstFrameView& denoised, const NoiseProfile& noise,
                            const std::function<void(const ConstFrameView&, const FrameView&)>& denoise,
                            const ResidualNoiseOptions& options) {
  Image scene = image_of(denoised);
  if (const std::vector<Place> windows = choose_windows(scene); !windows.empty()) scene = stacked(scene, windows);
  const auto drawn_and_denoised = [&](std::uint32_t draw) {
    Image noisy = scene;
    add_noise(std::as_const(scene).view(), noisy.view(), noise, {options.seed, draw});
    Image result = scene;
    denoise(std::as_const(noisy).view(), result.view());
    return result;
  };
  Trial trial{scene, scene, {}};
  for (std::size_t draw = 0; draw < draw_count; ++draw)
    trial.results[draw] = drawn_and_denoised(static_cast<std::uint32_t>(draw));
  if (options.to_output) {
    trial.scene = options.to_output(std::move(trial.scene));
    for (Image& result : trial.results) result = options.to_output(std::move(result));
  }
  const Spread spread = measured(trial, noise);
  NoiseProfile profile{profile_channel_count(denoised.color_model), {}, 1.0};
  for (int c = 0; c < profile.channel_count; ++c) {
    const auto channel = static_cast<std::size_t>(c);
    NoiseModel before = noise.channels[channel];
    before.level_function.reset();
    profile.channels[channel] = fitted(spread.of(c), before);
    profile.channels[channel].b += options.rounding_step * options.rounding_step / 12.0;
  }
  return profile;
}

}  // namespace rdenoise
