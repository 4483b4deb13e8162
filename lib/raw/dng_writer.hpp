// SPDX-License-Identifier: LGPL-2.1-or-later
// A DNG whose sensor is larger than its picture.
#pragma once

#include <filesystem>
#include <rdenoise/raw.hpp>

namespace rdenoise {

/// The part of the mosaic that is picture; outside of it lies the covered border.
struct ActiveArea {
  int left_px = 0;
  int top_px = 0;
  int width_px = 0;
  int height_px = 0;
};

/// As the public write_dng; `frame` is the whole sensor. DNG 1.4 counts the pattern and the black levels from the
/// corner of the active area, so the frame's `cfa` and `black_level_dn` are those there.
void write_dng(const std::filesystem::path& path, const RawFrame& frame, const ActiveArea& active,
               const DngOptions& options = {});

}  // namespace rdenoise
