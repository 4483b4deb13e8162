// SPDX-License-Identifier: LGPL-2.1-or-later
// An open TIFF with its own error text, so that files can be handled on several threads at once.
#pragma once

#include <tiffio.h>

#include <array>
#include <cstdarg>
#include <cstdio>
#include <memory>
#include <utility>

namespace rdenoise {

using TiffMessage = std::array<char, 200>;

struct CloseTiff {
  void operator()(TIFF* tiff) const noexcept { TIFFClose(tiff); }
};
using TiffHandle = std::unique_ptr<TIFF, CloseTiff>;

inline int keep_tiff_message(TIFF*, void* message, const char*, const char* format, std::va_list arguments) {
  auto* text = static_cast<TiffMessage*>(message);
  std::vsnprintf(text->data(), text->size(), format, arguments);
  return 1;
}

inline int drop_tiff_message(TIFF*, void*, const char*, const char*, std::va_list) { return 1; }

/// open: TIFF*(TIFFOpenOptions*); `message` outlives the handle.
template <typename Open>
[[nodiscard]] TiffHandle open_tiff(TiffMessage& message, tmsize_t max_allocation_bytes, Open open) {
  struct FreeOptions {
    void operator()(TIFFOpenOptions* options) const noexcept { TIFFOpenOptionsFree(options); }
  };
  const std::unique_ptr<TIFFOpenOptions, FreeOptions> options(TIFFOpenOptionsAlloc());
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_tiff_message, &message);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), drop_tiff_message, nullptr);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), max_allocation_bytes);
  return TiffHandle(open(options.get()));
}

}  // namespace rdenoise
