// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/quality_hints.hpp"

#include <rdenoise/residual.hpp>
#include <vector>

namespace rdn {
namespace {

/// The variance that the profile expects in this picture, from each eighth row of each channel.
double mean_variance(const rdenoise::ConstFrameView& frame, const rdenoise::NoiseProfile& noise) {
  constexpr int row_step = 8;
  double sum = 0.0;
  double count = 0.0;
  std::vector<float> row;
  for (int c = 0; c < frame.channel_count; ++c) {
    const rdenoise::ConstChannelView& channel = frame.channels[c];
    const rdenoise::NoiseModel& model = rdenoise::channel_noise(noise, frame.color_model, frame.cfa, c);
    row.resize(static_cast<std::size_t>(channel.width_px));
    for (int y = 0; y < channel.height_px; y += row_step) {
      rdenoise::read_row(channel, y, 0, row);
      for (const float signal : row) sum += model.variance(static_cast<double>(signal));
      count += channel.width_px;
    }
  }
  return count > 0.0 ? sum / count : 0.0;
}

}  // namespace

Json quality_hints(const rdenoise::ConstFrameView& noisy, const rdenoise::ConstFrameView& denoised,
                   const rdenoise::NoiseProfile& noise) {
  const rdenoise::ResidualWhiteness residual = rdenoise::residual_whiteness(noisy, denoised);
  const double expected = mean_variance(denoised, noise);
  return {{"residual_sigma_8bit", residual.sigma * 255.0},
          {"removed_share", expected > 0.0 ? Json(residual.sigma * residual.sigma / expected) : Json(nullptr)},
          {"autocorrelation_x", residual.autocorrelation_x},
          {"autocorrelation_y", residual.autocorrelation_y},
          {"autocorrelation_xy", residual.autocorrelation_xy},
          {"structure_share", residual.structure_share}};
}

}  // namespace rdn
