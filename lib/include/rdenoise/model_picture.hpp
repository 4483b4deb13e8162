// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture of the kind that a model takes.
#pragma once

#include <optional>
#include <rdenoise/image.hpp>
#include <rdenoise/yuv420.hpp>
#include <variant>

namespace rdenoise {

/// Yuv420Picture for yuv420 models, Image for all others.
using ModelPicture = std::variant<Image, Yuv420Picture>;

[[nodiscard]] FrameView view_of(ModelPicture& picture);
[[nodiscard]] ConstFrameView view_of(const ModelPicture& picture);

/// What quality is measured on: the picture, or its luma.
[[nodiscard]] const Image& measured_image(const ModelPicture& picture);

/// PSNR over all samples of Y, U and V; nullopt for an Image.
[[nodiscard]] std::optional<double> psnr_yuv_db(const ModelPicture& reference, const ModelPicture& test);

/// To 0 … 1.
void clip(ModelPicture& picture);

}  // namespace rdenoise
