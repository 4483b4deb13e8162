// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures in memory: views on foreign memory (any stride, packing and bit depth) and an owning float image.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace rdenoise {

enum class SampleType { u8, u16, f32 };

/// How one sample is stored. A u16 sample holds `bit_depth` bits, shifted up by `shift_bits` (6 for P010).
/// f32 samples are already normalised signal; their levels are ignored.
struct SampleFormat {
  SampleType type = SampleType::f32;
  int bit_depth = 32;
  int shift_bits = 0;
  bool operator==(const SampleFormat&) const = default;
};

[[nodiscard]] constexpr int sample_size_bytes(SampleType type) noexcept {
  return type == SampleType::u8 ? 1 : type == SampleType::u16 ? 2 : 4;
}

/// The stored numbers (DN) that stand for signal 0 and signal 1: signal = (dn − black) / (white − black).
struct Levels {
  float black_dn = 0.F;
  float white_dn = 1.F;
  bool operator==(const Levels&) const = default;
};

/// One channel of a picture in somebody else's memory. Pixel (x, y) lies at
/// data + y·row_stride_bytes + x·pixel_stride_bytes; so interleaved, subsampled and mosaic channels are all views.
template <typename Byte>
struct BasicChannelView {
  Byte* data = nullptr;
  int width_px = 0;
  int height_px = 0;
  std::ptrdiff_t row_stride_bytes = 0;
  std::ptrdiff_t pixel_stride_bytes = 0;
  SampleFormat sample;
  Levels levels;

  operator BasicChannelView<const std::byte>() const requires(!std::is_const_v<Byte>) {
    return {data, width_px, height_px, row_stride_bytes, pixel_stride_bytes, sample, levels};
  }
};
using ChannelView = BasicChannelView<std::byte>;
using ConstChannelView = BasicChannelView<const std::byte>;

/// Reads dst.size() pixels of row y from x_px on as normalised signal; nothing is clipped.
/// x_px ≥ 0 and x_px + dst.size() ≤ width are the caller's duty (asserted).
void read_row(const ConstChannelView& src, int y_px, int x_px, std::span<float> dst);

/// Writes normalised signal to row y; integer samples are rounded to nearest and clipped to their bit depth.
void write_row(const ChannelView& dst, int y_px, int x_px, std::span<const float> src);

enum class ColorModel { gray, yuv, rgb, bayer };

[[nodiscard]] std::string_view to_string(ColorModel model) noexcept;

/// Colours of the 2×2 cell, row by row.
enum class CfaPattern { rggb, grbg, gbrg, bggr };

[[nodiscard]] std::string_view to_string(CfaPattern pattern) noexcept;

/// Colour (0 R, 1 G, 2 B) at column x, row y of a mosaic.
[[nodiscard]] int cfa_color_at(CfaPattern pattern, int x, int y) noexcept;

/// Column (0 or 1) and row (0 or 1) of the red site of the 2×2 cell.
struct CfaPhase {
  int x_px;
  int y_px;
};
[[nodiscard]] CfaPhase red_phase(CfaPattern pattern) noexcept;

/// The pattern seen when the picture's origin moves by (dx, dy) pixels.
[[nodiscard]] CfaPattern shifted(CfaPattern pattern, int dx_px, int dy_px) noexcept;

inline constexpr int max_channels = 4;

/// A whole picture in somebody else's memory. Channels by colour model:
/// gray {Y}; yuv {Y, U, V}, chroma possibly smaller; rgb {R, G, B}; bayer the four sites of the 2×2 cell in the
/// order (0,0) (1,0) (0,1) (1,1) (x, y), each a view with doubled strides (odd sizes: sites differ in size).
/// Alpha is no channel: nothing in the library touches it.
template <typename Byte>
struct BasicFrameView {
  ColorModel color_model = ColorModel::gray;
  int width_px = 0;
  int height_px = 0;
  CfaPattern cfa = CfaPattern::rggb;  ///< bayer only
  int channel_count = 0;
  std::array<BasicChannelView<Byte>, max_channels> channels;

  operator BasicFrameView<const std::byte>() const requires(!std::is_const_v<Byte>) {
    BasicFrameView<const std::byte> view{color_model, width_px, height_px, cfa, channel_count, {}};
    for (int c = 0; c < max_channels; ++c) view.channels[c] = channels[c];
    return view;
  }
};
using FrameView = BasicFrameView<std::byte>;
using ConstFrameView = BasicFrameView<const std::byte>;

