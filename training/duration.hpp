// SPDX-License-Identifier: LGPL-2.1-or-later
// Durations as people write them, and the age of this process.
#pragma once

#include <string>
#include <string_view>

namespace rdenoise::training {

/// "90", "90s", "9m", "2h" → seconds.  throws  Error{invalid_argument} for anything else, and for what is not above 0
[[nodiscard]] double parse_duration_s(std::string_view text);

/// h:mm:ss; "?" for what is not finite
[[nodiscard]] std::string duration_text(double seconds);

/// Since the process was started: loading libtorch's libraries alone takes a second, and a time limit should count it.
[[nodiscard]] double process_age_s();

}  // namespace rdenoise::training
