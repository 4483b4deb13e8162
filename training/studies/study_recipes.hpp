// SPDX-License-Identifier: LGPL-2.1-or-later
// The recipes that studies train by, part of the program: a study is one command wherever it is installed.
#pragma once

#include <string>
#include <string_view>

namespace rdenoise::training {

/// The text of recipes/NAME.toml as it was when this was built.
/// throws  Error{internal} if no study trains by it
[[nodiscard]] std::string study_recipe(std::string_view name);

}  // namespace rdenoise::training
