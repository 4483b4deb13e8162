// SPDX-License-Identifier: LGPL-2.1-or-later
// A noise profile measured on one kind of video, told for another that the same frames were converted to.
#pragma once

#include <optional>
#include <rdenoise/image.hpp>
#include <rdenoise/noise.hpp>

namespace rdenoise {

/// Shares of red and blue in luma; green has the rest. BT.601 unless said.
struct LumaWeights {
  double red = 0.299;
  double blue = 0.114;
  bool operator==(const LumaWeights&) const = default;
};

/// How samples follow light. Converters leave samples as they are between the curves of ordinary video (sRGB, BT.601,
/// BT.709, BT.2020, plain gammas), so these count as one.
enum class LightCoding { video_curve, linear, perceptual_quantiser, hybrid_log_gamma, other };

/// What the numbers of a frame mean.
struct VideoDomain {
  const PixelFormat* format = nullptr;
  int width_px = 0;
  int height_px = 0;
  FrameLevels levels;
  LumaWeights luma;  ///< yuv and gray
  LightCoding coding = LightCoding::video_curve;
};

/// Variance of chroma after a change of chroma sampling, as a share of that before: what GStreamer's videoconvert does
/// by default (measured on 1.22). From 4:4:4 down it takes means of two (½ for each halved axis). Up it interpolates:
/// ⅝ for an axis by weights ¾ and ¼; between I420, YV12, Y42B and Y444 ⅔ along x, where the place moves evenly from one
/// sample to the next; I420 and YV12 to 8-bit rgb repeat samples: 1. An axis halved on both sides while the other
/// changes goes up and down again: 19/32. Either format may be gray or rgb.
///
/// same_matrix  the luma weights are the same
[[nodiscard]] double chroma_variance_gain(const PixelFormat& from, const PixelFormat& to, bool same_matrix) noexcept;

/// The profile of frames that videoconvert, left at its defaults, made of frames with the profile `noise`.
///
/// Size and position must be the same: scaling correlates noise. So must be the light coding, and the phase of a
/// mosaic.
///
/// - Same model, other packing: the same profile, exactly.
/// - Other bit depth or range of the same channels (also Y and gray): exact; converters keep the sample's share of the
///   largest number, so the level moves with black and white. A coarser or recomputed sample adds 1/12 DN² of rounding.
/// - Other chroma sampling: exact in variance (see chroma_variance_gain); after interpolation it is correlated.
/// - rgb ↔ yuv, other luma weights, rgb ↔ gray: the quadratic form of the matrix. It is exact for neutral colours and
///   noise that is independent from channel to channel. Chroma of rgb has noise that depends on luma, which a profile
///   of chroma cannot say: it gets the mean over all levels.
/// - bayer at another depth, same levels in proportion: exact.
///
/// returns  nullopt if none of these applies
/// throws   Error{invalid_argument} if the profile does not fit `from`
[[nodiscard]] std::optional<NoiseProfile> remap_noise(const NoiseProfile& noise, const VideoDomain& from,
                                                      const VideoDomain& to);

}  // namespace rdenoise
