// SPDX-License-Identifier: LGPL-2.1-or-later
// TIFF through libtiff: the first picture of the file, in strips or tiles, 8 or 16 bit or 32-bit float.
#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "image/exif_orientation.hpp"
#include "image/interleaved_samples.hpp"
#include "image/picture_formats.hpp"
#include "image/tiff_handle.hpp"

namespace rdenoise {
namespace {

struct MemoryStream {
  std::span<const std::byte> bytes;
  std::uint64_t position = 0;
};

tmsize_t read_stream(thandle_t handle, void* dst, tmsize_t count) {
  auto* stream = static_cast<MemoryStream*>(handle);
  if (count < 0 || stream->position >= stream->bytes.size()) return 0;
  const std::size_t available = std::min<std::size_t>(count, stream->bytes.size() - stream->position);
  std::memcpy(dst, stream->bytes.data() + stream->position, available);
  stream->position += available;
  return static_cast<tmsize_t>(available);
}

tmsize_t write_stream(thandle_t, void*, tmsize_t) { return 0; }

toff_t seek_stream(thandle_t handle, toff_t offset, int whence) {
  auto* stream = static_cast<MemoryStream*>(handle);
  const toff_t base = whence == SEEK_CUR ? stream->position : whence == SEEK_END ? stream->bytes.size() : 0;
  return stream->position = base + offset;
}

int close_stream(thandle_t) { return 0; }

toff_t stream_size(thandle_t handle) { return static_cast<MemoryStream*>(handle)->bytes.size(); }

enum class Alpha { none, unassociated, associated };

struct TiffLayout {
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
  std::uint16_t samples_per_pixel = 1;
  std::uint16_t bits = 1;
  std::uint16_t sample_format = SAMPLEFORMAT_UINT;
  std::uint16_t photometric = PHOTOMETRIC_MINISBLACK;
  std::uint16_t compression = COMPRESSION_NONE;
  std::uint16_t planar_config = PLANARCONFIG_CONTIG;
  std::uint16_t orientation = ORIENTATION_TOPLEFT;
  Alpha alpha = Alpha::none;

  [[nodiscard]] int color_count() const noexcept { return photometric == PHOTOMETRIC_RGB ? 3 : 1; }
  [[nodiscard]] int kept_count() const noexcept { return color_count() + (alpha == Alpha::none ? 0 : 1); }
};

/// One strip or tile: its samples, and the part of the picture that they cover.
struct Chunk {
  int x_px;
  int y_px;
  int width_px;   ///< inside the picture
  int height_px;  ///< inside the picture
  int stored_width_px;
  int stored_height_px;
};

class TiffReader {
 public:
  explicit TiffReader(const PictureSource& source) : source_(source), stream_{source.bytes} {
    // More than any honest file of this size needs at once.
    const auto max_allocation_bytes = static_cast<tmsize_t>(source.bytes.size()) + (tmsize_t{1} << 28);
    tiff_ = open_tiff(message_, max_allocation_bytes, [this](TIFFOpenOptions* options) {
      return TIFFClientOpenExt(source_.name.c_str(), "rm", &stream_, read_stream, write_stream, seek_stream,
                               close_stream, stream_size, nullptr, nullptr, options);
    });
    if (!tiff_) throw_corrupt(source_, message_.data());
  }

  [[nodiscard]] Picture read() {
    read_layout();
    InterleavedSamples samples = make_interleaved(
        static_cast<int>(layout_.width_px), static_cast<int>(layout_.height_px), layout_.kept_count(), layout_.bits);
    read_chunks(samples);
    if (layout_.photometric == PHOTOMETRIC_MINISWHITE) std::swap(samples.levels.black_dn, samples.levels.white_dn);
    Picture picture = to_picture(samples);
    if (layout_.alpha == Alpha::associated) divide_by_alpha(picture);
    picture.icc_profile = icc_profile();
    if (layout_.orientation >= 2 && layout_.orientation <= 8) picture.exif = exif_with_orientation(layout_.orientation);
    return picture;
  }

 private:
  template <typename Value>
  void get(std::uint32_t tag, Value& value) {
    TIFFGetFieldDefaulted(tiff_.get(), tag, &value);
  }

