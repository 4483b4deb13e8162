// SPDX-License-Identifier: LGPL-2.1-or-later
// PNG through libpng; see png_reader.cpp on guarded().
#include <png.h>

#include <array>
#include <csetjmp>
#include <cstring>
#include <new>

#include "image/interleaved_samples.hpp"
#include "image/output_file.hpp"
#include "image/picture_formats.hpp"

namespace rdenoise {
namespace {

using Message = std::array<char, 160>;

void on_error(png_structp png, png_const_charp text) {
  auto* message = static_cast<Message*>(png_get_error_ptr(png));
  std::strncpy(message->data(), text, message->size() - 1);
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

int color_type(int channel_count) noexcept {
  switch (channel_count) {
    case 1:
      return PNG_COLOR_TYPE_GRAY;
    case 2:
      return PNG_COLOR_TYPE_GRAY_ALPHA;
    case 3:
      return PNG_COLOR_TYPE_RGB;
    default:
      return PNG_COLOR_TYPE_RGB_ALPHA;
  }
}

class PngWriter {
 public:
  /// name  for messages
  PngWriter(std::FILE* file, const std::string& name) : file_(file), name_(name) {
    png_ = png_create_write_struct(PNG_LIBPNG_VER_STRING, &message_, on_error, on_warning);
    info_ = png_ != nullptr ? png_create_info_struct(png_) : nullptr;
    if (info_ == nullptr) {
      png_destroy_write_struct(&png_, nullptr);
      throw std::bad_alloc();
    }
  }
  ~PngWriter() { png_destroy_write_struct(&png_, &info_); }
  PngWriter(const PngWriter&) = delete;
  PngWriter& operator=(const PngWriter&) = delete;

  void write(const InterleavedSamples& samples, const Picture& picture) {
    guarded([this, &samples, &picture] {
      png_init_io(png_, file_);
      // A profile that libpng finds wrong is left out; it is no reason to lose the picture.
      png_set_benign_errors(png_, 1);
      png_set_IHDR(png_, info_, samples.width_px, samples.height_px, samples.sample.bit_depth,
                   color_type(samples.channel_count), PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                   PNG_FILTER_TYPE_DEFAULT);
      if (!picture.icc_profile.empty()) {
        png_set_iCCP(png_, info_, "ICC profile", PNG_COMPRESSION_TYPE_BASE,
                     reinterpret_cast<png_const_bytep>(picture.icc_profile.data()), picture.icc_profile.size());
      }
      if (!picture.exif.empty()) {
        // libpng copies the block; the parameter only lacks its const.
        auto* exif = reinterpret_cast<png_bytep>(const_cast<std::byte*>(picture.exif.data()));
        png_set_eXIf_1(png_, info_, picture.exif.size(), exif);
      }
      png_write_info(png_, info_);
      if (samples.sample.bit_depth == 16) png_set_swap(png_);
      for (int y = 0; y < samples.height_px; ++y) {
        png_write_row(png_, reinterpret_cast<png_const_bytep>(samples.row(y)));
      }
      png_write_end(png_, nullptr);
    });
  }

 private:
  template <typename Step>
  void guarded(const Step& step) {
    if (!runs(png_, step)) throw_write_error(name_, message_.data());
  }

  template <typename Step>
  static bool runs(png_structp png, const Step& step) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    step();
    return true;
  }

  std::FILE* file_;
  const std::string& name_;
  Message message_{};
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

}  // namespace

void write_png(const PictureTarget& target, const Picture& picture, int bit_depth) {
  const InterleavedSamples samples = from_picture(picture, bit_depth, true);
  OutputFile file(target.path, target.name);
  PngWriter(file.get(), target.name).write(samples, picture);
  file.close();
}

std::vector<std::byte> encode_png_samples(const Picture& picture, int bit_depth) {
  const InterleavedSamples samples = from_picture(picture, bit_depth, true);
  const std::string name = "a picture to memory";
  MemoryFile file(name);
  PngWriter(file.get(), name).write(samples, picture);
  return file.bytes();
}

}  // namespace rdenoise
