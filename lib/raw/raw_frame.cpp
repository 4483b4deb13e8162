// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/raw.hpp>

namespace rdenoise {
namespace {

template <typename Byte>
BasicFrameView<Byte> view_of(const RawFrame& frame, Byte* data) {
  constexpr std::ptrdiff_t sample_bytes = sizeof(std::uint16_t);
  const std::ptrdiff_t row_bytes = frame.width_px * sample_bytes;
  const FrameLevels levels = to_frame_levels(frame.metadata);
  BasicFrameView<Byte> view{ColorModel::bayer, frame.width_px, frame.height_px, frame.cfa, 4, {}};
  for (int site = 0; site < 4; ++site) {
    const int x = site % 2;
    const int y = site / 2;
    view.channels[site] = {data + y * row_bytes + x * sample_bytes,
                           (frame.width_px + 1 - x) / 2,
                           (frame.height_px + 1 - y) / 2,
                           2 * row_bytes,
                           2 * sample_bytes,
                           SampleFormat{SampleType::u16, frame.bit_depth, 0},
                           levels.channels[site]};
  }
  return view;
}

}  // namespace

FrameView RawFrame::view() noexcept { return view_of(*this, reinterpret_cast<std::byte*>(mosaic.data())); }

ConstFrameView RawFrame::view() const noexcept {
  return view_of(*this, reinterpret_cast<const std::byte*>(mosaic.data()));
}

FrameLevels to_frame_levels(const RawMetadata& metadata) noexcept {
  FrameLevels levels;
  for (int site = 0; site < 4; ++site) {
    levels.channels[site] = {metadata.black_level_dn[site], metadata.white_level_dn};
  }
  return levels;
}

}  // namespace rdenoise
