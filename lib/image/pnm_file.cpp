// SPDX-License-Identifier: LGPL-2.1-or-later
// Binary PGM (P5) and PPM (P6): a header in words, then rows of bytes or big-endian 16-bit numbers.
#include <algorithm>
#include <cstring>
#include <string_view>

#include "image/interleaved_samples.hpp"
#include "image/output_file.hpp"
#include "image/picture_formats.hpp"

namespace rdenoise {
namespace {

bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

class HeaderReader {
 public:
  explicit HeaderReader(const PictureSource& source)
      : source_(source), text_(reinterpret_cast<const char*>(source.bytes.data()), source.bytes.size()) {}

  /// The next number, after blanks and comments.
  unsigned number() {
    skip_blanks();
    constexpr unsigned limit = 1U << 24;
    unsigned value = 0;
    const std::size_t first = position_;
    while (position_ < text_.size() && text_[position_] >= '0' && text_[position_] <= '9' && value < limit) {
      value = value * 10 + static_cast<unsigned>(text_[position_++] - '0');
    }
    if (position_ == first || position_ == text_.size() || !is_space(text_[position_])) {
      throw_corrupt(source_, "no whole number in the header");
    }
    return value;
  }

  /// Where the pixels start: exactly one blank after the last number.
  [[nodiscard]] std::size_t raster_offset() const noexcept { return position_ + 1; }

 private:
  void skip_blanks() {
    while (position_ < text_.size() && (is_space(text_[position_]) || text_[position_] == '#')) {
      if (text_[position_] == '#') position_ = std::min(text_.find('\n', position_), text_.size() - 1);
      ++position_;
    }
  }

  const PictureSource& source_;
  std::string_view text_;
  std::size_t position_ = 2;  // after "P5" or "P6"
};

void swap_bytes(std::span<std::byte> samples) {
  for (std::size_t i = 0; i + 1 < samples.size(); i += 2) std::swap(samples[i], samples[i + 1]);
}

}  // namespace

Picture read_pnm(const PictureSource& source) {
  HeaderReader header(source);
  const unsigned width_px = header.number();
  const unsigned height_px = header.number();
  const unsigned max_dn = header.number();
  if (max_dn < 1 || max_dn > 65535) {
    throw_corrupt(source, "a largest value of " + std::to_string(max_dn) + " (expected 1 to 65535)");
  }
  const int channel_count = source.bytes[1] == std::byte{'5'} ? 1 : 3;
  const std::size_t sample_bytes = max_dn < 256 ? 1 : 2;
  check_picture_size(source, width_px, height_px, 8 * channel_count * sample_bytes, 1);
  const std::size_t raster_bytes = std::size_t{width_px} * height_px * channel_count * sample_bytes;
  const std::span<const std::byte> raster = source.bytes.subspan(std::min(header.raster_offset(), source.bytes.size()));
  if (raster.size() < raster_bytes) {
    throw_corrupt(source,
                  std::to_string(raster.size()) + " bytes of pixels instead of " + std::to_string(raster_bytes));
  }
  InterleavedSamples samples = make_interleaved(static_cast<int>(width_px), static_cast<int>(height_px), channel_count,
                                                static_cast<int>(8 * sample_bytes));
  std::memcpy(samples.bytes.data(), raster.data(), raster_bytes);
  if (sample_bytes == 2) swap_bytes(samples.bytes);
  samples.levels.white_dn = static_cast<float>(max_dn);
  return to_picture(samples);
}

void write_pnm(const PictureTarget& target, const Picture& picture, int bit_depth) {
  InterleavedSamples samples = from_picture(picture, bit_depth, false);
  if (bit_depth == 16) swap_bytes(samples.bytes);
  const std::string header = std::string(samples.channel_count == 1 ? "P5" : "P6") + "\n" +
                             std::to_string(samples.width_px) + " " + std::to_string(samples.height_px) + "\n" +
                             (bit_depth == 16 ? "65535" : "255") + "\n";
  OutputFile file(target.path, target.name);
  if (std::fwrite(header.data(), 1, header.size(), file.get()) != header.size() ||
      std::fwrite(samples.bytes.data(), 1, samples.bytes.size(), file.get()) != samples.bytes.size()) {
    throw_write_error(target.name, "the file could not take all bytes");
  }
  file.close();
}

}  // namespace rdenoise
