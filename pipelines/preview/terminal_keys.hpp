// SPDX-License-Identifier: LGPL-2.1-or-later
// Keys from the terminal, one by one instead of line by line, while this lives.
#pragma once

#include <glib.h>
#include <termios.h>

#include <functional>
#include <optional>

#include "commands.hpp"

namespace rdn::preview {

class TerminalKeys {
 public:
  /// Does nothing if stdin is no terminal. `act` is called from the default main context.
  explicit TerminalKeys(std::function<void(Command)> act);
  TerminalKeys(const TerminalKeys&) = delete;
  TerminalKeys& operator=(const TerminalKeys&) = delete;
  ~TerminalKeys();

  [[nodiscard]] bool is_listening() const noexcept { return watch_ != 0; }

 private:
  static gboolean on_input(gint fd, GIOCondition condition, gpointer self);

  std::function<void(Command)> act_;
  std::optional<termios> before_;
  guint watch_ = 0;
};

}  // namespace rdn::preview
