// SPDX-License-Identifier: LGPL-2.1-or-later
#include "terminal_keys.hpp"

#include <glib-unix.h>
#include <unistd.h>

#include <array>
#include <string_view>
#include <utility>

namespace rdn::preview {

TerminalKeys::TerminalKeys(std::function<void(Command)> act) : act_(std::move(act)) {
  termios settings{};
  // In the background a read would stop the process.
  if (isatty(STDIN_FILENO) == 0 || tcgetpgrp(STDIN_FILENO) != getpgrp() || tcgetattr(STDIN_FILENO, &settings) != 0)
    return;
  before_ = settings;
  settings.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  settings.c_cc[VMIN] = 0;
  settings.c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSANOW, &settings);
  watch_ = g_unix_fd_add(STDIN_FILENO, G_IO_IN, on_input, this);
}

TerminalKeys::~TerminalKeys() {
  if (watch_ != 0) g_source_remove(watch_);
  if (before_) tcsetattr(STDIN_FILENO, TCSANOW, &*before_);
}

gboolean TerminalKeys::on_input(gint fd, GIOCondition /*condition*/, gpointer data) {
  auto* self = static_cast<TerminalKeys*>(data);
  std::array<char, 64> bytes{};
  const ssize_t count = read(fd, bytes.data(), bytes.size());
  if (count <= 0) {
    self->watch_ = 0;
    return G_SOURCE_REMOVE;
  }
  std::string_view rest(bytes.data(), static_cast<std::size_t>(count));
  while (const std::optional<Command> command = take_command(rest)) self->act_(*command);
  return G_SOURCE_CONTINUE;
}

}  // namespace rdn::preview
