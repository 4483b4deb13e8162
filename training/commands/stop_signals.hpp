// SPDX-License-Identifier: LGPL-2.1-or-later
// Ctrl-C and SIGTERM as a wish to stop with a checkpoint.
#pragma once

namespace rdenoise::training {

/// From now on the first signal is only noted; a second one ends the process at once.
void note_stop_signals();
[[nodiscard]] bool stop_signalled();

}  // namespace rdenoise::training
