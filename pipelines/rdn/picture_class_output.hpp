// SPDX-License-Identifier: LGPL-2.1-or-later
// The class that a picture was denoised as, in --json.
#pragma once

#include <optional>
#include <rdenoise/denoise.hpp>

#include "json_output.hpp"

namespace rdn {

/// Adds `picture_class` ("none": the weights for all pictures) and `picture_class_confidence` (null unless the
/// classifier looked); both are null for models without classes.
void add_picture_class(Json& object, const std::optional<rdenoise::PictureClass>& picture_class);

}  // namespace rdn
