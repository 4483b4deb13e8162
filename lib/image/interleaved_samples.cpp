// SPDX-License-Identifier: LGPL-2.1-or-later
#include "image/interleaved_samples.hpp"

namespace rdenoise {
namespace {

template <typename Byte, typename Samples>
BasicChannelView<Byte> channel_view(Samples& samples, int channel) {
  return {samples.bytes.data() + static_cast<std::ptrdiff_t>(channel) * sample_size_bytes(samples.sample.type),
          samples.width_px,
          samples.height_px,
          static_cast<std::ptrdiff_t>(samples.row_bytes()),
          static_cast<std::ptrdiff_t>(samples.pixel_bytes()),
          samples.sample,
          samples.levels};
}

void read_plane(const InterleavedSamples& samples, int channel, std::span<float> plane) {
  const auto view = channel_view<const std::byte>(samples, channel);
  const std::size_t width = samples.width_px;
  for (int y = 0; y < samples.height_px; ++y) read_row(view, y, 0, plane.subspan(y * width, width));
}

void write_plane(InterleavedSamples& samples, int channel, std::span<const float> plane) {
  const auto view = channel_view<std::byte>(samples, channel);
  const std::size_t width = samples.width_px;
  for (int y = 0; y < samples.height_px; ++y) write_row(view, y, 0, plane.subspan(y * width, width));
}

}  // namespace

InterleavedSamples make_interleaved(int width_px, int height_px, int channel_count, int bit_depth) {
  InterleavedSamples samples;
  samples.width_px = width_px;
  samples.height_px = height_px;
  samples.channel_count = channel_count;
  if (bit_depth <= 16) {
    samples.sample = {bit_depth <= 8 ? SampleType::u8 : SampleType::u16, bit_depth, 0};
    samples.levels = {0.F, static_cast<float>((1 << bit_depth) - 1)};
  }
  samples.bytes.resize(samples.row_bytes() * height_px);
  return samples;
}

Picture to_picture(const InterleavedSamples& samples) {
  const int color_count = samples.channel_count < 3 ? 1 : 3;
  Picture picture;
  picture.image = Image(color_count == 1 ? ColorModel::gray : ColorModel::rgb, samples.width_px, samples.height_px);
  for (int c = 0; c < color_count; ++c) read_plane(samples, c, picture.image.plane(c));
  if (samples.channel_count > color_count) {
    picture.alpha.emplace(ColorModel::gray, samples.width_px, samples.height_px);
    read_plane(samples, color_count, picture.alpha->plane(0));
  }
  picture.source_bit_depth = samples.sample.type == SampleType::u8    ? 8
                             : samples.sample.type == SampleType::u16 ? 16
                                                                      : 32;
  return picture;
}

InterleavedSamples from_image(const Image& image, int bit_depth) {
  InterleavedSamples samples = make_interleaved(image.width_px(), image.height_px(), image.plane_count(), bit_depth);
  for (int c = 0; c < image.plane_count(); ++c) write_plane(samples, c, image.plane(c));
  return samples;
}

InterleavedSamples from_picture(const Picture& picture, int bit_depth, bool keep_alpha) {
  const Image& image = picture.image;
  const bool has_alpha = keep_alpha && picture.alpha.has_value();
  InterleavedSamples samples =
      make_interleaved(image.width_px(), image.height_px(), image.plane_count() + (has_alpha ? 1 : 0), bit_depth);
  for (int c = 0; c < image.plane_count(); ++c) write_plane(samples, c, image.plane(c));
  if (has_alpha) write_plane(samples, image.plane_count(), picture.alpha->plane(0));
  return samples;
}

}  // namespace rdenoise
