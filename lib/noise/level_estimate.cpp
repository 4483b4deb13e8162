// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/level_estimate.hpp"

#include <algorithm>
#include <vector>

#include "noise/level_function_fit.hpp"

namespace rdenoise {
namespace {

// Sites of the mosaic that have one colour are measured as one channel.
SpectrumSample sample_color(const ConstFrameView& frame, int color, int max_patches) {
  SpectrumSample all{{{}}, 1.0};
  int views = 0;
  for (int c = 0; c < frame.channel_count; ++c) {
    if (cfa_color_at(frame.cfa, c % 2, c / 2) == color) ++views;
  }
  for (int c = 0; c < frame.channel_count; ++c) {
    if (cfa_color_at(frame.cfa, c % 2, c / 2) != color) continue;
    SpectrumSample site = sample_spectra(std::span(&frame.channels[c], 1), max_patches / std::max(1, views));
    all.channels[0].insert(all.channels[0].end(), site.channels[0].begin(), site.channels[0].end());
    all.independent_share = std::min(all.independent_share, site.independent_share);
  }
  return all;
}

}  // namespace

LevelEstimate estimate_level_functions(const ConstFrameView& frame, int max_patches) {
  std::vector<LevelFunctionFit> fits;
  const auto add = [&](const SpectrumSample& sample) {
    const std::vector<LevelFunctionFit> more = fit_level_functions(sample);
    fits.insert(fits.end(), more.begin(), more.end());
  };
  if (frame.color_model == ColorModel::rgb) {
    // Edges show in all colours: together they tell better what is flat.
    add(sample_spectra(std::span(frame.channels).first(3), max_patches));
  } else if (frame.color_model == ColorModel::bayer) {
    for (int color = 0; color < 3; ++color) add(sample_color(frame, color, max_patches));
  } else {
    for (int c = 0; c < frame.channel_count; ++c) add(sample_spectra(std::span(&frame.channels[c], 1), max_patches));
  }
  NoiseProfile profile;
  profile.channel_count = profile_channel_count(frame.color_model);
  profile.confidence = 1.0;
  for (int c = 0; c < profile.channel_count; ++c) {
    profile.channels[c] = fits[c].model;
    profile.confidence = std::min(profile.confidence, fits[c].confidence);
  }
  const std::size_t telling = frame.color_model == ColorModel::rgb || frame.color_model == ColorModel::bayer ? 1 : 0;
  return {profile, is_colored(fits[telling].spectrum)};
}

}  // namespace rdenoise
