// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise_record.hpp"

#include <cstdio>
#include <rdenoise/error.hpp>
#include <string>

namespace rdn {

void check_not_denoised(const rdenoise::RawMetadata& metadata, const std::filesystem::path& input) {
  if (!metadata.denoised) return;
  char strength[32];
  std::snprintf(strength, sizeof strength, "%g", metadata.denoised->strength);
  throw rdenoise::Error(rdenoise::ErrorCode::invalid_argument,
                        input.string() + ": expected a photo as the camera made it, found one that rdenoise " +
                            metadata.denoised->version + " has denoised (" + metadata.denoised->model + ", strength " +
                            strength + "); --force denoises it once more");
}

void record_denoising(rdenoise::RawMetadata& metadata, const rdenoise::DenoiseRecord& record,
                      const rdenoise::NoiseProfile& residual_noise) {
  metadata.denoised = record;
  metadata.noise_profile = residual_noise;
}

}  // namespace rdn
