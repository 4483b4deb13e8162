// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/interruption.hpp"

#include <unistd.h>

#include <csignal>
#include <string_view>

namespace rdn {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void note(int signal) {
  interrupted = 1;
  std::signal(signal, SIG_DFL);
  constexpr std::string_view message = "\nrdn: finishing the files that have begun; once more to abort\n";
  // Nothing can be done about a message that is not shown.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, message.data(), message.size());
}

}  // namespace

void watch_for_interruption() {
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
}

bool is_interrupted() noexcept { return interrupted != 0; }

}  // namespace rdn
