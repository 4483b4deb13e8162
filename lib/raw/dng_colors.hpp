// SPDX-License-Identifier: LGPL-2.1-or-later
// The ColorMatrix of a DNG for cameras of which only the matrix to sRGB is known.
#pragma once

#include <array>
#include <rdenoise/raw.hpp>

namespace rdenoise {

/// XYZ → camera, row-major: the metadata's own, or one from which a reader finds camera_to_srgb and the as-shot gains
/// again.
[[nodiscard]] std::array<float, 9> color_matrix_for(const RawMetadata& metadata);

}  // namespace rdenoise
