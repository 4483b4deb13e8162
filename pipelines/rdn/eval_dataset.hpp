// SPDX-License-Identifier: LGPL-2.1-or-later
// The pictures that rdn eval runs over, as a model's network wants them.
#pragma once

#include <filesystem>
#include <rdenoise/network.hpp>
#include <string>
#include <vector>

#include "model_picture.hpp"

namespace rdn {

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
[[nodiscard]] ModelPicture read_in_domain(const std::filesystem::path& path, rdenoise::InputDomain domain);

}  // namespace rdn
