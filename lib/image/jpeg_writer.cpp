// SPDX-License-Identifier: LGPL-2.1-or-later
// JPEG through libjpeg; see jpeg_reader.cpp on guarded().
#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
// libjpeg's headers need <cstdio> before them, and this order.
// clang-format off
#include <jpeglib.h>
#include <jerror.h>
// clang-format on
#include <rdenoise/error.hpp>

#include "image/interleaved_samples.hpp"
#include "image/output_file.hpp"
#include "image/picture_formats.hpp"

namespace rdenoise {
namespace {

constexpr int exif_marker = JPEG_APP0 + 1;
constexpr std::array<unsigned char, 6> exif_prefix = {'E', 'x', 'i', 'f', 0, 0};
constexpr std::size_t max_marker_bytes = 65533;
constexpr int first_quality_with_full_chroma = 90;

struct ErrorManager {
  jpeg_error_mgr base;  // first: libjpeg hands back its address
  std::jmp_buf jump;
  std::array<char, JMSG_LENGTH_MAX> message;
};

[[noreturn]] void on_error(j_common_ptr jpeg) {
  auto* manager = reinterpret_cast<ErrorManager*>(jpeg->err);
  jpeg->err->format_message(jpeg, manager->message.data());
  std::longjmp(manager->jump, 1);
}

void on_message(j_common_ptr, int) {}

class JpegWriter {
 public:
  explicit JpegWriter(const PictureTarget& target) : target_(target), file_(target.path, target.name) {
    jpeg_.err = jpeg_std_error(&errors_.base);
    errors_.base.error_exit = on_error;
    errors_.base.emit_message = on_message;
    guarded([this] { jpeg_create_compress(&jpeg_); });
  }
  ~JpegWriter() { jpeg_destroy_compress(&jpeg_); }
  JpegWriter(const JpegWriter&) = delete;
  JpegWriter& operator=(const JpegWriter&) = delete;

  void write(const InterleavedSamples& samples, const Picture& picture, int quality) {
    const std::vector<unsigned char> exif = exif_segment(picture.exif);
    guarded([this, &samples, &picture, &exif, quality] {
      jpeg_stdio_dest(&jpeg_, file_.get());
      jpeg_.image_width = samples.width_px;
      jpeg_.image_height = samples.height_px;
      jpeg_.input_components = samples.channel_count;
      jpeg_.in_color_space = samples.channel_count == 1 ? JCS_GRAYSCALE : JCS_RGB;
      jpeg_set_defaults(&jpeg_);
      jpeg_set_quality(&jpeg_, quality, TRUE);
      if (quality >= first_quality_with_full_chroma) {
        jpeg_.comp_info[0].h_samp_factor = 1;
        jpeg_.comp_info[0].v_samp_factor = 1;
      }
      jpeg_.optimize_coding = TRUE;
      jpeg_start_compress(&jpeg_, TRUE);
      if (!exif.empty()) jpeg_write_marker(&jpeg_, exif_marker, exif.data(), exif.size());
      if (!picture.icc_profile.empty()) {
        jpeg_write_icc_profile(&jpeg_, reinterpret_cast<const JOCTET*>(picture.icc_profile.data()),
                               picture.icc_profile.size());
      }
      for (int y = 0; y < samples.height_px; ++y) {
        // libjpeg only reads; the parameter lacks its const.
        auto* row = reinterpret_cast<JSAMPROW>(const_cast<std::byte*>(samples.row(y)));
        jpeg_write_scanlines(&jpeg_, &row, 1);
      }
      jpeg_finish_compress(&jpeg_);
    });
    file_.close();
  }

 private:
  template <typename Step>
  void guarded(const Step& step) {
    if (runs(errors_.jump, step)) return;
    if (errors_.base.msg_code == JERR_IMAGE_TOO_BIG) {
      throw Error(ErrorCode::unsupported, "writing " + target_.name + ": " + errors_.message.data());
    }
    throw_write_error(target_.name, errors_.message.data());
  }

  template <typename Step>
  static bool runs(std::jmp_buf& jump, const Step& step) {
    if (setjmp(jump) != 0) return false;
    step();
    return true;
  }

  /// Empty if there is none, or if it does not fit the one segment that the standard gives it.
  static std::vector<unsigned char> exif_segment(std::span<const std::byte> exif) {
    if (exif.empty() || exif.size() + exif_prefix.size() > max_marker_bytes) return {};
    std::vector<unsigned char> segment(exif_prefix.begin(), exif_prefix.end());
    const auto* first = reinterpret_cast<const unsigned char*>(exif.data());
    segment.insert(segment.end(), first, first + exif.size());
    return segment;
  }

  const PictureTarget& target_;
  OutputFile file_;
  ErrorManager errors_{};
  jpeg_compress_struct jpeg_{};
};

}  // namespace

void write_jpeg(const PictureTarget& target, const Picture& picture, int quality) {
  const InterleavedSamples samples = from_picture(picture, 8, false);
  JpegWriter(target).write(samples, picture, quality);
}

}  // namespace rdenoise
