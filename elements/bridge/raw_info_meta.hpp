// SPDX-License-Identifier: LGPL-2.1-or-later
// The custom meta RdRawInfo: what the camera says about the mosaic in the buffer, so that rdnoiseest, rdenoise and
// rddevelop read the same levels. Registered without tags, so it survives queues and copies.
//
// Fields: version (int, 1), black-level (array of 4, DN, by site of the 2×2 cell), white-level (double, DN), gains
// (array of 3, R G B), camera-to-srgb, xyz-to-camera (arrays of 9, row-major), iso, exposure, aperture, focal-length
// (double; 0 if unknown), make, model, date-time (string), orientation (int, EXIF 1 … 8), pixel-aspect-ratio (double),
// noise-a, noise-b (arrays of 3: the file's own NoiseProfile tag; absent if it has none), black-mean, black-variance
// (arrays of 4, DN and DN², by site) and black-pixels (int64): the covered border; absent if there is none.
#pragma once

#include <gst/gst.h>

#include <optional>
#include <rdenoise/raw.hpp>

#include "bridge/caps.hpp"

namespace rdenoise::gst {

inline constexpr const char* raw_info_meta_name = "RdRawInfo";

/// Once in a process, before any other function here.
void register_raw_info_meta();

[[nodiscard]] bool is_raw_info_meta(const GstMeta* meta);

/// To a writable buffer, in place of an older one.
void attach_raw_info(GstBuffer* buffer, const RawMetadata& metadata);

/// nullopt if the buffer has none, or one whose numbers make no sense.
[[nodiscard]] std::optional<RawMetadata> read_raw_info(GstBuffer* buffer);

/// How to estimate a buffer's noise: with the time that a photo or a frame of a video is worth, and what the camera
/// says of it (nothing without RdRawInfo).
[[nodiscard]] EstimateOptions buffer_estimate_options(GstBuffer* buffer, const FrameFormat& format);

/// Levels of a buffer: the camera's if it is a mosaic with RdRawInfo, else those of its format.
[[nodiscard]] FrameLevels buffer_levels(GstBuffer* buffer, const FrameFormat& format);

}  // namespace rdenoise::gst
