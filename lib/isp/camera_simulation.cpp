// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <rdenoise/camera_simulation.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/resize.hpp>
#include <string>
#include <utility>
#include <vector>

#include "isp/camera_chain.hpp"

namespace rdenoise {
namespace {

void require_model(const Image& image, ColorModel expected, const char* doing) {
  if (image.color_model() == expected && image.width_px() > 0) return;
  throw Error(ErrorCode::invalid_argument,
              std::string(doing) + ": expected a picture of kind " + std::string(to_string(expected)) + ", found " +
                  (image.width_px() > 0 ? std::string(to_string(image.color_model())) : "an empty one"));
}

Image as_rgb(const Image& picture) {
  if (picture.color_model() != ColorModel::gray || picture.width_px() == 0) return picture;
  Image rgb(ColorModel::rgb, picture.width_px(), picture.height_px());
  for (int c = 0; c < 3; ++c) std::ranges::copy(picture.plane(0), rgb.plane(c).begin());
  return rgb;
}

/// Rounds to the sensor's numbers; it has none below 0 and none above white.
void digitise(Image& mosaic, const Levels& levels) {
  const float range_dn = levels.white_dn - levels.black_dn;
  if (!(range_dn > 0.F) || !std::isfinite(range_dn)) {
    throw Error(ErrorCode::invalid_argument, "simulating a camera: expected a white level above the black one, found " +
                                                 std::to_string(levels.black_dn) + " and " +
                                                 std::to_string(levels.white_dn));
  }
  for (float& sample : mosaic.samples()) {
    const float dn = std::round(levels.black_dn + sample * range_dn);
    sample = (std::clamp(dn, 0.F, levels.white_dn) - levels.black_dn) / range_dn;
  }
}

/// Variance of demosaiced noise after the matrix, from that of the mosaic's sites.
class LinearVariance {
 public:
  LinearVariance(const ColorMatrix& matrix, const DemosaicNoiseGain& gain) {
    for (int c = 0; c < 3; ++c) {
      const float* row = &matrix[3 * c];
      for (int site = 0; site < 3; ++site) {
        const auto& covariance = gain.covariance_per_site_variance[site];
        for (int k = 0; k < 9; ++k) share_[c][site] += row[k / 3] * row[k % 3] * covariance[k];
      }
    }
  }
  [[nodiscard]] float operator()(int channel, const std::array<float, 3>& site_variance) const noexcept {
    const auto& share = share_[channel];
    // The measured gain of gbtf is no covariance to the last digit.
    return std::max(0.F, share[0] * site_variance[0] + share[1] * site_variance[1] + share[2] * site_variance[2]);
  }

