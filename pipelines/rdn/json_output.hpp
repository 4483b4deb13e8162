// SPDX-License-Identifier: LGPL-2.1-or-later
// The one JSON object that --json promises on stdout.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <rdenoise/noise.hpp>

#include "command_line_classes.hpp"

namespace rdn {

using Json = nlohmann::ordered_json;

/// Adds --json.
void add_json_flag(CLI::App& command, bool& json);

/// Prints the object and a line end to stdout. Numbers that are not finite become null.
/// throws  Error{io} if stdout cannot be written
void print_json(const Json& object);

/// null if there is no value.
[[nodiscard]] Json to_json(const std::optional<double>& value);

/// The keys `a`, `b` (one number per channel), `sigma_8bit` and `confidence`.
[[nodiscard]] Json to_json(const rdenoise::NoiseProfile& profile);

}  // namespace rdn
