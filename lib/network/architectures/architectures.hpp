// SPDX-License-Identifier: LGPL-2.1-or-later
// One line for each architecture; the registry lists them.
#pragma once

#include <rdenoise/network.hpp>

namespace rdenoise {

extern const Architecture dncnn_architecture;
extern const Architecture ffdnet_architecture;

}  // namespace rdenoise
