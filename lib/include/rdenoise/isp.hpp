// SPDX-License-Identifier: LGPL-2.1-or-later
// The camera's image pipeline: white balance, demosaicing, colour matrix, tone curve.
#pragma once

#include <array>
#include <rdenoise/image.hpp>
#include <span>
#include <string_view>

namespace rdenoise {

enum class DemosaicMethod {
  bilinear,  ///< mean of the nearest sites of that colour
  malvar     ///< Malvar, He, Cutler: "High-quality linear interpolation for demosaicing of Bayer-patterned color
             ///< images", ICASSP 2004
};

enum class ToneCurve {
  srgb,   ///< IEC 61966-2-1
  bt709,  ///< ITU-R BT.709 OETF
  linear
};

[[nodiscard]] std::string_view to_string(DemosaicMethod method) noexcept;
[[nodiscard]] std::string_view to_string(ToneCurve curve) noexcept;

/// linear → encoded, 0 … 1; values outside are extended oddly below 0 and by the formula above 1.
[[nodiscard]] float encode_tone(ToneCurve curve, float linear) noexcept;
[[nodiscard]] float decode_tone(ToneCurve curve, float encoded) noexcept;

/// Gray-world gains for R, G, B (green 1) of a mosaic, from sites between 1 % and 95 % of white.
[[nodiscard]] std::array<float, 3> gray_world_gains(const ConstFrameView& mosaic);

struct DevelopOptions {
  std::array<float, 3> gains{1.F, 1.F, 1.F};                       ///< white balance, R G B
  std::array<float, 9> camera_to_srgb{1, 0, 0, 0, 1, 0, 0, 0, 1};  ///< row-major
  DemosaicMethod demosaic = DemosaicMethod::malvar;
  ToneCurve tone_curve = ToneCurve::srgb;
  float exposure_ev = 0.F;
  int n_threads = 0;  ///< 0: all cores
};

/// mosaic → linear camera RGB. Borders are mirrored such that colours stay in phase.
///
/// src      a bayer frame view
/// returns  rgb, same size, not clipped
[[nodiscard]] Image demosaic(const ConstFrameView& src, DemosaicMethod method);

/// The whole development: gains (scaled so that the least is 1), clip to white, demosaic, fade of blown highlights to
/// neutral, matrix, exposure, tone curve. Works in bands of rows: needs five rows of float memory a thread.
///
/// src      a bayer frame view
/// dst      an rgb frame view of the same size; integer samples are rounded and clipped
/// throws   Error{invalid_argument} if the colour models or sizes are others
void develop(const ConstFrameView& src, const FrameView& dst, const DevelopOptions& options);

/// rgb → bayer: takes the one colour of each site.
[[nodiscard]] Image mosaic_from_rgb(const Image& rgb, CfaPattern cfa);

}  // namespace rdenoise
