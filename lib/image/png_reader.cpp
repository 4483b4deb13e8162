// SPDX-License-Identifier: LGPL-2.1-or-later
// PNG through libpng. It reports errors by longjmp, so each call into it runs inside guarded(), whose frames hold
// nothing that needs a destructor; everything with one lives outside.
#include <png.h>

#include <array>
#include <csetjmp>
#include <cstring>
#include <new>

#include "image/interleaved_samples.hpp"
#include "image/picture_formats.hpp"

namespace rdenoise {
namespace {

struct Input {
  std::span<const std::byte> rest;
  std::array<char, 160> message{};
};

void on_error(png_structp png, png_const_charp message) {
  auto* input = static_cast<Input*>(png_get_error_ptr(png));
  std::strncpy(input->message.data(), message, input->message.size() - 1);
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void read_bytes(png_structp png, png_bytep dst, std::size_t count) {
  auto* input = static_cast<Input*>(png_get_io_ptr(png));
  if (count > input->rest.size()) png_error(png, "the file ends early");
  std::memcpy(dst, input->rest.data(), count);
  input->rest = input->rest.subspan(count);
}

class PngReader {
 public:
  explicit PngReader(const PictureSource& source) : source_(source) {
    input_.rest = source.bytes;
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &input_, on_error, on_warning);
    info_ = png_ != nullptr ? png_create_info_struct(png_) : nullptr;
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      throw std::bad_alloc();
    }
  }
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  [[nodiscard]] Picture read() {
    guarded([this] {
      png_set_read_fn(png_, &input_, read_bytes);
      png_read_info(png_, info_);
    });
    constexpr int max_deflate_expansion = 1032;
    check_picture_size(source_, png_get_image_width(png_, info_), png_get_image_height(png_, info_),
                       std::uint64_t{png_get_channels(png_, info_)} * png_get_bit_depth(png_, info_),
                       max_deflate_expansion);
    guarded([this] { ask_for_plain_samples(); });

    const int bit_depth = png_get_bit_depth(png_, info_);
    InterleavedSamples samples =
        make_interleaved(static_cast<int>(png_get_image_width(png_, info_)),
                         static_cast<int>(png_get_image_height(png_, info_)), png_get_channels(png_, info_), bit_depth);
    std::vector<png_bytep> rows(samples.height_px);
    for (int y = 0; y < samples.height_px; ++y) rows[y] = reinterpret_cast<png_bytep>(samples.row(y));
    png_bytepp row_pointers = rows.data();
    guarded([this, row_pointers] {
      png_read_image(png_, row_pointers);
      png_read_end(png_, info_);
    });

    Picture picture = to_picture(samples);
    picture.icc_profile = icc_profile();
    picture.exif = exif();
    return picture;
  }

 private:
  template <typename Step>
  void guarded(Step step) {
    if (!runs(png_, step)) throw_corrupt(source_, input_.message.data());
  }

  template <typename Step>
  static bool runs(png_structp png, const Step& step) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    step();
    return true;
  }

  /// 8 or 16 bit gray or rgb, with alpha if there is any transparency.
  void ask_for_plain_samples() {
    png_set_expand(png_);
    if (png_get_bit_depth(png_, info_) == 16) png_set_swap(png_);
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
  }

  [[nodiscard]] std::vector<std::byte> icc_profile() {
    png_charp name = nullptr;
    int compression = 0;
    png_bytep data = nullptr;
    png_uint_32 size = 0;
    if (png_get_iCCP(png_, info_, &name, &compression, &data, &size) == 0) return {};
    const auto* first = reinterpret_cast<const std::byte*>(data);
    return {first, first + size};
  }

  [[nodiscard]] std::vector<std::byte> exif() {
    png_uint_32 size = 0;
    png_bytep data = nullptr;
    if (png_get_eXIf_1(png_, info_, &size, &data) == 0) return {};
    const auto* first = reinterpret_cast<const std::byte*>(data);
    return {first, first + size};
  }

  const PictureSource& source_;
  Input input_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

}  // namespace

Picture read_png(const PictureSource& source) { return PngReader(source).read(); }

}  // namespace rdenoise