  void read_layout() {
    get(TIFFTAG_IMAGEWIDTH, layout_.width_px);
    get(TIFFTAG_IMAGELENGTH, layout_.height_px);
    get(TIFFTAG_SAMPLESPERPIXEL, layout_.samples_per_pixel);
    get(TIFFTAG_BITSPERSAMPLE, layout_.bits);
    get(TIFFTAG_SAMPLEFORMAT, layout_.sample_format);
    get(TIFFTAG_PHOTOMETRIC, layout_.photometric);
    get(TIFFTAG_COMPRESSION, layout_.compression);
    get(TIFFTAG_PLANARCONFIG, layout_.planar_config);
    get(TIFFTAG_ORIENTATION, layout_.orientation);
    check_size(layout_.width_px, layout_.height_px);
    if (TIFFIsCODECConfigured(layout_.compression) == 0) {
      throw_unsupported(source_, "found the unknown compression " + std::to_string(layout_.compression));
    }
    if (layout_.photometric == PHOTOMETRIC_YCBCR && layout_.compression == COMPRESSION_JPEG) {
      TIFFSetField(tiff_.get(), TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
      layout_.photometric = PHOTOMETRIC_RGB;
    }
    const bool integers = (layout_.bits == 8 || layout_.bits == 16) && layout_.sample_format == SAMPLEFORMAT_UINT;
    const bool floats = layout_.bits == 32 && layout_.sample_format == SAMPLEFORMAT_IEEEFP;
    if (!integers && !floats) {
      throw_unsupported(source_, "expected 8 or 16 bit whole numbers or 32-bit floats, found " +
                                     std::to_string(layout_.bits) + " bit samples of format " +
                                     std::to_string(layout_.sample_format));
    }
    const bool gray =
        layout_.photometric == PHOTOMETRIC_MINISBLACK || (layout_.photometric == PHOTOMETRIC_MINISWHITE && integers);
    if (!gray && layout_.photometric != PHOTOMETRIC_RGB) {
      throw_unsupported(
          source_, "expected gray or RGB, found photometric interpretation " + std::to_string(layout_.photometric));
    }
    constexpr int max_samples_per_pixel = 16;
    if (layout_.samples_per_pixel < layout_.color_count() || layout_.samples_per_pixel > max_samples_per_pixel) {
      throw_unsupported(source_, "expected " + std::to_string(layout_.color_count()) +
                                     " to 16 samples per pixel, found " + std::to_string(layout_.samples_per_pixel));
    }
    read_alpha_kind();
  }

  void check_size(std::uint32_t width_px, std::uint32_t height_px) const {
    const std::uint64_t bits_per_pixel = std::uint64_t{layout_.bits} * layout_.samples_per_pixel;
    // LZW reaches 1365, DEFLATE 1032; the rest is less certain.
    const std::uint64_t max_expansion = layout_.compression == COMPRESSION_NONE ? 1
                                        : layout_.compression == COMPRESSION_LZW ||
                                                layout_.compression == COMPRESSION_DEFLATE ||
                                                layout_.compression == COMPRESSION_ADOBE_DEFLATE
                                            ? 1400
                                            : 1U << 15;
    check_picture_size(source_, width_px, height_px, bits_per_pixel, max_expansion);
  }

  void read_alpha_kind() {
    std::uint16_t count = 0;
    const std::uint16_t* kinds = nullptr;
    TIFFGetFieldDefaulted(tiff_.get(), TIFFTAG_EXTRASAMPLES, &count, &kinds);
    if (count == 0 || layout_.samples_per_pixel <= layout_.color_count()) return;
    if (kinds[0] == EXTRASAMPLE_UNASSALPHA) layout_.alpha = Alpha::unassociated;
    if (kinds[0] == EXTRASAMPLE_ASSOCALPHA) layout_.alpha = Alpha::associated;
  }

  void read_chunks(InterleavedSamples& samples) {
    const bool tiled = TIFFIsTiled(tiff_.get()) != 0;
    std::uint32_t chunk_width_px = layout_.width_px;
    std::uint32_t chunk_height_px = layout_.height_px;
    if (tiled) {
      get(TIFFTAG_TILEWIDTH, chunk_width_px);
      get(TIFFTAG_TILELENGTH, chunk_height_px);
      check_size(chunk_width_px, chunk_height_px);
    } else {
      std::uint32_t rows_per_strip = layout_.height_px;
      get(TIFFTAG_ROWSPERSTRIP, rows_per_strip);
      if (rows_per_strip == 0) throw_corrupt(source_, "strips of no rows");
      chunk_height_px = std::min(rows_per_strip, layout_.height_px);
    }
    const bool separate = layout_.planar_config == PLANARCONFIG_SEPARATE;
    const int plane_count = separate ? layout_.kept_count() : 1;
    const std::size_t stored_pixel_bytes = std::size_t{layout_.bits} / 8 * (separate ? 1 : layout_.samples_per_pixel);
    std::vector<std::byte> stored(std::size_t{chunk_width_px} * chunk_height_px * stored_pixel_bytes);
    for (int plane = 0; plane < plane_count; ++plane) {
      for (std::uint32_t y = 0; y < layout_.height_px; y += chunk_height_px) {
        for (std::uint32_t x = 0; x < layout_.width_px; x += chunk_width_px) {
          const Chunk chunk = chunk_at(x, y, chunk_width_px, chunk_height_px, tiled);
          const std::size_t chunk_bytes =
              std::size_t{1} * chunk.stored_width_px * chunk.stored_height_px * stored_pixel_bytes;
          read_chunk(chunk, plane, tiled, std::span(stored).first(chunk_bytes));
          copy_chunk(chunk, stored, stored_pixel_bytes, plane, separate ? 1 : layout_.kept_count(), samples);
        }
      }
    }
  }

  [[nodiscard]] Chunk chunk_at(std::uint32_t x, std::uint32_t y, std::uint32_t width, std::uint32_t height,
                               bool tiled) const {
    Chunk chunk{};
    chunk.x_px = static_cast<int>(x);
    chunk.y_px = static_cast<int>(y);
    chunk.width_px = static_cast<int>(std::min(width, layout_.width_px - x));
    chunk.height_px = static_cast<int>(std::min(height, layout_.height_px - y));
    chunk.stored_width_px = static_cast<int>(width);
    // Tiles at the border are stored whole, the last strip is not.
    chunk.stored_height_px = tiled ? static_cast<int>(height) : chunk.height_px;
    return chunk;
  }

  void read_chunk(const Chunk& chunk, int plane, bool tiled, std::span<std::byte> stored) {
    const auto size = static_cast<tmsize_t>(stored.size());
    const auto x = static_cast<std::uint32_t>(chunk.x_px);
    const auto y = static_cast<std::uint32_t>(chunk.y_px);
    const auto sample = static_cast<std::uint16_t>(plane);
    message_ = {};
    const tmsize_t found =
        tiled ? TIFFReadEncodedTile(tiff_.get(), TIFFComputeTile(tiff_.get(), x, y, 0, sample), stored.data(), size)
              : TIFFReadEncodedStrip(tiff_.get(), TIFFComputeStrip(tiff_.get(), y, sample), stored.data(), size);
    if (found != size) throw_corrupt(source_, message_[0] != '\0' ? message_.data() : "too few pixels");
  }

  /// Copies the first `count` samples of each stored pixel to channel `plane` and after.
  void copy_chunk(const Chunk& chunk, const std::vector<std::byte>& stored, std::size_t stored_pixel_bytes, int plane,
                  int count, InterleavedSamples& samples) const {
    const std::size_t sample_bytes = layout_.bits / 8;
    const std::size_t copied_bytes = count * sample_bytes;
    for (int y = 0; y < chunk.height_px; ++y) {
      const std::byte* src = stored.data() + std::size_t{1} * y * chunk.stored_width_px * stored_pixel_bytes;
      std::byte* dst = samples.row(chunk.y_px + y) + chunk.x_px * samples.pixel_bytes() + plane * sample_bytes;
      for (int x = 0; x < chunk.width_px; ++x) {
        std::memcpy(dst + x * samples.pixel_bytes(), src + x * stored_pixel_bytes, copied_bytes);
      }
    }
  }

  /// Colours stored premultiplied become plain ones. What is fully transparent has no colour and stays as it is.
  static void divide_by_alpha(Picture& picture) {
    const std::span<const float> alpha = std::as_const(*picture.alpha).plane(0);
    for (int c = 0; c < picture.image.plane_count(); ++c) {
      const std::span<float> color = picture.image.plane(c);
      for (std::size_t i = 0; i < color.size(); ++i) {
        if (alpha[i] > 0.F) color[i] /= alpha[i];
      }
    }
  }

  [[nodiscard]] std::vector<std::byte> icc_profile() {
    std::uint32_t size = 0;
    const void* data = nullptr;
    if (TIFFGetField(tiff_.get(), TIFFTAG_ICCPROFILE, &size, &data) != 1) return {};
    const auto* first = static_cast<const std::byte*>(data);
    return {first, first + size};
  }

  const PictureSource& source_;
  MemoryStream stream_;
  TiffMessage message_{};
  TiffHandle tiff_;
  TiffLayout layout_;
};

}  // namespace

Picture read_tiff(const PictureSource& source) { return TiffReader(source).read(); }

}  // namespace rdenoise
