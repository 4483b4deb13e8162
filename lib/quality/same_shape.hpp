// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <rdenoise/image.hpp>

namespace rdenoise {

/// throws  Error{invalid_argument} if two pictures cannot be compared sample by sample
void require_same_shape(const Image& reference, const Image& test);

}  // namespace rdenoise
