// SPDX-License-Identifier: LGPL-2.1-or-later
// The camera's image pipeline: white balance, demosaicing, colour matrix, tone curve.
#pragma once

#include <array>
#include <optional>
#include <rdenoise/image.hpp>
#include <span>
#include <string_view>

namespace rdenoise {

enum class DemosaicMethod {
  bilinear,  ///< mean of the nearest sites of that colour
  malvar,    ///< Malvar, He, Cutler: "High-quality linear interpolation for demosaicing of Bayer-patterned color
             ///< images", ICASSP 2004
  gbtf       ///< Pekkucuksen, Altunbasak: "Gradient based threshold free color filter array interpolation", ICIP 2010;
             ///< colour differences averaged with Gaussian weights, as in Kiku et al.: "Residual interpolation for
             ///< color image demosaicking", ICIP 2013
};

/// All of them, the fastest first, the best last.
inline constexpr std::array demosaic_methods{DemosaicMethod::bilinear, DemosaicMethod::malvar, DemosaicMethod::gbtf};

/// What stands still where the light changes, and so what a missing colour is interpolated by.
enum class DemosaicDomain {
  linear,      ///< differences of the colours: right for pictures that are tone mapped already
  square_root  ///< differences of their roots. In linear light the ratios of colours are constant over an object, and
               ///< differences of roots are nearer to that; also, the root makes the noise of light equal everywhere.
               ///< Developed RAW photos gain 2.7 dB with malvar, 1.7 dB with gbtf, 0.5 dB with bilinear
};

enum class ToneCurve {
  srgb,   ///< IEC 61966-2-1
  bt709,  ///< ITU-R BT.709 OETF
  linear
};

[[nodiscard]] std::string_view to_string(DemosaicMethod method) noexcept;
[[nodiscard]] std::string_view to_string(ToneCurve curve) noexcept;

/// nullopt if no such method.
[[nodiscard]] std::optional<DemosaicMethod> find_demosaic_method(std::string_view name) noexcept;

/// linear → encoded, 0 … 1; values outside are extended oddly below 0 and by the formula above 1.
[[nodiscard]] float encode_tone(ToneCurve curve, float linear) noexcept;
[[nodiscard]] float decode_tone(ToneCurve curve, float encoded) noexcept;

/// Gray-world gains for R, G, B (green 1) of a mosaic, from sites between 1 % and 95 % of white.
[[nodiscard]] std::array<float, 3> gray_world_gains(const ConstFrameView& mosaic);

struct DevelopOptions {
  std::array<float, 3> gains{1.F, 1.F, 1.F};                       ///< white balance, R G B
  std::array<float, 9> camera_to_srgb{1, 0, 0, 0, 1, 0, 0, 0, 1};  ///< row-major
  DemosaicMethod demosaic = DemosaicMethod::gbtf;
  DemosaicDomain demosaic_domain = DemosaicDomain::square_root;
  ToneCurve tone_curve = ToneCurve::srgb;
  float exposure_ev = 0.F;
  int n_threads = 0;  ///< 0: all cores
  bool operator==(const DevelopOptions&) const = default;
};

/// mosaic → linear camera RGB. Borders are mirrored such that colours stay in phase.
///
/// src        a bayer frame view; interpolated in the domain it is in
/// n_threads  0: all cores; the result does not depend on it
/// returns    rgb, same size, not clipped; every site keeps its own sample
/// throws     Error{invalid_argument} if src is no mosaic
[[nodiscard]] Image demosaic(const ConstFrameView& src, DemosaicMethod method, int n_threads = 0);

/// What demosaicing makes of noise that is independent from site to site, on a flat region. Without it white noise
/// would be thought too strong afterwards, and the colours' noise independent.
struct DemosaicNoiseGain {
  /// Row-major 3×3 for R, G, B sites: the covariance of R, G and B of a pixel is
  /// Σ_c (variance of the sites of colour c) · covariance_per_site_variance[c], averaged over the 2×2 cell.
  std::array<std::array<float, 9>, 3> covariance_per_site_variance;
};

/// Exact for the methods with fixed kernels. Measured for gbtf, whose weights depend on the noise itself: right to 1 %
/// as long as no site variance is more than 4 times another. In the square-root domain it holds too, to first order in
/// the noise.
[[nodiscard]] DemosaicNoiseGain demosaic_noise_gain(DemosaicMethod method);

/// The whole development: gains (scaled so that the least is 1), clip to white, demosaic, fade of blown highlights to
/// neutral, matrix, exposure, tone curve. Works in bands of
/// rows: a thread needs 9 rows of float memory, and 50 with gbtf.
///
/// src      a bayer frame view
/// dst      an rgb frame view of the same size; integer samples are rounded and clipped
/// throws   Error{invalid_argument} if the colour models or sizes are others
void develop(const ConstFrameView& src, const FrameView& dst, const DevelopOptions& options);

/// rgb → bayer: takes the one colour of each site.
[[nodiscard]] Image mosaic_from_rgb(const Image& rgb, CfaPattern cfa);

}  // namespace rdenoise
