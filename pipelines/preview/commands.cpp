// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.hpp"

#include <algorithm>
#include <array>

namespace rdn::preview {
namespace {

struct Key {
  std::string_view name;   ///< of X11, as video sinks tell it
  std::string_view bytes;  ///< from a terminal
  Command command;
};

constexpr std::array keys{
    Key{"space", " ", Command::toggle_denoising},
    Key{"plus", "+", Command::strength_up},
    Key{"equal", "=", Command::strength_up},
    Key{"Up", "\x1b[A", Command::strength_up},
    Key{"minus", "-", Command::strength_down},
    Key{"Down", "\x1b[B", Command::strength_down},
    Key{"p", "p", Command::next_preset},
    Key{"c", "c", Command::toggle_compare},
    Key{"Left", "\x1b[D", Command::divider_left},
    Key{"Right", "\x1b[C", Command::divider_right},
    Key{"s", "s", Command::snapshot},
    Key{"comma", ",", Command::seek_back},
    Key{"period", ".", Command::seek_forward},
    Key{"r", "r", Command::restart},
    Key{"q", "q", Command::quit},
    Key{"Escape", "\x1b", Command::quit},
};

}  // namespace

std::optional<Command> command_of_key(std::string_view key) noexcept {
  const auto* found = std::ranges::find(keys, key, &Key::name);
  if (found == keys.end()) return std::nullopt;
  return found->command;
}

std::optional<Command> take_command(std::string_view& bytes) noexcept {
  while (!bytes.empty()) {
    // Escape alone is the last row: what begins with it is tried first.
    const auto* found = std::ranges::find_if(keys, [&](const Key& key) { return bytes.starts_with(key.bytes); });
    if (found == keys.end()) {
      bytes.remove_prefix(1);
      continue;
    }
    // An unknown key's sequence is no wish to leave.
    if (found->command == Command::quit && found->bytes == "\x1b" && bytes.size() > 1) {
      bytes = {};
      return std::nullopt;
    }
    bytes.remove_prefix(found->bytes.size());
    return found->command;
  }
  return std::nullopt;
}

std::string_view keys_help() noexcept {
  return "space denoising off/on   +/- strength   p preset   c compare   left/right divider (or drag)\n"
         "s snapshot   ,/. seek   r restart   q quit";
}

}  // namespace rdn::preview
