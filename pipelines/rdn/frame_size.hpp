// SPDX-License-Identifier: LGPL-2.1-or-later
// A frame's size on the command line: 1920x1080.
#pragma once

#include <cstdio>
#include <string>

#include "command.hpp"

namespace rdn {

struct FrameSize {
  int width_px = 0;
  int height_px = 0;
};

/// option    as the message names it: "bench: --size"
/// least_px  both edges at least
/// throws    UsageError
inline FrameSize parse_frame_size(const std::string& text, const std::string& option, int least_px) {
  FrameSize size;
  int end = 0;
  if (std::sscanf(text.c_str(), "%6dx%6d%n", &size.width_px, &size.height_px, &end) != 2 ||
      static_cast<std::size_t>(end) != text.size() || size.width_px < least_px || size.height_px < least_px)
    throw UsageError(option + ": expected WxH such as 1920x1080, " + std::to_string(least_px) +
                     " or more each, found " + text);
  return size;
}

}  // namespace rdn
