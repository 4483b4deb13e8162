// SPDX-License-Identifier: LGPL-2.1-or-later
// RAW files through LibRaw. Reentrant: an object per call, and LibRaw's own OpenMP loops kept to one thread.
#include <libraw/libraw.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <memory>
#include <rdenoise/error.hpp>
#include <rdenoise/raw.hpp>
#include <utility>

#include "base/one_openmp_thread.hpp"
#include "raw/caught_tags.hpp"
#include "raw/denoise_record_xmp.hpp"
#include "raw/libraw_metadata.hpp"
#include "raw/optical_black.hpp"
#include "raw/tiff_extents.hpp"

namespace rdenoise {
namespace {

/// A buffer that counts what is asked of it beyond its end: several of LibRaw's decoders go on with zeros there and
/// report success.
class WatchedBuffer final : public LibRaw_buffer_datastream {
 public:
  explicit WatchedBuffer(std::span<const std::byte> bytes)
      : LibRaw_buffer_datastream(const_cast<std::byte*>(bytes.data()), bytes.size()) {}

  int read(void* dst, size_t size, size_t count) override {
    if (tell() >= this->size()) missing_bytes_ += size * count;
    return LibRaw_buffer_datastream::read(dst, size, count);
  }
  int get_char() override {
    const int c = LibRaw_buffer_datastream::get_char();
    if (c < 0) ++missing_bytes_;
    return c;
  }
  /// Bytes asked for by reads that began at the end or beyond it.
  [[nodiscard]] std::uint64_t missing_bytes() const noexcept { return missing_bytes_; }

 private:
  std::uint64_t missing_bytes_ = 0;
};

/// One file being read. LibRaw objects are too large for a thread's stack.
class Reader {
 public:
  Reader(std::span<const std::byte> file, std::string name)
      : file_size_bytes_(file.size()), name_(std::move(name)), stream_(file), libraw_(std::make_unique<LibRaw>()) {
    libraw_->set_exifparser_handler(CaughtTags::catch_tag, &caught_);
    libraw_->set_dataerror_handler(nullptr, nullptr);
    libraw_->set_memerror_handler(nullptr, nullptr);
  }

  [[nodiscard]] int open() { return stream_.valid() ? libraw_->open_datastream(&stream_) : LIBRAW_IO_ERROR; }

  /// Pixel data from byte 0 on: no header, so LibRaw went by the file's size alone.
  [[nodiscard]] bool guessed_by_size() const { return data_offset() == 0; }

  [[nodiscard]] RawFrame read();
  [[nodiscard]] LinearRgb read_linear(LinearColors colors);

 private:
  [[noreturn]] void fail(ErrorCode code, const std::string& what) const {
    throw Error(code, "reading " + name_ + ": " + what);
  }
  [[noreturn]] void fail_open(int status) const;
  [[noreturn]] void fail_unpack(int status) const;
  void check_extents() const;
  /// Nothing may be believed of the pixels before.
  void unpack();
  void check_mosaic() const;
  void check_unpacked() const;
  void take_caught_tags(RawMetadata& metadata) const;

  [[nodiscard]] const libraw_data_t& data() const noexcept { return libraw_->imgdata; }
  [[nodiscard]] const unpacker_data_t& unpacker() const noexcept {
    return libraw_->get_internal_data_pointer()->unpacker_data;
  }
  [[nodiscard]] std::uint64_t data_offset() const noexcept {
    return static_cast<std::uint64_t>(unpacker().data_offset);
  }