 private:
  std::array<std::array<float, 3>, 3> share_{};  ///< [channel][color of the site]
};

Image finish(Image developed, const CameraParameters& parameters, int n_threads) {
  if (parameters.resize_factor == 1.F) return developed;
  const auto side = [&](int size_px) {
    return std::max(1, static_cast<int>(std::lround(static_cast<double>(size_px) * parameters.resize_factor)));
  };
  Image resized =
      resize(developed, side(developed.width_px()), side(developed.height_px()), ResizeFilter::bicubic, n_threads);
  for (float& sample : resized.samples()) sample = std::clamp(sample, 0.F, 1.F);
  return resized;
}

}  // namespace

void to_camera_rgb(std::span<float> red, std::span<float> green, std::span<float> blue,
                   const CameraParameters& parameters) {
  if (red.size() != green.size() || red.size() != blue.size()) {
    throw Error(ErrorCode::invalid_argument, "unprocessing: expected as many samples of each colour, found " +
                                                 std::to_string(red.size()) + ", " + std::to_string(green.size()) +
                                                 " and " + std::to_string(blue.size()));
  }
  CameraChain(parameters).unprocess({red, green, blue});
}

Image to_camera_rgb(const Image& picture, const CameraParameters& parameters, int n_threads) {
  Image rgb = as_rgb(picture);
  require_model(rgb, ColorModel::rgb, "unprocessing");
  const CameraChain chain(parameters);
  for_color_rows(rgb, n_threads, [&](const ColorRows& rows, int) { chain.unprocess(rows); });
  return rgb;
}

Image unprocess(const Image& picture, const CameraParameters& parameters, int n_threads) {
  return mosaic_from_rgb(to_camera_rgb(picture, parameters, n_threads), parameters.cfa);
}

Image develop_camera_rgb(const Image& camera_rgb, const CameraParameters& parameters, int n_threads) {
  require_model(camera_rgb, ColorModel::rgb, "developing camera RGB");
  const CameraChain chain(parameters);
  Image rgb = camera_rgb;
  for_color_rows(rgb, n_threads, [&](const ColorRows& rows, int) {
    chain.balance(rows);
    chain.render(rows);
  });
  return rgb;
}

Image process(const Image& mosaic, const CameraParameters& parameters, int n_threads) {
  require_model(mosaic, ColorModel::bayer, "developing a mosaic");
  if (mosaic.cfa() != parameters.cfa) {
    throw Error(ErrorCode::invalid_argument, "developing a mosaic: expected the camera's pattern " +
                                                 std::string(to_string(parameters.cfa)) + ", found " +
                                                 std::string(to_string(mosaic.cfa())));
  }
  const CameraChain chain(parameters);
  Image balanced = mosaic;
  const std::size_t width = static_cast<std::size_t>(mosaic.width_px());
  for (int y = 0; y < mosaic.height_px(); ++y) {
    const std::array<float, 2> pair{chain.balance_gains()[cfa_color_at(mosaic.cfa(), 0, y)],
                                    chain.balance_gains()[cfa_color_at(mosaic.cfa(), 1, y)]};
    const std::span<float> row = balanced.plane(0).subspan(y * width, width);
    for (std::size_t x = 0; x < width; ++x) row[x] = std::min(row[x] * pair[x & 1], 1.F);
  }
  Image rgb = demosaic(std::as_const(balanced).view(), parameters.demosaic, n_threads);
  for_color_rows(rgb, n_threads, [&](const ColorRows& rows, int) { chain.render(rows); });
  return rgb;
}

Image developed_sigma(const Image& camera_rgb, const CameraParameters& parameters, int n_threads) {
  require_model(camera_rgb, ColorModel::rgb, "predicting the noise of development");
  const CameraChain chain(parameters);
  const ColorMatrix& m = chain.camera_to_srgb();
  const std::array<float, 3>& gains = chain.balance_gains();
  const LinearVariance linear_variance(m, demosaic_noise_gain(parameters.demosaic));
  Image sigma = camera_rgb;
  for_color_rows(sigma, n_threads, [&](const ColorRows& rows, int) {
    const std::size_t count = rows[0].size();
    std::vector<float> low[3];
    std::vector<float> high[3];
    for (int c = 0; c < 3; ++c) low[c] = high[c] = std::vector<float>(count);
    for (std::size_t x = 0; x < count; ++x) {
      std::array<float, 3> signal;
      std::array<float, 3> variance;
      for (int c = 0; c < 3; ++c) {
        signal[c] = std::min(rows[c][x] * gains[c], 1.F);
        variance[c] = gains[c] * gains[c] * static_cast<float>(parameters.noise.channels[c].variance(rows[c][x]));
      }
      for (int c = 0; c < 3; ++c) {
        const float linear = m[3 * c] * signal[0] + m[3 * c + 1] * signal[1] + m[3 * c + 2] * signal[2];
        const float spread = std::sqrt(linear_variance(c, variance));
        low[c][x] = linear - spread;
        high[c][x] = linear + spread;
      }
    }
    // What the curve makes of ±σ: its slope where it is straight, and less where it clips.
    for (int c = 0; c < 3; ++c) {
      chain.encode(low[c]);
      chain.encode(high[c]);
      for (std::size_t x = 0; x < count; ++x) rows[c][x] = 0.5F * (high[c][x] - low[c][x]);
    }
  });
  return sigma;
}

Image expose(const Image& clean_mosaic, const CameraParameters& parameters, NoiseSeed seed) {
  require_model(clean_mosaic, ColorModel::bayer, "exposing");
  Image noisy = clean_mosaic;
  add_noise(clean_mosaic.view(), noisy.view(), parameters.noise, seed);
  if (parameters.levels) digitise(noisy, *parameters.levels);
  return noisy;
}

SimulatedPhoto simulate_photo(const Image& picture, const CameraParameters& parameters, NoiseSeed seed, int n_threads) {
  if (!(parameters.resize_factor >= 0.05F && parameters.resize_factor <= 4.F)) {
    throw Error(ErrorCode::invalid_argument, "simulating a camera: expected a resize factor of 0.05 to 4, found " +
                                                 std::to_string(parameters.resize_factor));
  }
  SimulatedPhoto photo;
  photo.clean_mosaic = unprocess(picture, parameters, n_threads);
  photo.noisy_mosaic = expose(photo.clean_mosaic, parameters, seed);
  photo.clean = finish(process(photo.clean_mosaic, parameters, n_threads), parameters, n_threads);
  photo.noisy = finish(process(photo.noisy_mosaic, parameters, n_threads), parameters, n_threads);
  if (parameters.jpeg) photo.noisy = jpeg_round_trip(photo.noisy, *parameters.jpeg);
  return photo;
}

}  // namespace rdenoise
