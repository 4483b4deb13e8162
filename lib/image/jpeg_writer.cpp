// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cerrno>
#include <system_error>

#include "image/jpeg_encoder.hpp"
#include "image/output_file.hpp"
#include "image/picture_formats.hpp"

namespace rdenoise {

void write_jpeg(const PictureTarget& target, const Picture& picture, const JpegOptions& options) {
  const JpegBytes jpeg = encode_jpeg(from_picture(picture, 8, false), options,
                                     {.exif = picture.exif, .icc_profile = picture.icc_profile}, target.name);
  OutputFile file(target.path, target.name);
  if (std::fwrite(jpeg.data.get(), 1, jpeg.size, file.get()) != jpeg.size) {
    throw_write_error(target.name, std::generic_category().message(errno));
  }
  file.close();
}

}  // namespace rdenoise
