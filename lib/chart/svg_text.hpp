// SPDX-License-Identifier: LGPL-2.1-or-later
// Texts and numbers as they may stand in an SVG file.
#pragma once

#include <string>
#include <string_view>

namespace rdenoise {

/// For element content and attribute values: & < > " ' become entities; control characters and broken UTF-8, which XML
/// does not allow, a question mark.
[[nodiscard]] std::string xml_escaped(std::string_view text);

/// Characters of a UTF-8 text (not bytes), for estimates of its width.
[[nodiscard]] int character_count(std::string_view text) noexcept;

/// A place in pixels: two decimals at most, the point never depends on the locale.
[[nodiscard]] std::string pixels(double value);

}  // namespace rdenoise
