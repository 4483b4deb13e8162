// SPDX-License-Identifier: LGPL-2.1-or-later
// The way of one input to its output: denoised in its own colour model, then in the output's form, then written.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "input.hpp"
#include "output.hpp"
#include "picture_method.hpp"

namespace rdn {

/// A denoised input.
struct Denoised {
  /// A mosaic that stays one, a float mosaic that will be developed or demosaiced, or a picture.
  std::variant<rdenoise::RawFrame, rdenoise::Image, rdenoise::Picture> pixels;
  std::optional<rdenoise::DenoiseRecord> record;  ///< nothing if every pixel was left as it was
  rdenoise::NoiseProfile residual_noise;          ///< that is left; for a DNG with a record only
};

/// What a file is written from.
using Output = std::variant<rdenoise::RawFrame, LinearPhoto, rdenoise::Picture>;

/// throws  Error{unsupported} for a picture where the output is a DNG, and for a photo without a mosaic where the
/// output
///         is one; and as PictureMethod::denoise
[[nodiscard]] Denoised denoised(const Input& input, OutputKind kind, PictureMethod& method,
                                const rdenoise::NoiseProfile& noise);

/// A view on the samples, of the input's colour model and size.
[[nodiscard]] rdenoise::ConstFrameView view_of(const Denoised& result);

/// Float mosaics are developed, or demosaiced for a linear DNG; pictures of RAW photos are made linear again for one;
/// the rest is handed through.
///
/// input  the one that `result` came from
[[nodiscard]] Output finished(const Input& input, OutputKind kind, Denoised result, const std::string& demosaic,
                              int n_threads);

/// throws  Error that names the file
void write_output(const std::filesystem::path& path, const Output& output, const OutputOptions& options);

}  // namespace rdn