/// Where one channel of a memory format lies.
struct ChannelLayout {
  int plane = 0;
  int offset_bytes = 0;
  int pixel_stride_bytes = 1;
  int log2_subsampling_x = 0;
  int log2_subsampling_y = 0;
};

/// A memory format under its GStreamer name. Bayer formats have one channel here: the mosaic.
struct PixelFormat {
  std::string_view name;
  ColorModel color_model;
  SampleFormat sample;
  int plane_count;
  int channel_count;
  std::array<ChannelLayout, 3> channels;
  bool has_alpha = false;
  CfaPattern cfa = CfaPattern::rggb;
};

/// Every format that the project handles: GRAY8, GRAY16_LE, I420, YV12, NV12, Y42B, Y444, I420_10LE, P010_10LE, RGB,
/// BGR, RGBx, BGRx, xRGB, xBGR, RGBA, BGRA, ARGB, ABGR, RGBA64_LE, ARGB64_LE, and the bayer names of GStreamer ≥ 1.24
/// (rggb, rggb10le, … in all four phases at 8, 10, 12, 14, 16 bit).
[[nodiscard]] std::span<const PixelFormat> pixel_formats() noexcept;

/// nullptr if no such format.
[[nodiscard]] const PixelFormat* find_pixel_format(std::string_view gstreamer_name) noexcept;

/// Levels of a frame. rgb and gray use luma for every channel; bayer has one pair per site of the 2×2 cell.
struct FrameLevels {
  std::array<Levels, max_channels> channels;
};

/// Full range: 0 … 2^depth − 1. Limited range: 16 … 235 for luma, gray and rgb, 16 … 240 for chroma, times
/// 2^(depth − 8); so neutral chroma is signal 0.5. Bayer has full range always.
[[nodiscard]] FrameLevels default_levels(const PixelFormat& format, bool limited_range) noexcept;

template <typename Byte>
struct BasicPlaneMemory {
  Byte* data = nullptr;
  std::ptrdiff_t stride_bytes = 0;
};
using PlaneMemory = BasicPlaneMemory<std::byte>;
using ConstPlaneMemory = BasicPlaneMemory<const std::byte>;

/// Lays a frame view over plane memory.
/// throws  Error{invalid_argument} if the number of planes or a size does not fit the format
[[nodiscard]] FrameView make_frame_view(const PixelFormat& format, int width_px, int height_px,
                                        std::span<const PlaneMemory> planes, const FrameLevels& levels);
[[nodiscard]] ConstFrameView make_frame_view(const PixelFormat& format, int width_px, int height_px,
                                             std::span<const ConstPlaneMemory> planes, const FrameLevels& levels);

/// An owning picture of normalised float samples, planar: [plane, height, width]. Bayer is one plane, the mosaic.
/// yuv is not held in an Image.
class Image {
 public:
  Image() = default;
  /// throws  Error{invalid_argument} for sizes below 1 or yuv
  Image(ColorModel color_model, int width_px, int height_px, CfaPattern cfa = CfaPattern::rggb);

  [[nodiscard]] ColorModel color_model() const noexcept { return color_model_; }
  [[nodiscard]] CfaPattern cfa() const noexcept { return cfa_; }
  [[nodiscard]] int width_px() const noexcept { return width_px_; }
  [[nodiscard]] int height_px() const noexcept { return height_px_; }
  [[nodiscard]] int plane_count() const noexcept { return color_model_ == ColorModel::rgb ? 3 : 1; }
  [[nodiscard]] std::span<float> plane(int index) noexcept;
  [[nodiscard]] std::span<const float> plane(int index) const noexcept;
  [[nodiscard]] std::span<float> samples() noexcept { return samples_; }
  [[nodiscard]] std::span<const float> samples() const noexcept { return samples_; }
  [[nodiscard]] float& at(int plane_index, int x_px, int y_px) noexcept {
    return samples_[(static_cast<std::size_t>(plane_index) * height_px_ + y_px) * width_px_ + x_px];
  }
  [[nodiscard]] float at(int plane_index, int x_px, int y_px) const noexcept {
    return samples_[(static_cast<std::size_t>(plane_index) * height_px_ + y_px) * width_px_ + x_px];
  }
  [[nodiscard]] FrameView view() noexcept;
  [[nodiscard]] ConstFrameView view() const noexcept;

 private:
  ColorModel color_model_ = ColorModel::gray;
  CfaPattern cfa_ = CfaPattern::rggb;
  int width_px_ = 0;
  int height_px_ = 0;
  std::vector<float> samples_;
};

}  // namespace rdenoise
