// SPDX-License-Identifier: LGPL-2.1-or-later
// Says when a precision that was asked for is not the one in use.
#pragma once

#include <rdenoise/network.hpp>
#include <string>

namespace rdn {

/// A line on stderr if `wished` names another precision than the one in use; auto is content with any.
void note_precision(const std::string& wished, rdenoise::Precision in_use);

}  // namespace rdn
