// SPDX-License-Identifier: LGPL-2.1-or-later
// Ctrl-C and SIGTERM: the first lets running files finish, the second ends the process.
#pragma once

namespace rdn {

/// From now on.
void watch_for_interruption();

/// True once a signal has come.
[[nodiscard]] bool is_interrupted() noexcept;

}  // namespace rdn
