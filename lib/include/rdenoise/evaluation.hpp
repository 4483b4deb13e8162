// SPDX-License-Identifier: LGPL-2.1-or-later
// Quality over a folder of pictures, as the papers' tables have it: the pictures, their noise, their score. rdn eval
// and rdn-train card measure by these, so that their figures agree.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <rdenoise/model_picture.hpp>
#include <rdenoise/network.hpp>
#include <string>
#include <vector>

namespace rdenoise {

/// One picture of a folder: a clean one, or a noisy one with its reference.
struct EvalItem {
  std::string name;
  std::filesystem::path clean;
  std::filesystem::path noisy;  ///< empty: noise is to be added
};

/// The pictures of a folder, sorted by name; other files and sub-folders are passed over.
/// throws  Error{not_found} if it has none
[[nodiscard]] std::vector<EvalItem> list_clean_pictures(const std::filesystem::path& folder);

/// Pairs: folder/noisy/X with folder/mean/X, or folder/NAME_real.* with folder/NAME_mean.*.
/// throws  Error{not_found} if there are none
[[nodiscard]] std::vector<EvalItem> list_pairs(const std::filesystem::path& folder);

/// Reads a picture and brings it to the domain: colour to luma (BT.601 weights) for gray; as it is for rgb; for bayer
/// decoded from sRGB to linear light and reduced to an RGGB mosaic; for yuv420 by BT.709 in full range.
/// throws  Error{unsupported}, naming the file, for gray pictures where colour is needed
[[nodiscard]] ModelPicture read_in_domain(const std::filesystem::path& path, InputDomain domain);

/// The picture with white Gaussian noise, not clipped, drawn from the seed and the picture's place in the sorted
/// folder: one failing picture changes no other's noise.
[[nodiscard]] ModelPicture with_white_noise(const ModelPicture& clean, double sigma_8bit, std::uint64_t seed,
                                            std::size_t place);

struct PictureScore {
  double psnr_noisy_db = 0.0;
  double psnr_db = 0.0;
  std::optional<double> ssim;         ///< none for pictures smaller than its window
  std::optional<double> psnr_yuv_db;  ///< over all samples of Y, U and V; none for an Image
};

/// Peak 1 over the whole picture, which of a Yuv420Picture is its luma. The result is clipped to 0 … 1 first, as usual
/// in papers; the noisy picture is not. throws  Error{invalid_argument} if sizes or channels differ
[[nodiscard]] PictureScore score_picture(const ModelPicture& clean, const ModelPicture& noisy, ModelPicture& result);

}  // namespace rdenoise
