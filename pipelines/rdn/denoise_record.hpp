// SPDX-License-Identifier: LGPL-2.1-or-later
// What a RAW photo says of having been denoised.
#pragma once

#include <filesystem>
#include <rdenoise/raw.hpp>

namespace rdn {

/// throws  Error{invalid_argument} that names the photo if rdenoise has denoised it before
void check_not_denoised(const rdenoise::RawMetadata& metadata, const std::filesystem::path& input);

/// For pixels that have just been denoised: the record, and as their noise what they still show. The tag that came with
/// the photo tells of noise that is gone, and a converter that believed it would smooth a second time.
///
/// denoised  a mosaic or linear camera RGB
void record_denoising(rdenoise::RawMetadata& metadata, const rdenoise::ConstFrameView& denoised,
                      const rdenoise::DenoiseRecord& record);

}  // namespace rdn
