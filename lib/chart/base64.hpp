// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace rdenoise {

/// RFC 4648, section 4: with padding, without line ends.
[[nodiscard]] std::string base64(std::span<const std::byte> bytes);

}  // namespace rdenoise
