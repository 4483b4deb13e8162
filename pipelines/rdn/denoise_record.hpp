// SPDX-License-Identifier: LGPL-2.1-or-later
// What a RAW photo says of having been denoised.
#pragma once

#include <filesystem>
#include <rdenoise/raw.hpp>

namespace rdn {

/// throws  Error{invalid_argument} that names the photo if rdenoise has denoised it before
void check_not_denoised(const rdenoise::RawMetadata& metadata, const std::filesystem::path& input);

/// For pixels that have just been denoised: the record, and the noise that is left. The tag that came with the photo
/// tells of noise that is gone, and a converter that believed it would smooth a second time.
void record_denoising(rdenoise::RawMetadata& metadata, const rdenoise::DenoiseRecord& record,
                      const rdenoise::NoiseProfile& residual_noise);

}  // namespace rdn
