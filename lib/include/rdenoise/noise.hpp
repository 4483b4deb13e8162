// SPDX-License-Identifier: LGPL-2.1-or-later
// The Poisson-Gaussian noise model: variance, sampling, estimation. Every noise figure of the project comes from here.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <rdenoise/image.hpp>
#include <span>
#include <string>

namespace rdenoise {

/// Variance as a function of the signal where it is no line: after a tone curve, after JPEG. Given at equally spaced
/// levels from 0 to 1, linear between them, constant beyond.
struct NoiseLevelFunction {
  static constexpr int level_count = 33;
  std::array<float, level_count> variance{};

  [[nodiscard]] static constexpr double level(int index) noexcept {
    return static_cast<double>(index) / (level_count - 1);
  }
  [[nodiscard]] double operator()(double signal) const noexcept {
    const double place = (signal > 0.0 ? std::min(signal, 1.0) : 0.0) * (level_count - 1);  // NaN: 0
    const int index = std::min(static_cast<int>(place), level_count - 2);
    return std::lerp(static_cast<double>(variance[static_cast<std::size_t>(index)]),
                     static_cast<double>(variance[static_cast<std::size_t>(index) + 1]), place - index);
  }
  bool operator==(const NoiseLevelFunction&) const = default;
};

/// variance(x) = a·x + b of one channel, x and σ in normalised signal (0 black, 1 white): (S, O) of the DNG
/// NoiseProfile tag. Source: Foi et al., "Practical Poissonian-Gaussian noise modeling and fitting for single-image
/// raw-data", IEEE TIP 2008, eq. 3.
struct NoiseModel {
  double a = 0.0;  ///< shot noise slope
  double b = 0.0;  ///< read noise variance
  /// If set, this is the variance, and a and b are the line that comes nearest to it.
  std::optional<NoiseLevelFunction> level_function;

  [[nodiscard]] double variance(double signal) const noexcept {
    if (level_function) return (*level_function)(signal);
    const double v = a * (signal > 0.0 ? signal : 0.0) + b;
    return v > 0.0 ? v : 0.0;
  }
  [[nodiscard]] double sigma(double signal) const noexcept { return std::sqrt(variance(signal)); }
  /// White Gaussian noise of sigma in 8-bit steps, as in the papers' tables.
  [[nodiscard]] static NoiseModel gaussian(double sigma_8bit) noexcept {
    return {0.0, (sigma_8bit / 255.0) * (sigma_8bit / 255.0), {}};
  }
  /// σ²(L) = L·σs² + σc², both σ in normalised signal. Source: Guo et al., "Toward convolutional blind denoising of
  /// real photographs" (CBDNet), CVPR 2019, eq. 1 and 2.
  [[nodiscard]] static NoiseModel heteroscedastic(double sigma_s, double sigma_c) noexcept {
    return {sigma_s * sigma_s, sigma_c * sigma_c, {}};
  }
  /// A sensor's data sheet: white is full_well_electrons / relative_gain electrons.
  ///
  /// full_well_electrons   > 0; electrons that saturate a pixel at base gain
  /// read_noise_electrons  root mean square, at this gain
  /// relative_gain         > 0; gain over base gain: 4 at ISO 400 of a camera with base ISO 100
  [[nodiscard]] static NoiseModel from_electrons(double full_well_electrons, double read_noise_electrons,
                                                 double relative_gain = 1.0) noexcept {
    const double white_electrons = full_well_electrons / relative_gain;
    const double read_sigma = read_noise_electrons / white_electrons;
    return {1.0 / white_electrons, read_sigma * read_sigma, {}};
  }
  bool operator==(const NoiseModel&) const = default;
};

/// The noise of a frame, one model per colour: gray {Y}, yuv {Y, U, V}, rgb and bayer {R, G, B}.
struct NoiseProfile {
  int channel_count = 0;
  std::array<NoiseModel, 3> channels;
  double confidence = 0.0;  ///< 0 … 1: how far the picture allowed an estimate; 1 for a given profile

