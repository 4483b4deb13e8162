// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <rdenoise/residual_noise.hpp>
#include <utility>
#include <vector>

#include "denoise/copy_frame.hpp"

namespace rdenoise {
namespace {

constexpr int window_px = 128;
/// Of each window: what lies nearer to its border has seen the neighbouring window.
constexpr int margin_px = 16;
constexpr std::size_t least_windows = 4;
constexpr std::size_t most_windows = 16;
/// One window for so many of the picture's, which bounds the cost to an eighth.
constexpr std::size_t windows_per_look = 16;

/// The whole frame as an Image: bayer as a mosaic.
Image image_of(const ConstFrameView& frame) {
  Image image(frame.color_model, frame.width_px, frame.height_px, frame.cfa);
  copy_frame(frame, image.view());
  return image;
}

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
constexpr int bin_count = 16;
using ColorBins = std::array<std::array<LevelBin, bin_count>, 3>;

class Differences {
 public:
  Differences(const Image& scene, const Image& first, const Image& second) {
    const bool has_margin = scene.width_px() == window_px && scene.height_px() % window_px == 0;
    for (int plane = 0; plane < scene.plane_count(); ++plane) {
      for (int y = 0; y < scene.height_px(); ++y) {
        if (has_margin && is_margin(y % window_px)) continue;
        for (int x = 0; x < scene.width_px(); ++x) {
          if (has_margin && is_margin(x)) continue;
          const int color = scene.color_model() == ColorModel::bayer ? cfa_color_at(scene.cfa(), x, y) : plane;
          add(color, scene.at(plane, x, y), first.at(plane, x, y) - second.at(plane, x, y));
        }
      }
    }
  }

  [[nodiscard]] const std::array<LevelBin, bin_count>& of(int color) const {
    return bins_[static_cast<std::size_t>(color)];
  }

 private:
  static bool is_margin(int position) { return position < margin_px || position >= window_px - margin_px; }

  void add(int color, double level, double difference) {
    constexpr double clipped = 0.97;  // what saturates has no noise
    if (level > clipped) return;
    const int index = std::clamp(static_cast<int>(level * bin_count), 0, bin_count - 1);
    LevelBin& bin = bins_[static_cast<std::size_t>(color)][static_cast<std::size_t>(index)];
    bin.level += std::max(level, 0.0);
    bin.square += difference * difference / 2.0;
    bin.count += 1.0;
  }

  ColorBins bins_{};
};

/// Weighted least squares of the bins' variances, each with the spread of a mean of squares, its variance over √count;
/// a and b not below 0. Where there is one level only, the noise that was is scaled to what is.
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
  for (int iteration = 0; iteration < 4; ++iteration) {
    double s = 0.0, sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0;
    for (const LevelBin& bin : bins) {
      constexpr double least_count = 50.0;
      if (bin.count < least_count) continue;
      const double x = bin.level / bin.count, y = bin.square / bin.count;
      const double spread = std::max(model.a * x + model.b, 1e-3 * y);
      const double weight = bin.count / (spread * spread);
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
      model = {0.0, sy / s, {}};
    } else if (b < 0.0) {
      model = {sxy / sxx, 0.0, {}};
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
  Image first = drawn_and_denoised(0);
  Image second = drawn_and_denoised(1);
  if (options.to_output) {
    scene = options.to_output(std::move(scene));
    first = options.to_output(std::move(first));
    second = options.to_output(std::move(second));
  }
  const Differences differences(scene, first, second);
  NoiseProfile profile{profile_channel_count(denoised.color_model), {}, 1.0};
  for (int c = 0; c < profile.channel_count; ++c) {
    const auto channel = static_cast<std::size_t>(c);
    NoiseModel before = noise.channels[channel];
    before.level_function.reset();
    profile.channels[channel] = fitted(differences.of(c), before);
    profile.channels[channel].b += options.rounding_step * options.rounding_step / 12.0;
  }
  return profile;
}

}  // namespace rdenoise