  std::uint64_t file_size_bytes_;
  std::string name_;
  WatchedBuffer stream_;
  CaughtTags caught_;
  std::unique_ptr<LibRaw> libraw_;
};

void Reader::fail_open(int status) const {
  if (status == LIBRAW_UNSUFFICIENT_MEMORY) fail(ErrorCode::internal, "out of memory");
  const TiffPicture* picture = caught_.extents().largest_whole(file_size_bytes_);
  if (status == LIBRAW_FILE_UNSUPPORTED && picture != nullptr) {
    fail(ErrorCode::unsupported, "expected a RAW file that LibRaw " + std::string(LibRaw::version()) +
                                     " decodes, found a TIFF-like file with compression " +
                                     compression_name(picture->compression) + ", photometric interpretation " +
                                     std::to_string(picture->photometric));
  }
  fail(ErrorCode::corrupt, "expected a whole RAW file, found " + std::to_string(file_size_bytes_) +
                               " bytes of which LibRaw says: " + libraw_strerror(status));
}

void Reader::fail_unpack(int status) const {
  if (status == LIBRAW_UNSUFFICIENT_MEMORY) fail(ErrorCode::internal, "out of memory");
  const std::string reason = libraw_strerror(status);
  constexpr unsigned deflate = 8;
  if (status == LIBRAW_FILE_UNSUPPORTED || status == LIBRAW_TOO_BIG || unpacker().tiff_compress == deflate) {
    fail(ErrorCode::unsupported, "expected pixels that LibRaw " + std::string(LibRaw::version()) +
                                     " decodes, found compression " + compression_name(unpacker().tiff_compress) +
                                     ": " + reason);
  }
  fail(ErrorCode::corrupt, "decoding the pixels: " + reason);
}

void Reader::check_extents() const {
  const std::uint64_t end = data_offset() + unpacker().data_size;
  const TiffPicture* picture = caught_.extents().at(data_offset());
  const bool whole = picture == nullptr || picture->lies_within(file_size_bytes_);
  if (!whole || data_offset() >= file_size_bytes_ || end > file_size_bytes_) {
    fail(ErrorCode::corrupt, "expected the declared pixel data, found that they lie beyond the end of the file (" +
                                 std::to_string(file_size_bytes_) + " bytes)");
  }
}

void Reader::check_mosaic() const {
  constexpr unsigned xtrans_filters = 9;
  constexpr unsigned least_bayer_filters = 1000;
  const auto& idata = data().idata;
  std::string found;
  if (idata.is_foveon != 0) {
    found = "a Foveon sensor's three layers";
  } else if (idata.filters == 0) {
    found = "full-colour pixels without a mosaic (linear, scanned or sRAW)";
  } else if (idata.filters == xtrans_filters) {
    found = "a Fujifilm X-Trans mosaic of 6x6";
  } else if (libraw_->is_fuji_rotated() != 0) {
    found = "a mosaic turned by 45 degrees";
  } else if (idata.filters < least_bayer_filters || idata.colors != 3 || !cfa_of(*libraw_)) {
    found = "a mosaic of " + std::to_string(idata.colors) + " colours (" + idata.cdesc + ") of another pattern";
  } else if (data().rawdata.raw_image == nullptr) {
    found = "floating-point or interpolated pixels";
  } else if (guessed_by_size()) {
    found = "no header (only the size is that of a picture of " + std::string(idata.make) + " " + idata.model + ")";
  }
  if (!found.empty()) fail(ErrorCode::unsupported, "expected a Bayer mosaic of red, green and blue, found " + found);
}

void Reader::check_unpacked() const {
  // Bit readers look a few bytes ahead; a decoder that asks for more has run out of picture.
  constexpr std::uint64_t look_ahead_bytes = 64;
  if (unpacker().data_error != 0 || stream_.missing_bytes() > look_ahead_bytes) {
    fail(ErrorCode::corrupt, "decoding the pixels: expected more data, found the end of the file or damaged data");
  }
}

void Reader::take_caught_tags(RawMetadata& metadata) const {
  const libraw_image_sizes_t& sizes = data().sizes;
  const bool whole_sensor = sizes.width == sizes.raw_width && sizes.height == sizes.raw_height;
  metadata.noise_profile = caught_.noise_profile();
  metadata.denoised = parse_denoise_record(caught_.xmp());
  metadata.carried = caught_.carried(caught_.extents().directory_at(data_offset()), whole_sensor);
  metadata.carried.xmp = without_denoise_record(caught_.xmp());
  if (metadata.carried.original_file_name.empty()) {
    metadata.carried.original_file_name = std::filesystem::path(name_).filename().string();
  }
}

int bit_depth_for(unsigned highest) {
  for (const int depth : {8, 10, 12, 14}) {
    if (highest < 1U << depth) return depth;
  }
  return 16;
}

void Reader::unpack() {
  if (const int status = open(); status != LIBRAW_SUCCESS) fail_open(status);
  check_extents();
  if (const int status = libraw_->unpack(); status != LIBRAW_SUCCESS) fail_unpack(status);
  check_unpacked();
}

LinearRgb Reader::read_linear(LinearColors colors) {
  unpack();
  if (guessed_by_size()) fail(ErrorCode::unsupported, "expected a RAW file with a header, found none");
  constexpr int camera_primaries = 0;
  constexpr int srgb_primaries = 1;
  const bool is_camera = colors == LinearColors::camera;
  RawMetadata metadata = metadata_of(*libraw_);  // before LibRaw forgets how the camera was held
  take_caught_tags(metadata);
  auto& parameters = libraw_->imgdata.params;
  parameters.output_bps = 16;
  parameters.output_color = is_camera ? camera_primaries : srgb_primaries;
  parameters.gamm[0] = parameters.gamm[1] = 1.0;
  parameters.no_auto_bright = 1;
  parameters.use_camera_wb = 1;
  parameters.user_flip = 0;  // the orientation travels in the metadata
  if (is_camera) {
    // White balance helps LibRaw to interpolate, and is taken back below; so nothing may be clipped by it.
    constexpr int leave_highlights = 1;
    parameters.highlight = leave_highlights;
    parameters.adjust_maximum_thr = 0.F;
  }
  int status = libraw_->dcraw_process();
  const auto release = [](libraw_processed_image_t* picture) { LibRaw::dcraw_clear_mem(picture); };
  std::unique_ptr<libraw_processed_image_t, decltype(release)> picture(
      status == LIBRAW_SUCCESS ? libraw_->dcraw_make_mem_image(&status) : nullptr, release);
  if (!picture || picture->type != LIBRAW_IMAGE_BITMAP || picture->bits != 16)
    fail(ErrorCode::unsupported, std::string("developing: ") + libraw_strerror(status));
  if (picture->colors != 3)
    fail(ErrorCode::unsupported, "developing: expected 3 colours, found " + std::to_string(picture->colors));
  LinearRgb linear{Image(ColorModel::rgb, picture->width, picture->height), std::move(metadata)};
  if (picture->width != data().rawdata.sizes.width || picture->height != data().rawdata.sizes.height) {
    // LibRaw has stretched or turned it: places no longer hold.
    linear.metadata.pixel_aspect_ratio = 1.F;
    linear.metadata.carried.raw.clear();
  }
  const auto white_dn = [&](int c) { return 65535.F * (is_camera ? libraw_->imgdata.color.pre_mul[c] : 1.F); };
  const std::size_t pixel_count = static_cast<std::size_t>(picture->width) * picture->height;
  for (int c = 0; c < 3; ++c) {
    const std::span<float> plane = linear.image.plane(c);
    const float full_dn = white_dn(c);
    for (std::size_t i = 0; i < pixel_count; ++i) {
      std::uint16_t sample = 0;
      std::memcpy(&sample, picture->data + (3 * i + static_cast<std::size_t>(c)) * sizeof sample, sizeof sample);
      plane[i] = std::min(1.F, static_cast<float>(sample) / full_dn);
    }
  }
  // Some scanners' files: LibRaw takes their white level for another.
  const auto white_count = static_cast<std::size_t>(std::ranges::count(std::as_const(linear.image).samples(), 1.F));
  if (white_count > linear.image.samples().size() / 4 * 3)
    fail(ErrorCode::unsupported, "developing: expected a picture, found that three quarters of it and more are white");
  return linear;
}

RawFrame Reader::read() {
  unpack();
  check_mosaic();

  RawFrame frame;
  const libraw_image_sizes_t& sizes = data().sizes;
  frame.width_px = sizes.width;
  frame.height_px = sizes.height;
  if (sizes.width == 0 || sizes.height == 0 || sizes.left_margin + sizes.width > sizes.raw_width ||
      sizes.top_margin + sizes.height > sizes.raw_height) {
    fail(ErrorCode::corrupt, "expected a visible area inside of the sensor, found another");
  }
  frame.cfa = *cfa_of(*libraw_);
  frame.metadata = metadata_of(*libraw_);
  take_caught_tags(frame.metadata);
  if (frame.metadata.white_level_dn <= std::ranges::max(frame.metadata.black_level_dn)) {
    fail(ErrorCode::corrupt,
         "expected a white level above black, found " + std::to_string(frame.metadata.white_level_dn));
  }
  frame.mosaic.resize(static_cast<std::size_t>(sizes.width) * sizes.height);
  const std::size_t pitch = sizes.raw_pitch / sizeof(std::uint16_t);
  for (int y = 0; y < frame.height_px; ++y) {
    const std::uint16_t* row = data().rawdata.raw_image + (y + sizes.top_margin) * pitch + sizes.left_margin;
    std::copy_n(row, frame.width_px, frame.mosaic.begin() + static_cast<std::ptrdiff_t>(y) * frame.width_px);
  }
  const SensorArea sensor{{data().rawdata.raw_image, pitch * sizes.raw_height},
                          pitch,
                          sizes.raw_width,
                          sizes.raw_height,
                          sizes.left_margin,
                          sizes.top_margin,
                          sizes.width,
                          sizes.height};
  frame.metadata.optical_black =
      measure_optical_black(sensor, frame.metadata.black_level_dn, frame.metadata.white_level_dn);
  const unsigned highest =
      std::max<unsigned>(std::ranges::max(frame.mosaic), static_cast<unsigned>(frame.metadata.white_level_dn));
  frame.bit_depth = bit_depth_for(highest);
  return frame;
}

}  // namespace

bool looks_like_raw(std::span<const std::byte> file) noexcept {
  try {
    // LibRaw's parallel Fuji decoder is not repeatable.
    const OneOpenMpThread single_thread;
    Reader reader(file, "");
    return reader.open() == LIBRAW_SUCCESS && !reader.guessed_by_size();
  } catch (...) {
    return false;
  }
}

RawFrame read_raw(std::span<const std::byte> file, const std::string& name) {
  const OneOpenMpThread single_thread;
  return Reader(file, name).read();
}

LinearRgb read_linear_rgb(std::span<const std::byte> file, const std::string& name, LinearColors colors) {
  const OneOpenMpThread single_thread;
  return Reader(file, name).read_linear(colors);
}

RawFrame read_raw_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary | std::ios::ate);
  if (!stream) throw Error(ErrorCode::io, "reading " + path.string() + ": " + std::strerror(errno));
  std::vector<std::byte> bytes(static_cast<std::size_t>(std::max<std::streamoff>(stream.tellg(), 0)));
  stream.seekg(0);
  if (!stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()))) {
    throw Error(ErrorCode::io, "reading " + path.string() + ": expected " + std::to_string(bytes.size()) + " bytes");
  }
  return read_raw(bytes, path.string());
}

}  // namespace rdenoise
