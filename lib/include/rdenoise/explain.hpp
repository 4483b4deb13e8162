// SPDX-License-Identifier: LGPL-2.1-or-later
// What goes on inside a network while it denoises: the noise map it goes by, and where in the picture its layers are
// busy. The estimates of the picture on the way are picture_estimates() and cut_at() of network.hpp.
#pragma once

#include <rdenoise/denoise.hpp>
#include <string>
#include <vector>

namespace rdenoise {

/// The σ map that the network is told, or estimates by itself, strength included, at the size of the picture: each
/// pixel has the σ of the map pixel that covers it. Only the layers that lead to the map are computed.
///
/// returns  σ in normalised signal (times 255: 8-bit steps; with stabilise_variance of the stabilised signal). Gray if
///          one map serves all channels, and for mosaics, site by site; else rgb
/// throws   Error{unsupported} for a network without a noise map, and for yuv; else as Denoiser
[[nodiscard]] Image noise_map(const Model& model, const ConstFrameView& src, const NoiseProfile& noise,
                              const DenoiseOptions& options = {});

/// How strong the features of one convolution stage are.
struct LayerEnergy {
  int layer = 0;     ///< index into the network's layers: where the features are
  std::string name;  ///< state-dict prefix of the convolution
  std::string kind;  ///< "convolution", "convolution + relu", …
  int channels = 0;
  int downscale = 1;  ///< how much smaller than the picture
  double rms = 0.0;   ///< over all pixels and channels
  double mean_abs = 0.0;
  double zero_share = 0.0;  ///< exactly 0, behind relu: features at rest
  Image rms_map;            ///< gray: rms over the channels, and over cells of cell_px × cell_px pixels of the picture
};

struct LayerEnergies {
  int cell_px = 1;
  std::vector<LayerEnergy> layers;
};

/// Denoises the frame once and looks at each convolution stage meanwhile. The figures are of the padded picture, as the
/// network sees it, and do not depend on the tiles beyond rounding. Where the network takes the frame channel by
/// channel, all channels count together. Memory is that of denoising and the maps.
///
/// longest_map_px  at least 1: no side of a map is longer, and cells are as small as that allows
/// throws          Error{invalid_argument} for longest_map_px below 1, Error{unsupported} for yuv; else as Denoiser
[[nodiscard]] LayerEnergies layer_energies(const Model& model, const ConstFrameView& src, const NoiseProfile& noise,
                                           const DenoiseOptions& options = {}, int longest_map_px = 256);

}  // namespace rdenoise
