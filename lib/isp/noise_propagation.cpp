// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/noise_propagation.hpp>
#include <rdenoise/parallel.hpp>
#include <string>

#include "isp/tone_moments.hpp"

namespace rdenoise {
namespace {

using Vector = std::array<double, 3>;
using Matrix = std::array<double, 9>;

Vector product(const Matrix& m, const Vector& v) {
  return {m[0] * v[0] + m[1] * v[1] + m[2] * v[2], m[3] * v[0] + m[4] * v[1] + m[5] * v[2],
          m[6] * v[0] + m[7] * v[1] + m[8] * v[2]};
}

Matrix inverse(const Matrix& m) {
  const auto minor = [&](int a, int b, int c, int d) { return m[a] * m[d] - m[b] * m[c]; };
  const Matrix adjugate{minor(4, 5, 7, 8), minor(2, 1, 8, 7), minor(1, 2, 4, 5), minor(5, 3, 8, 6), minor(0, 2, 6, 8),
                        minor(2, 0, 5, 3), minor(3, 4, 6, 7), minor(1, 0, 7, 6), minor(0, 1, 3, 4)};
  const double determinant = m[0] * adjugate[0] + m[1] * adjugate[3] + m[2] * adjugate[6];
  if (!(std::abs(determinant) > 1e-9)) {
    throw Error(ErrorCode::invalid_argument,
                "propagating noise: expected a colour matrix with an inverse, found determinant " +
                    std::to_string(determinant));
  }
  Matrix result;
  std::ranges::transform(adjugate, result.begin(), [&](double value) { return value / determinant; });
  return result;
}

/// As develop() has it: the least gain is 1.
Vector gains_of(const DevelopOptions& options) {
  const float least = std::ranges::min(options.gains);
  if (!(least > 0.F)) {
    throw Error(ErrorCode::invalid_argument,
                "propagating noise: expected gains above 0, found " + std::to_string(least));
  }
  const double scale = least < 1.F ? 1.0 / least : 1.0;
  return {options.gains[0] * scale, options.gains[1] * scale, options.gains[2] * scale};
}

class Development {
 public:
  Development(const NoiseProfile& noise, const DevelopOptions& options)
      : noise_(noise), gains_(gains_of(options)), demosaic_(demosaic_noise(options.demosaic)) {
    if (noise.channel_count != 3) {
      throw Error(ErrorCode::invalid_argument, "propagating noise: expected a mosaic's profile of 3 channels, found " +
                                                   std::to_string(noise.channel_count));
    }
    const double exposure = std::exp2(options.exposure_ev);
    std::ranges::transform(options.camera_to_srgb, matrix_.begin(), [&](float m) { return m * exposure; });
    inverse_ = inverse(matrix_);
  }

  /// Variance of the three encoded channels where the clean linear picture has this colour.
  template <typename ToneMoments>
  [[nodiscard]] Vector variance(const Vector& linear, const ToneMoments& tone) const {
    const Vector camera = product(inverse_, linear);
    Vector site_mean;
    Vector site_variance;
    for (int color = 0; color < 3; ++color) {
      const FirstTwoMoments site = clipped_site(camera[color], color);
      site_mean[color] = site.mean;
      site_variance[color] = site.variance();
    }
    const Vector mean = product(matrix_, site_mean);
    Vector sum{};
    Vector sum_square{};
    for (int site = 0; site < 4; ++site) {
      const DemosaicNoise::Covariance covariance = demosaic_.covariance(site, site_variance);
      for (int c = 0; c < 3; ++c) {
        const Vector row{matrix_[3 * c], matrix_[3 * c + 1], matrix_[3 * c + 2]};
        const Vector projected = product(covariance, row);
        const double linear_variance = row[0] * projected[0] + row[1] * projected[1] + row[2] * projected[2];
        const FirstTwoMoments moments = tone(mean[c], std::sqrt(std::max(0.0, linear_variance)));
        sum[c] += moments.mean / 4;
        sum_square[c] += moments.mean_square / 4;
      }
    }
    Vector variance;
    for (int c = 0; c < 3; ++c) variance[c] = std::max(0.0, sum_square[c] - sum[c] * sum[c]);
    return variance;
  }

 private:
  /// A sample of the mosaic after its gain and the clip to white.
  [[nodiscard]] FirstTwoMoments clipped_site(double signal, int color) const {
    const double gain = gains_[color];
    const double sigma = gain * noise_.channels[color].sigma(signal / gain);
    if (signal + NormalNodes::reach * sigma < 1.0) return {signal, signal * signal + sigma * sigma};
    if (!(sigma > 0.0)) return {std::min(signal, 1.0), std::min(signal, 1.0) * std::min(signal, 1.0)};
    return moments_clipped_above(signal, sigma, 1.0);
  }

  NoiseProfile noise_;
  Vector gains_;
  const DemosaicNoise& demosaic_;
  Matrix matrix_{};
  Matrix inverse_{};
};

}  // namespace

NoiseProfile developed_noise(const NoiseProfile& mosaic_noise, const DevelopOptions& options,
                             DevelopedSamples samples) {
  const Development development(mosaic_noise, options);
  const DirectToneMoments tone({options.tone_curve, samples == DevelopedSamples::clipped});
  std::array<NoiseLevelFunction, 3> functions;
  for (int i = 0; i < NoiseLevelFunction::level_count; ++i) {
    const double x = decode_tone(options.tone_curve, static_cast<float>(NoiseLevelFunction::level(i)));
    const Vector variance = development.variance({x, x, x}, tone);
    for (int c = 0; c < 3; ++c) functions[c].variance[i] = static_cast<float>(variance[c]);
  }
  NoiseProfile developed{3, {}, mosaic_noise.confidence};
  std::ranges::transform(functions, developed.channels.begin(), model_of_level_function);
  return developed;
}

Image developed_noise_map(const Image& developed, const NoiseProfile& mosaic_noise, const DevelopOptions& options,
                          DevelopedSamples samples) {
  if (developed.color_model() != ColorModel::rgb) {
    throw Error(ErrorCode::invalid_argument, "mapping a developed picture's noise: expected an rgb picture, found " +
                                                 std::string(to_string(developed.color_model())));
  }
  const Development development(mosaic_noise, options);
  const ToneMomentTable tone({options.tone_curve, samples == DevelopedSamples::clipped});
  Image sigma(ColorModel::rgb, developed.width_px(), developed.height_px());
  const std::size_t width = static_cast<std::size_t>(developed.width_px());
  constexpr int least_band_px = 16;
  parallel_bands(developed.height_px(), least_band_px, options.n_threads, [&](int begin, int end) {
    for (std::size_t i = begin * width; i < end * width; ++i) {
      Vector linear;
      for (int c = 0; c < 3; ++c) linear[c] = decode_tone(options.tone_curve, developed.plane(c)[i]);
      const Vector variance = development.variance(linear, tone);
      for (int c = 0; c < 3; ++c) sigma.plane(c)[i] = static_cast<float>(std::sqrt(variance[c]));
    }
  });
  return sigma;
}

}  // namespace rdenoise
