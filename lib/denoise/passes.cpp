// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise/passes.hpp"

#include <algorithm>

namespace rdenoise {
namespace {

CellNoise everywhere(const NoiseModel& noise) { return {noise, noise, noise, noise}; }

template <typename Byte>
BasicPicture<Byte> one_channel(const BasicFrameView<Byte>& frame, int channel) {
  const auto& view = frame.channels[channel];
  return {view.width_px, view.height_px, PlaneLayout::planar, 1, {view}};
}

template <typename Byte>
BasicPicture<Byte> whole(const BasicFrameView<Byte>& frame, InputDomain domain) {
  if (domain == InputDomain::yuv420) {
    const auto& chroma = frame.channels[1];
    return {chroma.width_px, chroma.height_px, PlaneLayout::yuv420_cells, image_channels_of(domain), frame.channels};
  }
  if (domain == InputDomain::bayer) return {frame.width_px, frame.height_px, PlaneLayout::mosaic, 1, frame.channels};
  return {frame.width_px, frame.height_px, PlaneLayout::planar, frame.channel_count, frame.channels};
}

}  // namespace

PassList split_into_passes(const NetworkSpec& spec, int alignment_px, const ConstFrameView& src, const FrameView& dst,
                           const NoiseProfile& noise) {
  PassList list;
  const auto noise_of = [&](int channel, CfaPattern cfa) {
    return channel_noise(noise, src.color_model, cfa, channel);
  };
  if (spec.params.input == InputDomain::gray) {
    for (int c = 0; c < src.channel_count; ++c) {
      // A mosaic of one column or row lacks some sites.
      if (src.channels[c].width_px == 0 || src.channels[c].height_px == 0) continue;
      Pass& pass = list.passes[list.count++];
      pass.src = one_channel(src, c);
      pass.dst = one_channel(dst, c);
      pass.padding = pad_to_alignment(pass.src.width_px, pass.src.height_px, alignment_px);
      pass.noise[0] = everywhere(noise_of(c, src.cfa));
      pass.cell_px = 2 * pass.src.width_px > src.width_px + 1 ? 2 : 1;
    }
    return list;
  }
  Pass& pass = list.passes[list.count++];
  pass.src = whole(src, spec.params.input);
  pass.dst = whole(dst, spec.params.input);
  pass.cell_px = 2 / cell_edge_px(spec.params.input);
  if (spec.params.input == InputDomain::bayer) {
    pass.padding = pad_mosaic(src.width_px, src.height_px, src.cfa, alignment_px);
    for (int site = 0; site < 4; ++site) pass.noise[0][site] = noise_of(site, CfaPattern::rggb);
    return list;
  }
  pass.padding = pad_to_alignment(pass.src.width_px, pass.src.height_px, alignment_px);
  for (int plane = 0; plane < pass.src.plane_count; ++plane) {
    // Of six planes the first four are luma.
    const int channel = spec.params.input == InputDomain::yuv420 ? std::max(plane - 3, 0) : plane;
    pass.noise[plane] = everywhere(noise_of(channel, src.cfa));
  }
  return list;
}

}  // namespace rdenoise
