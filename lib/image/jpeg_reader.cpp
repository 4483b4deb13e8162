// SPDX-License-Identifier: LGPL-2.1-or-later
// JPEG through libjpeg. It reports errors by longjmp, so each call into it runs inside guarded(), whose frames hold
// nothing that needs a destructor; everything with one lives outside.
#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>

#include "image/interleaved_samples.hpp"
#include "image/jpeg_errors.hpp"
#include "image/picture_formats.hpp"

namespace rdenoise {
namespace {

constexpr int icc_marker = JPEG_APP0 + 2;

/// libjpeg goes on after damage and fills the rest with gray; for us that is an error. What only breaks good manners
/// is let pass.
void on_message(j_common_ptr jpeg, int level) {
  if (level >= 0) return;
  switch (jpeg->err->msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_ARITH_BAD_CODE:
      on_jpeg_error(jpeg);
    default:
      return;
  }
}

/// A small progressive file can ask for many thousand passes over a large picture. Honest encoders use about ten.
void refuse_endless_scans(j_common_ptr jpeg) {
  constexpr int max_scans = 200;
  if (reinterpret_cast<j_decompress_ptr>(jpeg)->input_scan_number > max_scans) ERREXIT(jpeg, JERR_EOI_EXPECTED);
}

class JpegReader {
 public:
  explicit JpegReader(const PictureSource& source) : source_(source) {
    jpeg_.err = jpeg_std_error(&errors_.base);
    errors_.base.error_exit = on_jpeg_error;
    errors_.base.emit_message = on_message;
    guarded([this] { jpeg_create_decompress(&jpeg_); });
    progress_.progress_monitor = refuse_endless_scans;
    jpeg_.progress = &progress_;
  }
  ~JpegReader() { jpeg_destroy_decompress(&jpeg_); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  [[nodiscard]] Picture read() {
    guarded([this] {
      jpeg_mem_src(&jpeg_, reinterpret_cast<const unsigned char*>(source_.bytes.data()), source_.bytes.size());
      jpeg_save_markers(&jpeg_, exif_marker, 0xFFFF);
      jpeg_save_markers(&jpeg_, icc_marker, 0xFFFF);
      jpeg_read_header(&jpeg_, TRUE);
    });
    // A Huffman code has at least one bit for a block of 64 samples; arithmetic codes have no such limit.
    check_picture_size(source_, jpeg_.image_width, jpeg_.image_height, 8, jpeg_.arith_code ? 1U << 15 : 512);
    switch (jpeg_.jpeg_color_space) {
      case JCS_GRAYSCALE:
        jpeg_.out_color_space = JCS_GRAYSCALE;
        break;
      case JCS_YCbCr:
      case JCS_RGB:
        jpeg_.out_color_space = JCS_RGB;
        break;
      case JCS_CMYK:
      case JCS_YCCK:
        throw_unsupported(source_, "expected gray or YCbCr, found CMYK");
      default:
        throw_unsupported(source_, "expected gray or YCbCr, found an unknown colour space");
    }
    // libjpeg forgets the markers when it finishes.
    std::vector<std::byte> icc = icc_profile();
    std::vector<std::byte> exif_block = exif();
    guarded([this] { jpeg_start_decompress(&jpeg_); });

    InterleavedSamples samples = make_interleaved(static_cast<int>(jpeg_.output_width),
                                                  static_cast<int>(jpeg_.output_height), jpeg_.output_components, 8);
    InterleavedSamples* dst = &samples;
    guarded([this, dst] {
      while (jpeg_.output_scanline < jpeg_.output_height) {
        auto* row = reinterpret_cast<JSAMPROW>(dst->row(static_cast<int>(jpeg_.output_scanline)));
        jpeg_read_scanlines(&jpeg_, &row, 1);
      }
      jpeg_finish_decompress(&jpeg_);
    });

    Picture picture = to_picture(samples);
    picture.icc_profile = std::move(icc);
    picture.exif = std::move(exif_block);
    return picture;
  }

 private:
  template <typename Step>
  void guarded(Step step) {
    if (runs(errors_.jump, step)) return;
    switch (errors_.base.msg_code) {
      case JERR_BAD_PRECISION:
      case JERR_SOF_UNSUPPORTED:
      case JERR_ARITH_NOTIMPL:
        throw_unsupported(source_, std::string("found ") + errors_.message.data());
      default:
        throw_corrupt(source_, errors_.message.data());
    }
  }

  template <typename Step>
  static bool runs(std::jmp_buf& jump, const Step& step) {
    if (setjmp(jump) != 0) return false;
    step();
    return true;
  }

  [[nodiscard]] std::vector<std::byte> icc_profile() {
    JOCTET* data = nullptr;
    unsigned size = 0;
    guarded([this, &data, &size] {
      if (jpeg_read_icc_profile(&jpeg_, &data, &size) == FALSE) size = 0;
    });
    const auto* first = reinterpret_cast<const std::byte*>(data);
    std::vector<std::byte> profile(first, first + size);
    std::free(data);
    return profile;
  }

  [[nodiscard]] std::vector<std::byte> exif() const {
    for (const jpeg_marker_struct* marker = jpeg_.marker_list; marker != nullptr; marker = marker->next) {
      if (marker->marker != exif_marker || marker->data_length <= exif_prefix.size()) continue;
      if (!std::equal(exif_prefix.begin(), exif_prefix.end(), marker->data)) continue;
      const auto* first = reinterpret_cast<const std::byte*>(marker->data);
      return {first + exif_prefix.size(), first + marker->data_length};
    }
    return {};
  }

  const PictureSource& source_;
  JpegErrorManager errors_{};
  jpeg_progress_mgr progress_{};
  jpeg_decompress_struct jpeg_{};
};

}  // namespace

Picture read_jpeg(const PictureSource& source) { return JpegReader(source).read(); }

}  // namespace rdenoise
