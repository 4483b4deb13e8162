// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/camera_chain.hpp"

#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <string>

#include "base/vector_clones.hpp"
#include "isp/smoothstep.hpp"

namespace rdenoise {
namespace {

RDENOISE_VECTOR_CLONES void clip_to_unit(float* samples, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const float above = samples[i] > 0.F ? samples[i] : 0.F;  // NaN: 0
    samples[i] = above < 1.F ? above : 1.F;
  }
}

RDENOISE_VECTOR_CLONES void multiply(float* samples, std::size_t count, float gain) {
  for (std::size_t i = 0; i < count; ++i) samples[i] *= gain;
}

RDENOISE_VECTOR_CLONES void multiply_and_clip(float* samples, std::size_t count, float gain) {
  for (std::size_t i = 0; i < count; ++i) {
    const float scaled = samples[i] * gain;
    samples[i] = scaled < 1.F ? scaled : 1.F;
  }
}

/// Brooks et al., section 3.4: gains below 1 fade to 1 as the mean of the colours goes from 0.9 to 1.
RDENOISE_VECTOR_CLONES void invert_gains_keeping_highlights(const std::array<float, 3>& inverse_gains,
                                                            float* __restrict red, float* __restrict green,
                                                            float* __restrict blue, std::size_t count) {
  constexpr float knee = 0.9F;
  const std::array<float, 3> gains = inverse_gains;
  for (std::size_t i = 0; i < count; ++i) {
    const float mean = (red[i] + green[i] + blue[i]) * (1.F / 3.F);
    const float above = std::max(mean - knee, 0.F) * (1.F / (1.F - knee));
    const float mask = above * above;
    red[i] *= std::max(mask + (1.F - mask) * gains[0], gains[0]);
    green[i] *= std::max(mask + (1.F - mask) * gains[1], gains[1]);
    blue[i] *= std::max(mask + (1.F - mask) * gains[2], gains[2]);
  }
}

std::array<float, 3> checked_gains(const CameraParameters& parameters) {
  constexpr float max_exposure_ev = 16.F;
  if (!(std::abs(parameters.exposure_ev) <= max_exposure_ev)) {
    throw Error(ErrorCode::invalid_argument, "simulating a camera: expected an exposure of -16 to 16 EV, found " +
                                                 std::to_string(parameters.exposure_ev));
  }
  std::array<float, 3> gains = parameters.gains;
  for (float& gain : gains) {
    if (!(gain > 1e-3F && gain < 1e3F)) {
      throw Error(ErrorCode::invalid_argument,
                  "simulating a camera: expected gains of 0.001 to 1000, found " + std::to_string(gain));
    }
    gain *= std::exp2(parameters.exposure_ev);
  }
  return gains;
}

}  // namespace

CameraChain::CameraChain(const CameraParameters& parameters)
    : response_(parameters.response),
      smoothstep_(parameters.smoothstep),
      keeps_highlights_(parameters.keeps_highlights),
      balance_gains_(checked_gains(parameters)),
      camera_to_srgb_(parameters.camera_to_srgb),
      srgb_to_camera_(inverse(parameters.camera_to_srgb)) {}

void CameraChain::unprocess(const ColorRows& rows) const {
  const std::size_t count = rows[0].size();
  for (const auto& row : rows) {
    clip_to_unit(row.data(), count);
    if (smoothstep_) inverse_smoothstep_row(row);
    response_.to_irradiance(row);
  }
  apply_color_matrix(srgb_to_camera_, rows[0].data(), rows[1].data(), rows[2].data(), count);
  std::array<float, 3> inverse_gains;
  for (int c = 0; c < 3; ++c) inverse_gains[c] = 1.F / balance_gains_[c];
  if (keeps_highlights_) {
    invert_gains_keeping_highlights(inverse_gains, rows[0].data(), rows[1].data(), rows[2].data(), count);
  } else {
    for (int c = 0; c < 3; ++c) multiply(rows[c].data(), count, inverse_gains[c]);
  }
}

void CameraChain::balance(const ColorRows& rows) const {
  for (int c = 0; c < 3; ++c) scale_and_clip(rows[c], balance_gains_[c]);
}

void CameraChain::render(const ColorRows& rows) const {
  apply_color_matrix(camera_to_srgb_, rows[0].data(), rows[1].data(), rows[2].data(), rows[0].size());
  for (const auto& row : rows) encode(row);
}

void CameraChain::encode(std::span<float> samples) const {
  response_.to_brightness(samples);
  clip_to_unit(samples.data(), samples.size());
  if (smoothstep_) smoothstep_row(samples);
}

void scale_and_clip(std::span<float> samples, float gain) { multiply_and_clip(samples.data(), samples.size(), gain); }

}  // namespace rdenoise
