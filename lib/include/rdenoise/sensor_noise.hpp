// SPDX-License-Identifier: LGPL-2.1-or-later
// What a sensor adds to the Poisson-Gaussian noise when there is very little light: rows that shift, read noise with
// heavy tails, rounding, hot pixels, a black that is not the same for all colours. Source for all of it: Wei, Fu, Yang
// and Huang, "A physics-based noise formation model for extreme low-light raw denoising" (ELD), CVPR 2020.
#pragma once

#include <array>
#include <filesystem>
#include <rdenoise/noise.hpp>
#include <span>
#include <string_view>
#include <vector>

namespace rdenoise {

/// In normalised signal; each effect is off at 0.
struct SensorNoise {
  double tukey_scale = 0.0;                         ///< read noise: scale times a Tukey-lambda number …
  double tukey_shape = 0.0;                         ///< … of this λ, in (−½, 5]; 0 logistic, 0.14 nearly normal
  double row_sigma = 0.0;                           ///< a Gaussian offset shared by a row of the mosaic
  std::array<double, max_channels> black_offset{};  ///< colour bias, by channel of the frame (bayer: by site)
  double hot_pixel_density = 0.0;                   ///< share of pixels, 0 … 1
  double hot_pixel_strength = 0.0;                  ///< mean of their excess, which falls off exponentially
  double quantisation_step = 0.0;                   ///< the sum is rounded to multiples of it
  bool operator==(const SensorNoise&) const = default;
};

/// Variance of the Tukey-lambda distribution of scale 1, λ > −½.
/// Source: Joiner and Rosenblatt, "Some properties of the range in samples from Tukey's symmetric lambda
/// distributions", JASA 1971.
[[nodiscard]] double tukey_lambda_variance(double shape) noexcept;

/// Adds the effects to a frame: gray, rgb or bayer, dst laid out as src (may be the same memory). Shot noise and
/// Gaussian read noise are add_noise's; draw them first. Hot pixels stay where they are: they depend on seed.seed and
/// the channel, and not on seed.stream. All else is new with each stream. A row's offset is the same in all channels.
/// The result does not depend on n_threads. throws  Error{invalid_argument} for other layouts, yuv, or an effect out of
/// its range
void add_sensor_noise(const ConstFrameView& src, const FrameView& dst, const SensorNoise& noise, NoiseSeed seed,
                      int n_threads = 0);

/// Where a run of pixels lies in its frame.
struct SensorPosition {
  int channel = 0;
  int row = 0;                    ///< of the mosaic, for bayer; else of the channel
  std::uint64_t first_index = 0;  ///< of its first pixel in the channel: y·(width of the channel) + x
};

/// The same for a run of pixels of one row, so that a tile draws what the whole frame would. In place is allowed.
void add_sensor_noise(std::span<const float> clean, std::span<float> noisy, const SensorNoise& noise, NoiseSeed seed,
                      const SensorPosition& position);

// ---- calibrated sensors --------------------------------------------------------------------------------------------

/// log σ = slope·log K + bias, ± sigma, natural logarithms, σ in DN. ELD, eq. 11.
struct LogLinearFit {
  double slope = 0.0;
  double bias = 0.0;
  double sigma = 0.0;
};

/// One set of fits of a sensor. (A camera with two conversion gains has two.)
struct SensorScales {
  LogLinearFit gaussian_read;  ///< g_scale: σ of the best Gaussian
  LogLinearFit tukey_read;     ///< G_scale: scale of the Tukey-lambda distribution
  LogLinearFit row;            ///< R_scale
};

/// A sensor as calibrated from its flat and dark frames.
struct SensorCalibration {
  double least_gain_dn = 0.0;  ///< system gain K, DN per electron
  double greatest_gain_dn = 0.0;
  std::vector<SensorScales> scales;                             ///< one or more
  std::vector<double> tukey_shapes;                             ///< one or more, as measured at the camera's settings
  std::vector<std::array<double, max_channels>> color_bias_dn;  ///< mean of dark frames by site; may be empty
};

/// Reads the JSON form of ELD's camera parameters: Kmin, Kmax, G_shape, Profile-1 (and further profiles) with g_scale,
/// G_scale and R_scale of slope, bias and sigma each; color_bias if there is one.
///
/// name    stands in messages
/// throws  Error{corrupt} if it is no JSON, or something is missing, of another kind or out of range
[[nodiscard]] SensorCalibration parse_sensor_calibration(std::string_view json, std::string_view name);

/// throws  Error{not_found, io} if the file cannot be read; else as parse_sensor_calibration
[[nodiscard]] SensorCalibration read_sensor_calibration(const std::filesystem::path& path);

enum class ReadNoise { gaussian, tukey_lambda };

/// A sensor's noise at one gain: what add_noise draws, then what add_sensor_noise adds.
struct SensorDraw {
  NoiseModel noise;
  SensorNoise effects;
};

/// A gain between the calibrated ends, uniform in its logarithm. The number depends on (seed, index) alone.
[[nodiscard]] double draw_gain_dn(const SensorCalibration& sensor, NoiseSeed seed, std::uint64_t index) noexcept;

/// Draws the parameters of the noise at a gain: the joint distribution of ELD, section 4.2. Hot pixels stay off.
///
/// gain_dn    K > 0, DN per electron
/// range_dn   white − black of the camera, > 0; one DN is the quantisation step
/// throws     Error{invalid_argument} for a gain or range that is none, or a calibration without scales or shapes
[[nodiscard]] SensorDraw draw_sensor_noise(const SensorCalibration& sensor, double gain_dn, double range_dn,
                                           ReadNoise read_noise, NoiseSeed seed, std::uint64_t index);

}  // namespace rdenoise
