// SPDX-License-Identifier: LGPL-2.1-or-later
// What reading and writing JPEG share: libjpeg's errors, which come by longjmp, and the Exif segment.
#pragma once

#include <array>
#include <csetjmp>
#include <cstdio>
// libjpeg's headers need <cstdio> before them, and this order.
// clang-format off
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

namespace rdenoise {

inline constexpr int exif_marker = JPEG_APP0 + 1;
inline constexpr std::array<unsigned char, 6> exif_prefix = {'E', 'x', 'i', 'f', 0, 0};

struct JpegErrorManager {
  jpeg_error_mgr base;  // first: libjpeg hands back its address
  std::jmp_buf jump;
  std::array<char, JMSG_LENGTH_MAX> message;
};

[[noreturn]] inline void on_jpeg_error(j_common_ptr jpeg) {
  auto* manager = reinterpret_cast<JpegErrorManager*>(jpeg->err);
  jpeg->err->format_message(jpeg, manager->message.data());
  std::longjmp(manager->jump, 1);
}

}  // namespace rdenoise