  bool operator==(const NoiseProfile&) const = default;
};

[[nodiscard]] constexpr int profile_channel_count(ColorModel model) noexcept {
  return model == ColorModel::gray ? 1 : 3;
}

/// The model for channel `index` of a frame view (bayer has four sites but three colours).
[[nodiscard]] const NoiseModel& channel_noise(const NoiseProfile& profile, ColorModel model, CfaPattern cfa,
                                              int channel_index) noexcept;

/// The same white noise in every channel.
[[nodiscard]] NoiseProfile uniform_profile(ColorModel model, const NoiseModel& noise) noexcept;

/// σ of a frame as one number in 8-bit steps: root of the mean over channels of the variance at signal 0.5
/// (for white noise: σ itself).
[[nodiscard]] double sigma_8bit(const NoiseProfile& profile) noexcept;

// ---- sampling ----------------------------------------------------------------------------------------------------

/// Names one field of random numbers. The number at a pixel depends on (seed, stream, pixel index) alone.
struct NoiseSeed {
  std::uint64_t seed = 0;
  std::uint32_t stream = 0;  ///< channel, frame number, … : whatever must be independent
};

/// noisy[i] = clean[i] + noise, drawn from the Poisson-Gaussian model; not clipped. In place is allowed. A model with a
/// level function draws Gaussian noise of that variance.
///
/// first_index  index of clean[0] in its field, so that a row or tile draws what the whole picture would
/// Generator: Philox 4×32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
void add_noise(std::span<const float> clean, std::span<float> noisy, const NoiseModel& noise, NoiseSeed seed,
               std::uint64_t first_index = 0);

/// What the converter behind a sensor does to its signal; by default nothing.
struct SampleLimits {
  bool clip_black = false;    ///< nothing below 0
  bool clip_white = false;    ///< nothing above 1
  int quantisation_bits = 0;  ///< rounded to multiples of 1/(2^bits − 1), 1 … 16; 0: not rounded
  bool operator==(const SampleLimits&) const = default;
};

/// Clips and rounds in place; what is not a number stays so.
/// throws  Error{invalid_argument} for quantisation_bits out of range
void limit_samples(std::span<float> samples, const SampleLimits& limits);

struct DrawOptions {
  SampleLimits limits;
  int n_threads = 0;  ///< 0: all cores. The result does not depend on it
};

/// All channels of src to dst (same layout and size; may be the same memory). Channel c draws from stream
/// seed.stream·max_channels + c, pixel (x, y) with index y·(width of the channel) + x.
/// throws  Error{invalid_argument} if the two differ in layout or the profile in channels
void add_noise(const ConstFrameView& src, const FrameView& dst, const NoiseProfile& profile, NoiseSeed seed,
               const DrawOptions& options = {});

struct Moments {
  double mean = 0.0;
  double standard_deviation = 0.0;
};

/// Mean and standard deviation of a normal variable clipped (not truncated) to [low, high]: what a sensor shows of a
/// pixel near black or white. Source: Foi, "Clipped noisy images: heteroskedastic modeling and practical denoising",
/// Signal Processing 2009, section 2; here for both ends at once.
///
/// mean, sigma  of the variable before clipping; sigma ≥ 0
/// throws       Error{invalid_argument} if sigma is negative, low above high, or any of them not a number
[[nodiscard]] Moments clipped_moments(double mean, double sigma, double low, double high);

/// n independent uniform 64-bit numbers of a field; what a data loader draws its crops and levels from.
[[nodiscard]] std::uint64_t random_u64(NoiseSeed seed, std::uint64_t index) noexcept;
/// Uniform in [0, 1).
[[nodiscard]] double random_uniform(NoiseSeed seed, std::uint64_t index) noexcept;

// ---- estimation --------------------------------------------------------------------------------------------------

enum class EstimateMethod {
  /// poisson_gaussian for mosaics and white noise, level_function for noise of any other spectrum. For pictures that are
  /// known to be noisy: where noise is weak (σ below 20 in 8-bit steps) it takes the texture of one picture in ten for
  /// correlated noise.
  automatic,
  poisson_gaussian,  ///< a and b
  gaussian,          ///< a = 0: one σ for all levels
  level_function     ///< of processed pictures: any function of the level, noise correlated from pixel to pixel
};

/// What is known of a picture's noise besides its pixels.
struct NoisePriors {
  /// Variance at black of R, G, B in normalised signal, from pixels that no light reached: read noise, as sure as a
  /// picture's own dark and flat places can tell it.
  std::optional<std::array<double, 3>> black_variance;
  /// The noise as the file's tag or a table of cameras has it, with the confidence that is due to it. The less the
  /// picture allows an estimate, the more it counts; see combine_noise().
  std::optional<NoiseProfile> profile;
};

struct EstimateOptions {
  EstimateMethod method = EstimateMethod::poisson_gaussian;
  int max_patches = 32768;  ///< 6×6 patches looked at in each colour: the cost; more help textured pictures

  NoisePriors priors = {};

  /// For each frame of a video: what 3 ms on one core allow.
  [[nodiscard]] static constexpr EstimateOptions video() noexcept { return {.max_patches = 2000}; }
};

/// Estimates (a, b) of every channel from one picture. confidence tells how much the picture allowed.
/// Never throws for content: a flat, tiny or clipped picture gives a profile of low confidence.
[[nodiscard]] NoiseProfile estimate_noise(const ConstFrameView& frame, const EstimateOptions& options = {});

/// A measurement and what was known before, for sensors: the weighted geometric mean of their variances at a dark and a
/// bright level. The measurement weighs its confidence c, the prior a tenth of its own: prior figures are off by a
/// factor of 1.5 in σ where a measurement of confidence 0.1 is off by less.
[[nodiscard]] NoiseProfile combine_noise(const NoiseProfile& measured, const NoiseProfile& prior) noexcept;

}  // namespace rdenoise
