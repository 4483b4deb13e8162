// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames, networks and denoisers for the tests of the denoise layer.
#pragma once

#include <memory>
#include <random>
#include <rdenoise/image.hpp>
#include <rdenoise/noise.hpp>
#include <rdenoise/yuv420.hpp>
#include <vector>

#include "denoise/frame_denoiser.hpp"
#include "lib/denoise/fake_executor.hpp"
#include "lib/network/random_weights.hpp"

namespace rdenoise::test {

/// Uniform numbers a little beyond 0 … 1: no value may be like another's.
inline Image random_picture(ColorModel model, int width_px, int height_px, CfaPattern cfa = CfaPattern::rggb) {
  Image image(model, width_px, height_px, cfa);
  std::mt19937 generator(static_cast<unsigned>(width_px * 1009 + height_px));
  std::uniform_real_distribution<float> uniform(-0.1F, 1.1F);
  for (float& sample : image.samples()) sample = uniform(generator);
  return image;
}

/// A copy of an f32 channel as a gray picture.
inline Image as_gray(const ConstChannelView& channel) {
  Image gray(ColorModel::gray, channel.width_px, channel.height_px);
  for (int y = 0; y < channel.height_px; ++y)
    read_row(channel, y, 0, gray.plane(0).subspan(static_cast<std::size_t>(y) * channel.width_px, channel.width_px));
  return gray;
}

/// A random 4:2:0 frame.
struct Yuv420 : Yuv420Picture {
  Yuv420(int width_px, int height_px) : Yuv420Picture(width_px, height_px) {
    for (Image& plane : planes) plane = random_picture(ColorModel::gray, plane.width_px(), plane.height_px());
    for (float& sample : planes[2].samples()) sample = 1.0F - sample;
  }
};

inline NoiseProfile different_noise(ColorModel model) {
  NoiseProfile profile;
  profile.channel_count = profile_channel_count(model);
  profile.confidence = 1.0;
  for (int c = 0; c < profile.channel_count; ++c) profile.channels[c] = {0.002 * (c + 1), 0.0004 * (c + 1)};
  return profile;
}

inline NetworkSpec ffdnet(InputDomain input, int depth = 3, int width = 8) {
  return build_network({.network = "ffdnet",
                        .input = input,
                        .image_channels = image_channels_of(input),
                        .depth = depth,
                        .width = width});
}

inline NetworkSpec dncnn(int depth = 3, int width = 8) {
  return build_network({.network = "dncnn", .image_channels = 1, .depth = depth, .width = width, .residual = true});
}

inline FrameDenoiser plain_denoiser(const NetworkSpec& spec, const DenoiseOptions& options) {
  return {"test", spec, make_plain_executor(spec, random_weights(spec, 5)), options};
}

inline FrameDenoiser fake_denoiser(const NetworkSpec& spec, Computation compute, const DenoiseOptions& options) {
  return {"test", spec, std::make_unique<FakeExecutor>(spec, std::move(compute)), options};
}

inline Image denoised(FrameDenoiser& denoiser, const Image& src, const NoiseProfile& noise) {
  Image dst(src.color_model(), src.width_px(), src.height_px(), src.cfa());
  denoiser.denoise(src.view(), dst.view(), noise);
  return dst;
}

inline std::vector<float> values(const Image& image) { return {image.samples().begin(), image.samples().end()}; }

/// Of Y, U and V, one after the other.
inline std::vector<float> values(const Yuv420& frame) {
  std::vector<float> all;
  for (const Image& plane : frame.planes) all.insert(all.end(), plane.samples().begin(), plane.samples().end());
  return all;
}

inline Yuv420 denoised(FrameDenoiser& denoiser, Yuv420& src, const NoiseProfile& noise) {
  Yuv420 dst = src;
  denoiser.denoise(src.view(), dst.view(), noise);
  return dst;
}

}  // namespace rdenoise::test
