// SPDX-License-Identifier: LGPL-2.1-or-later
// A model and its figures, as `rdn model` prints them.
#pragma once

#include <rdenoise/model.hpp>

#include "json_output.hpp"

namespace rdn {

[[nodiscard]] Json describe(const rdenoise::Model& model);

}  // namespace rdn
