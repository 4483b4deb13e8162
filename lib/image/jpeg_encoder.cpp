// SPDX-License-Identifier: LGPL-2.1-or-later
// JPEG through libjpeg; see jpeg_reader.cpp on guarded().
#include "image/jpeg_encoder.hpp"

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <rdenoise/error.hpp>
#include <utility>

#include "image/jpeg_errors.hpp"
#include "image/output_file.hpp"

namespace rdenoise {
namespace {

constexpr std::size_t max_marker_bytes = 65533;

void on_message(j_common_ptr, int) {}

/// A destination that keeps hold of its memory whatever happens: libjpeg's own loses it when an error jumps out.
struct MemoryDestination {
  jpeg_destination_mgr base;  // first: libjpeg hands back its address
  unsigned char* data;
  std::size_t capacity;
};

constexpr std::size_t first_capacity = 1U << 16;

MemoryDestination& destination_of(j_compress_ptr jpeg) { return *reinterpret_cast<MemoryDestination*>(jpeg->dest); }

void grow(j_compress_ptr jpeg, std::size_t used, std::size_t capacity) {
  MemoryDestination& destination = destination_of(jpeg);
  auto* grown = static_cast<unsigned char*>(std::realloc(destination.data, capacity));
  if (grown == nullptr) ERREXIT1(jpeg, JERR_OUT_OF_MEMORY, 0);
  destination.data = grown;
  destination.capacity = capacity;
  destination.base.next_output_byte = grown + used;
  destination.base.free_in_buffer = capacity - used;
}

void begin(j_compress_ptr jpeg) { grow(jpeg, 0, first_capacity); }

/// libjpeg calls it when all is full, whatever free_in_buffer says.
boolean make_room(j_compress_ptr jpeg) {
  const std::size_t full = destination_of(jpeg).capacity;
  grow(jpeg, full, 2 * full);
  return TRUE;
}

void end(j_compress_ptr) {}

int horizontal_factor(ChromaSubsampling subsampling) { return subsampling == ChromaSubsampling::s444 ? 1 : 2; }
int vertical_factor(ChromaSubsampling subsampling) { return subsampling == ChromaSubsampling::s420 ? 2 : 1; }

class JpegEncoder {
 public:
  explicit JpegEncoder(const std::string& name) : name_(name) {
    jpeg_.err = jpeg_std_error(&errors_.base);
    errors_.base.error_exit = on_jpeg_error;
    errors_.base.emit_message = on_message;
    guarded([this] { jpeg_create_compress(&jpeg_); });
    destination_.base.init_destination = begin;
    destination_.base.empty_output_buffer = make_room;
    destination_.base.term_destination = end;
    jpeg_.dest = &destination_.base;
  }
  ~JpegEncoder() {
    jpeg_destroy_compress(&jpeg_);
    std::free(destination_.data);
  }
  JpegEncoder(const JpegEncoder&) = delete;
  JpegEncoder& operator=(const JpegEncoder&) = delete;

  [[nodiscard]] JpegBytes encode(const InterleavedSamples& samples, const JpegOptions& options,
                                 const JpegExtras& extras) {
    const std::vector<unsigned char> exif = exif_segment(extras.exif);
    guarded([this, &samples, &options, &extras, &exif] {
      jpeg_.image_width = samples.width_px;
      jpeg_.image_height = samples.height_px;
      jpeg_.input_components = samples.channel_count;
      jpeg_.in_color_space = samples.channel_count == 1 ? JCS_GRAYSCALE : JCS_RGB;
      jpeg_set_defaults(&jpeg_);
      jpeg_set_quality(&jpeg_, options.quality, TRUE);
      if (samples.channel_count == 3) {
        jpeg_.comp_info[0].h_samp_factor = horizontal_factor(options.chroma_subsampling);
        jpeg_.comp_info[0].v_samp_factor = vertical_factor(options.chroma_subsampling);
      }
      jpeg_.optimize_coding = extras.optimize_size ? TRUE : FALSE;
      jpeg_start_compress(&jpeg_, TRUE);
      if (!exif.empty()) jpeg_write_marker(&jpeg_, exif_marker, exif.data(), exif.size());
      if (!extras.icc_profile.empty()) {
        jpeg_write_icc_profile(&jpeg_, reinterpret_cast<const JOCTET*>(extras.icc_profile.data()),
                               extras.icc_profile.size());
      }
      for (int y = 0; y < samples.height_px; ++y) {
        // libjpeg only reads; the parameter lacks its const.
        auto* row = reinterpret_cast<JSAMPROW>(const_cast<std::byte*>(samples.row(y)));
        jpeg_write_scanlines(&jpeg_, &row, 1);
      }
      jpeg_finish_compress(&jpeg_);
    });
    JpegBytes bytes;
    bytes.data.reset(std::exchange(destination_.data, nullptr));
    bytes.size = destination_.capacity - destination_.base.free_in_buffer;
    return bytes;
  }

 private:
  template <typename Step>
  void guarded(const Step& step) {
    if (runs(errors_.jump, step)) return;
    if (errors_.base.msg_code == JERR_IMAGE_TOO_BIG) {
      throw Error(ErrorCode::unsupported, "writing " + name_ + ": " + errors_.message.data());
    }
    throw_write_error(name_, errors_.message.data());
  }

  template <typename Step>
  static bool runs(std::jmp_buf& jump, const Step& step) {
    if (setjmp(jump) != 0) return false;
    step();
    return true;
  }

  static std::vector<unsigned char> exif_segment(std::span<const std::byte> exif) {
    if (exif.empty() || exif.size() + exif_prefix.size() > max_marker_bytes) return {};
    std::vector<unsigned char> segment(exif_prefix.begin(), exif_prefix.end());
    const auto* first = reinterpret_cast<const unsigned char*>(exif.data());
    segment.insert(segment.end(), first, first + exif.size());
    return segment;
  }

  const std::string& name_;
  JpegErrorManager errors_{};
  MemoryDestination destination_{};
  jpeg_compress_struct jpeg_{};
};

}  // namespace

JpegBytes encode_jpeg(const InterleavedSamples& samples, const JpegOptions& options, const JpegExtras& extras,
                      const std::string& name) {
  return JpegEncoder(name).encode(samples, options, extras);
}

}  // namespace rdenoise
