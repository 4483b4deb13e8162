// SPDX-License-Identifier: LGPL-2.1-or-later
// What a network sees of a frame: some of its channels, padded to a size that the network can take. The padded picture
// is never stored; windows of it are gathered from the frame's rows and scattered back.
#pragma once

#include <rdenoise/image.hpp>
#include <rdenoise/network.hpp>
#include <rdenoise/tiles.hpp>
#include <span>

namespace rdenoise {

/// How channels make planes.
enum class PlaneLayout {
  planar,       ///< each channel is a plane
  mosaic,       ///< one plane, woven from the four sites of its cell
  yuv420_cells  ///< six planes at half the frame's size, rounded up: the phases of luma, row by row, then U, V
};

/// Most planes that a network takes together.
inline constexpr int max_planes = 6;

/// Planes of one size that a network takes together.
template <typename Byte>
struct BasicPicture {
  int width_px = 0;   ///< of a plane
  int height_px = 0;  ///< of a plane
  PlaneLayout layout = PlaneLayout::planar;
  int plane_count = 1;
  std::array<BasicChannelView<Byte>, max_channels> channels;
};
using Picture = BasicPicture<std::byte>;
using ConstPicture = BasicPicture<const std::byte>;

enum class BorderRule {
  replicate,  ///< a a a | a b c: FFDNet's own (ReplicationPad2d); for yuv420 by cells, once luma has filled them
  reflect     ///< c b | a b c, without repeating the edge: keeps the colours of a mosaic in phase
};

/// How a picture lies in its padded picture.
struct Padding {
  int left_px = 0;
  int top_px = 0;
  int padded_width_px = 0;
  int padded_height_px = 0;
  BorderRule rule = BorderRule::replicate;
  bool operator==(const Padding&) const = default;
};

/// Pads right and bottom to multiples of alignment_px.
[[nodiscard]] Padding pad_to_alignment(int width_px, int height_px, int alignment_px);

/// Pads a mosaic so that red lies at (0, 0) of the padded picture, which is a multiple of alignment_px and of the cell.
[[nodiscard]] Padding pad_mosaic(int width_px, int height_px, CfaPattern cfa, int alignment_px);

/// The pixel of a line of `size` pixels that stands at `index` of its padded line.
[[nodiscard]] int folded_index(int index, int size, BorderRule rule) noexcept;

/// A place in a tensor.
struct TensorPlace {
  int x_px = 0;
  int y_px = 0;
};

/// Reads `window` of the padded picture as normalised signal.
///
/// window   in pixels of the padded picture
/// dst      [plane_count, ≥ window height, ≥ window width]
/// place    where in dst the window goes
/// scratch  at least half the window's width, rounded up
void gather(const ConstPicture& src, const Padding& padding, const Rect& window, TensorView dst, TensorPlace place,
            std::span<float> scratch);

/// Writes what the tile's core holds of the picture itself.
///
/// src      [plane_count, window height, window width]
/// scratch  as gather's
void scatter(ConstTensorView src, const Padding& padding, const Tile& tile, const Picture& dst,
             std::span<float> scratch);

}  // namespace rdenoise
