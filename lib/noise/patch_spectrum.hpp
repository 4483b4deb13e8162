// SPDX-License-Identifier: LGPL-2.1-or-later
// What the level function is made of: small patches of a picture, their brightness and the energy of each band of
// spatial frequency.
#pragma once

#include <array>
#include <rdenoise/image.hpp>
#include <span>
#include <vector>

namespace rdenoise {

/// Large enough for the blotches of demosaiced and compressed noise, small enough to find flat places.
inline constexpr int spectrum_patch_px = 12;

/// Bands of the orthonormal 12×12 DCT by u + v: 0 (the mean), 1, …, 6, 7–8, 9–10, 11–13, 14–22.
inline constexpr int band_count = 11;
[[nodiscard]] int band_of_coefficient(int u, int v) noexcept;

/// The coefficients of each band belong to one of two halves by turns. Noise in one half tells nothing of the noise in
/// the other, texture shows in both: patches chosen by one half give the noise of the other without bias.
inline constexpr int half_count = 2;
[[nodiscard]] int half_of_coefficient(int u, int v) noexcept;

/// [half][band]
using BandCounts = std::array<std::array<int, band_count>, half_count>;
[[nodiscard]] const BandCounts& coefficients_in_bands() noexcept;

struct PatchSpectrum {
  float mean = 0.F;  ///< signal
  bool is_constant = false;
  std::array<std::array<float, band_count>, half_count> energy{};  ///< [half][band]: sum of squared coefficients
};

/// Patches at the same places of all the channels, which have one size: [channel][patch]. The grid is regular and
/// overlaps where the picture is small; at most about max_patches for each channel. Patches with samples that are not
/// finite in any channel are left out of all.
struct SpectrumSample {
  std::vector<std::vector<PatchSpectrum>> channels;
  double independent_share = 1.0;  ///< how much a patch tells that its neighbours did not: 1 without overlap
};
[[nodiscard]] SpectrumSample sample_spectra(std::span<const ConstChannelView> channels, int max_patches);

}  // namespace rdenoise
