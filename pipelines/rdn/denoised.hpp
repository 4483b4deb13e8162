// SPDX-License-Identifier: LGPL-2.1-or-later
// The way of one input to its output: denoised in its own colour model, then in the output's form, then written.
#pragma once

#include <filesystem>
#include <string>
#include <variant>

#include "input.hpp"
#include "output.hpp"
#include "picture_method.hpp"

namespace rdn {

/// A denoised input: a mosaic that stays one, a float mosaic that will be developed, or a picture.
using Denoised = std::variant<rdenoise::RawFrame, rdenoise::Image, rdenoise::Picture>;

/// What a file is written from.
using Output = std::variant<rdenoise::RawFrame, rdenoise::Picture>;

/// throws  Error{unsupported} for a picture where the output is a DNG; and as PictureMethod::denoise
[[nodiscard]] Denoised denoised(const Input& input, OutputKind kind, PictureMethod& method,
                                const rdenoise::NoiseProfile& noise);

/// A view on the samples, of the input's colour model and size.
[[nodiscard]] rdenoise::ConstFrameView view_of(const Denoised& result);

/// Float mosaics are developed; the rest is handed through.
///
/// input  the one that `result` came from
[[nodiscard]] Output finished(const Input& input, Denoised result, const std::string& demosaic, int n_threads);

/// throws  Error that names the file
void write_output(const std::filesystem::path& path, const Output& output, const OutputOptions& options);

}  // namespace rdn
