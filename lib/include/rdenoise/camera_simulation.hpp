// SPDX-License-Identifier: LGPL-2.1-or-later
// A camera as a chain of steps, run backwards from a picture to the mosaic it may have come from, and forwards with the
// noise of a sensor: training and test pairs whose noise is that of real pictures.
//
//   picture ─ curve⁻¹ ─ matrix⁻¹ ─ gains⁻¹ ─ mosaic ─ + noise ─ gains ─ demosaic ─ matrix ─ curve ─ resize ─ JPEG
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <rdenoise/image.hpp>
#include <rdenoise/isp.hpp>
#include <rdenoise/jpeg.hpp>
#include <rdenoise/noise.hpp>
#include <rdenoise/response_curve.hpp>
#include <span>
#include <vector>

namespace rdenoise {

/// One camera with one setting. The defaults are neutral: linear light of an sRGB picture, no noise, nothing after it.
struct CameraParameters {
  float exposure_ev = 0.F;                    ///< brightening in development: the mosaic is darker by as much
  std::array<float, 3> gains{1.F, 1.F, 1.F};  ///< white balance of development, R G B; above 0
  std::array<float, 9> camera_to_srgb{1, 0, 0, 0, 1, 0, 0, 0, 1};  ///< row-major, after white balance; can be inverted
  CfaPattern cfa = CfaPattern::rggb;
  ResponseCurve response{ToneCurve::srgb};
  /// y = 3x² − 2x³ after the curve: contrast, as phones and cameras add it.
  bool smoothstep = false;
  /// Where the picture is near white the mosaic nears white too, in place of gray by the inverse gains; development
  /// clips it to white again. Pixels of a mean linear signal above 0.9 come back the same or brighter.
  bool keeps_highlights = false;
  NoiseProfile noise{3, {}, 1.0};  ///< of the mosaic, R G B
  std::optional<Levels> levels;    ///< the mosaic is rounded to these numbers and clipped at white; nullopt: float
  DemosaicMethod demosaic = DemosaicMethod::malvar;
  float resize_factor = 1.F;        ///< size of the picture over that of the sensor, 0.05 … 4
  std::optional<JpegOptions> jpeg;  ///< nullopt: not compressed
};

/// Backwards to linear light as the sensor would see it with all three colours at each pixel, after Brooks et al.,
/// "Unprocessing images for learned raw denoising", CVPR 2019, section 3. In place, in the caller's thread: for
/// patches.
///
/// red, green, blue  as many samples each; encoded signal, of which what lies outside 0 … 1 is clipped
/// throws            Error{invalid_argument} for other sizes, gains or a matrix that cannot be inverted
void to_camera_rgb(std::span<float> red, std::span<float> green, std::span<float> blue,
                   const CameraParameters& parameters);

/// picture  rgb; gray counts as three equal channels
/// returns  rgb, same size
/// throws   Error{invalid_argument} for a mosaic, or parameters as above
[[nodiscard]] Image to_camera_rgb(const Image& picture, const CameraParameters& parameters, int n_threads = 0);

/// The noise-free mosaic that the picture may have come from: to_camera_rgb(), seen through the colour filters.
[[nodiscard]] Image unprocess(const Image& picture, const CameraParameters& parameters, int n_threads = 0);

/// Development of linear camera RGB: gains and exposure, clip to white, matrix, curve, clip to 0 … 1. Undoes
/// to_camera_rgb() up to rounding, if neither keeps_highlights nor an element of the inverse matrix below 0 makes
/// saturated colours clip.
[[nodiscard]] Image develop_camera_rgb(const Image& camera_rgb, const CameraParameters& parameters, int n_threads = 0);

/// Development of a mosaic: gains and exposure, clip to white, demosaicing, matrix, curve, clip to 0 … 1. At each site
/// its own colour is that of develop_camera_rgb() before the matrix. Neither resizing nor compression.
/// throws  Error{invalid_argument} if it is no mosaic with the parameters' colour filters
[[nodiscard]] Image process(const Image& mosaic, const CameraParameters& parameters, int n_threads = 0);

/// σ of the picture that process() makes, pixel by pixel and to the first order: the variances of the mosaic's sites
/// through gains, demosaicing (mean over the 2×2 cell, as on smooth ground), matrix and the slope of the curve.
/// Resizing and JPEG are left out.
///
/// camera_rgb  linear and noise-free, of to_camera_rgb()
[[nodiscard]] Image developed_sigma(const Image& camera_rgb, const CameraParameters& parameters, int n_threads = 0);

struct SimulatedPhoto {
  Image noisy;         ///< rgb, developed, resized, compressed
  Image clean;         ///< rgb, the same development of the same mosaic without noise; resized, not compressed
  Image noisy_mosaic;  ///< bayer, with the sensor's rounding and clipping
  Image clean_mosaic;  ///< bayer, float
};

/// The whole chain. The noise depends on the seed alone, not on threads.
///
/// picture  rgb or gray, encoded, 0 … 1
/// throws   Error{invalid_argument} as to_camera_rgb(), or for a resize factor or JPEG quality outside their ranges
[[nodiscard]] SimulatedPhoto simulate_photo(const Image& picture, const CameraParameters& parameters, NoiseSeed seed,
                                            int n_threads = 0);

/// The sensor's part of it, for mosaics that are there already: adds the parameters' noise, rounds and clips to their
/// levels.
/// throws  Error{invalid_argument} if it is no mosaic
[[nodiscard]] Image expose(const Image& clean_mosaic, const CameraParameters& parameters, NoiseSeed seed);

enum class CameraKind {
  cbdnet,       ///< Guo et al., "Toward convolutional blind denoising of real photographs", CVPR 2019, section 3.1
  unprocessing  ///< Brooks et al., see to_camera_rgb()
};

[[nodiscard]] std::string_view to_string(CameraKind kind) noexcept;

/// Draws cameras.
///
/// cbdnet: shot noise σs·√L with σs uniform in 0 … 0.16 and read noise σc in 0 … 0.06 (so a = σs², b = σc²), one of the
///   given response curves, one of the four phases, JPEG 4:2:0 of quality 60 … 100. No gains and no matrix, as there.
/// unprocessing: exposure 1/N(0.8, 0.1), red gain 1.9 … 2.4, blue gain 1.5 … 1.9, a random mean of the matrices of six
///   real cameras, ln a uniform from ln 1e-4 to ln 1.2e-2, ln b = 2.18·ln a + 1.20 + N(0, 0.26), gamma 2.2 and
///   smoothstep, highlights kept; one of the four phases; no JPEG.
class CameraSimulator {
 public:
  /// curves  for cbdnet; none: plausible_response_curves()
  explicit CameraSimulator(CameraKind kind, std::vector<ResponseCurve> curves = {});

  /// Camera number `index` of a seed: the same at every call.
  [[nodiscard]] CameraParameters draw(std::uint64_t seed, std::uint64_t index = 0) const;

  [[nodiscard]] CameraKind kind() const noexcept { return kind_; }

 private:
  CameraKind kind_;
  std::vector<ResponseCurve> curves_;
};

}  // namespace rdenoise
