// SPDX-License-Identifier: LGPL-2.1-or-later
// What LibRaw knows about an unpacked file, in this project's terms.
#pragma once

#include <optional>
#include <rdenoise/raw.hpp>

class LibRaw;

namespace rdenoise {

/// The pattern at the origin of the visible area; nothing if the mosaic is not of the four Bayer ones.
[[nodiscard]] std::optional<CfaPattern> cfa_of(LibRaw& libraw);

/// All but the noise profile, of which LibRaw knows nothing.
[[nodiscard]] RawMetadata metadata_of(LibRaw& libraw);

}  // namespace rdenoise
