// SPDX-License-Identifier: LGPL-2.1-or-later
// Layers whose results a run shows while it goes on.
#pragma once

#include <rdenoise/network.hpp>
#include <span>

namespace rdenoise {

/// throws  Error{invalid_argument} for a layer that is none or an input, and if batch norm is still to be folded
void check_watched(const NetworkSpec& spec, std::span<const int> watched);

}  // namespace rdenoise
