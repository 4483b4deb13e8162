// SPDX-License-Identifier: LGPL-2.1-or-later
// The camera that `rdn noise add --isp` takes its pictures with.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <rdenoise/camera_simulation.hpp>
#include <rdenoise/raw.hpp>

#include "json_output.hpp"

namespace rdn {

struct CameraOptions {
  rdenoise::CameraKind kind = rdenoise::CameraKind::unprocessing;
  std::filesystem::path response_curves;      ///< empty: curves by formula
  std::optional<rdenoise::NoiseModel> noise;  ///< nullopt: drawn
  std::optional<int> jpeg_quality;            ///< 0: no compression; nullopt: drawn
};

/// throws  Error that names the file of curves; curves that were left out are named on stderr
[[nodiscard]] rdenoise::CameraParameters draw_camera(const CameraOptions& options, std::uint64_t seed);

/// Everything that was drawn.
[[nodiscard]] Json to_json(const rdenoise::CameraParameters& camera);

/// The mosaic as a RAW photo of that camera: its levels, gains, matrix and noise.
///
/// mosaic  of numbers that the camera's levels can hold
/// throws  Error{invalid_argument} if the camera has no levels, Error{unsupported} if a DNG of that size cannot be read
[[nodiscard]] rdenoise::RawFrame to_raw_frame(const rdenoise::Image& mosaic, const rdenoise::CameraParameters& camera);

}  // namespace rdn
