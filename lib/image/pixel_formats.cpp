// SPDX-License-Identifier: LGPL-2.1-or-later
// The table of memory formats, under GStreamer's names.
#include <algorithm>
#include <rdenoise/image.hpp>

namespace rdenoise {
namespace {

constexpr SampleFormat u8_sample{SampleType::u8, 8, 0};

constexpr SampleFormat u16_sample(int bit_depth, int shift_bits = 0) {
  return {SampleType::u16, bit_depth, shift_bits};
}

constexpr PixelFormat gray(std::string_view name, SampleFormat sample) {
  return {name, ColorModel::gray, sample, 1, 1, {{{0, 0, sample_size_bytes(sample.type)}}}};
}

/// Three planes; `u_plane` is 2 where V comes first.
constexpr PixelFormat planar_yuv(std::string_view name, SampleFormat sample, int log2_x, int log2_y, int u_plane = 1) {
  const int size = sample_size_bytes(sample.type);
  return {name,   ColorModel::yuv,
          sample, 3,
          3,      {{{0, 0, size}, {u_plane, 0, size, log2_x, log2_y}, {3 - u_plane, 0, size, log2_x, log2_y}}}};
}

/// A luma plane and one plane of U, V pairs, both halved in x and y.
constexpr PixelFormat semiplanar_yuv(std::string_view name, SampleFormat sample) {
  const int size = sample_size_bytes(sample.type);
  return {name, ColorModel::yuv, sample, 2, 3, {{{0, 0, size}, {1, 0, 2 * size, 1, 1}, {1, size, 2 * size, 1, 1}}}};
}

/// Positions of R, G, B among the `count` samples of a pixel.
constexpr PixelFormat packed_rgb(std::string_view name, SampleFormat sample, int count, int r, int g, int b,
                                 bool has_alpha = false) {
  const int size = sample_size_bytes(sample.type);
  return {name,     ColorModel::rgb,
          sample,   1,
          3,        {{{0, r * size, count * size}, {0, g * size, count * size}, {0, b * size, count * size}}},
          has_alpha};
}

constexpr PixelFormat bayer(std::string_view name, SampleFormat sample, CfaPattern cfa) {
  return {name, ColorModel::bayer, sample, 1, 1, {{{0, 0, sample_size_bytes(sample.type)}}}, false, cfa};
}

constexpr std::array formats = {
    gray("GRAY8", u8_sample),
    gray("GRAY16_LE", u16_sample(16)),
    planar_yuv("I420", u8_sample, 1, 1),
    planar_yuv("YV12", u8_sample, 1, 1, 2),
    semiplanar_yuv("NV12", u8_sample),
    planar_yuv("Y42B", u8_sample, 1, 0),
    planar_yuv("Y444", u8_sample, 0, 0),
    planar_yuv("I420_10LE", u16_sample(10), 1, 1),
    semiplanar_yuv("P010_10LE", u16_sample(10, 6)),
    packed_rgb("RGB", u8_sample, 3, 0, 1, 2),
    packed_rgb("BGR", u8_sample, 3, 2, 1, 0),
    packed_rgb("RGBx", u8_sample, 4, 0, 1, 2),
    packed_rgb("BGRx", u8_sample, 4, 2, 1, 0),
    packed_rgb("xRGB", u8_sample, 4, 1, 2, 3),
    packed_rgb("xBGR", u8_sample, 4, 3, 2, 1),
    packed_rgb("RGBA", u8_sample, 4, 0, 1, 2, true),
    packed_rgb("BGRA", u8_sample, 4, 2, 1, 0, true),
    packed_rgb("ARGB", u8_sample, 4, 1, 2, 3, true),
    packed_rgb("ABGR", u8_sample, 4, 3, 2, 1, true),
    packed_rgb("RGBA64_LE", u16_sample(16), 4, 0, 1, 2, true),
    packed_rgb("ARGB64_LE", u16_sample(16), 4, 1, 2, 3, true),
    bayer("rggb", u8_sample, CfaPattern::rggb),
    bayer("grbg", u8_sample, CfaPattern::grbg),
    bayer("gbrg", u8_sample, CfaPattern::gbrg),
    bayer("bggr", u8_sample, CfaPattern::bggr),
    bayer("rggb10le", u16_sample(10), CfaPattern::rggb),
    bayer("grbg10le", u16_sample(10), CfaPattern::grbg),
    bayer("gbrg10le", u16_sample(10), CfaPattern::gbrg),
    bayer("bggr10le", u16_sample(10), CfaPattern::bggr),
    bayer("rggb12le", u16_sample(12), CfaPattern::rggb),
    bayer("grbg12le", u16_sample(12), CfaPattern::grbg),
    bayer("gbrg12le", u16_sample(12), CfaPattern::gbrg),
    bayer("bggr12le", u16_sample(12), CfaPattern::bggr),
    bayer("rggb14le", u16_sample(14), CfaPattern::rggb),
    bayer("grbg14le", u16_sample(14), CfaPattern::grbg),
    bayer("gbrg14le", u16_sample(14), CfaPattern::gbrg),
    bayer("bggr14le", u16_sample(14), CfaPattern::bggr),
    bayer("rggb16le", u16_sample(16), CfaPattern::rggb),
    bayer("grbg16le", u16_sample(16), CfaPattern::grbg),
    bayer("gbrg16le", u16_sample(16), CfaPattern::gbrg),
    bayer("bggr16le", u16_sample(16), CfaPattern::bggr),
};

}  // namespace

std::span<const PixelFormat> pixel_formats() noexcept { return formats; }

const PixelFormat* find_pixel_format(std::string_view gstreamer_name) noexcept {
  const auto* const found = std::ranges::find(formats, gstreamer_name, &PixelFormat::name);
  return found == formats.end() ? nullptr : &*found;
}

FrameLevels default_levels(const PixelFormat& format, bool limited_range) noexcept {
  const Levels full{0.F, static_cast<float>((1 << format.sample.bit_depth) - 1)};
  FrameLevels levels{{full, full, full, full}};
  if (!limited_range || format.color_model == ColorModel::bayer) return levels;
  const auto step = static_cast<float>(1 << (format.sample.bit_depth - 8));
  levels.channels.fill({16.F * step, 235.F * step});
  if (format.color_model == ColorModel::yuv) levels.channels[1] = levels.channels[2] = {16.F * step, 240.F * step};
  return levels;
}

}  // namespace rdenoise
