// SPDX-License-Identifier: LGPL-2.1-or-later
// What keys mean, in the terminal and in the window.
#pragma once

#include <optional>
#include <string_view>

namespace rdn::preview {

enum class Command {
  toggle_denoising,
  strength_up,
  strength_down,
  next_preset,
  toggle_compare,
  divider_left,
  divider_right,
  snapshot,
  seek_back,
  seek_forward,
  restart,
  quit
};

/// key  as GStreamer's video sinks name it: "space", "Left", "plus", "q"
[[nodiscard]] std::optional<Command> command_of_key(std::string_view key) noexcept;

/// The first command in bytes from a terminal, and how many bytes it took; unknown bytes are passed over. nullopt if
/// there is none.
[[nodiscard]] std::optional<Command> take_command(std::string_view& bytes) noexcept;

/// One line for each key.
[[nodiscard]] std::string_view keys_help() noexcept;

}  // namespace rdn::preview
