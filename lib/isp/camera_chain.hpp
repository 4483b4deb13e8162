// SPDX-License-Identifier: LGPL-2.1-or-later
// The steps of CameraParameters, made ready for rows of pixels.
#pragma once

#include <array>
#include <rdenoise/camera_simulation.hpp>
#include <rdenoise/parallel.hpp>
#include <span>

#include "isp/color_matrix.hpp"

namespace rdenoise {

/// Three rows of as many samples: R, G, B.
using ColorRows = std::array<std::span<float>, 3>;

class CameraChain {
 public:
  /// throws  Error{invalid_argument} for parameters that cannot be computed with
  explicit CameraChain(const CameraParameters& parameters);

  /// Encoded signal → linear camera RGB.
  void unprocess(const ColorRows& rows) const;
  /// Linear camera RGB → white-balanced and exposed, clipped at white.
  void balance(const ColorRows& rows) const;
  /// White-balanced camera RGB → encoded signal.
  void render(const ColorRows& rows) const;
  /// Linear sRGB → encoded signal: the last step of render().
  void encode(std::span<float> samples) const;

  /// Factors of balance(), by colour.
  [[nodiscard]] const std::array<float, 3>& balance_gains() const noexcept { return balance_gains_; }
  [[nodiscard]] const ColorMatrix& camera_to_srgb() const noexcept { return camera_to_srgb_; }

 private:
  ResponseCurve response_;
  bool smoothstep_;
  bool keeps_highlights_;
  std::array<float, 3> balance_gains_;
  ColorMatrix camera_to_srgb_;
  ColorMatrix srgb_to_camera_;
};

/// samples ← min(samples·gain, 1)
void scale_and_clip(std::span<float> samples, float gain);

/// Calls job(rows, y) for each row of an rgb picture, in parallel.
template <typename Job>
void for_color_rows(Image& rgb, int n_threads, const Job& job) {
  constexpr int least_band_px = 16;
  const auto width = static_cast<std::size_t>(rgb.width_px());
  parallel_bands(rgb.height_px(), least_band_px, n_threads, [&](int begin, int end) {
    // Row by row, so that the steps find the samples in the cache.
    for (int y = begin; y < end; ++y) {
      ColorRows rows;
      for (int c = 0; c < 3; ++c) rows[c] = rgb.plane(c).subspan(y * width, width);
      job(rows, y);
    }
  });
}

}  // namespace rdenoise
