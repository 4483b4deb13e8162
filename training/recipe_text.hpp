// SPDX-License-Identifier: LGPL-2.1-or-later
// Recipes as texts: settings changed from the command line, and what tells two recipes apart.
#pragma once

#include <string>
#include <vector>

namespace rdenoise::training {

/// The text with one setting changed or added; comments and all else stay, so that it reads as the recipe that was
/// really used. Validating the result is parse_recipe's affair.
///
/// setting  section.key=value, or key=value for what stands above the sections. The value is TOML; what is none is
///          taken as a string, so that optimiser.algorithm=adam needs no quotes.
/// throws   Error{invalid_argument} if it has not this form;  Error{corrupt} if the text is no TOML
[[nodiscard]] std::string with_setting(const std::string& recipe, const std::string& setting);

/// One entry for each setting in which the recipes differ: "optimiser.steps (100 and 200)". Comments and order do not
/// count.  throws  Error{corrupt} if a text is no TOML
[[nodiscard]] std::vector<std::string> differing_settings(const std::string& first, const std::string& second);

}  // namespace rdenoise::training
