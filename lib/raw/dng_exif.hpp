// SPDX-License-Identifier: LGPL-2.1-or-later
// The EXIF directory of a DNG, and where its maker note goes.
#pragma once

#include <rdenoise/raw.hpp>

#include "raw/tiff_directory.hpp"

namespace rdenoise {

/// What the camera wrote, and the parsed facts where it wrote nothing. EXIF 2.3.
[[nodiscard]] TiffDirectory exif_directory(const RawMetadata& metadata);

/// Puts the maker note where its offsets can still be followed: as it is into EXIF if the file it comes from calls it
/// safe to move (MakerNoteSafety); else with its old offset into DNGPrivateData, in the format that DNG readers know
/// ("Adobe", block MakN). If DNGPrivateData is taken already, a note that cannot be moved is left out, as DNG 1.4
/// wants.
void add_maker_note(const MakerNote& note, TiffDirectory& main, TiffDirectory& exif);

}  // namespace rdenoise
