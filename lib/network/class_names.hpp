// SPDX-License-Identifier: LGPL-2.1-or-later
// Names of picture classes, as files and users write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rdenoise {

/// Words that stand where the name of a class does.
inline constexpr std::string_view word_auto = "auto";
inline constexpr std::string_view word_none = "none";

/// Letters, digits, - and _, for a name is also that of a file; and neither of the words above.
[[nodiscard]] bool is_class_name(std::string_view text) noexcept;

/// What a name must be, for messages.
inline constexpr const char* class_name_rule = "a class name of letters, digits, - and _, other than auto and none";

/// "face,pet"
[[nodiscard]] std::string join_class_names(const std::vector<std::string>& names);

/// throws  Error{corrupt} unless all are class names, each once
[[nodiscard]] std::vector<std::string> parse_class_names(std::string_view text);

}  // namespace rdenoise
