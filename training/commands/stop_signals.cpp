// SPDX-License-Identifier: LGPL-2.1-or-later
#include "stop_signals.hpp"

#include <csignal>

namespace rdenoise::training {
namespace {

volatile std::sig_atomic_t signalled = 0;

extern "C" void request_stop(int signal_number) {
  signalled = 1;
  // Whoever asks again does not want to wait for the checkpoint.
  std::signal(signal_number, SIG_DFL);
}

}  // namespace

void note_stop_signals() {
  std::signal(SIGINT, request_stop);
  std::signal(SIGTERM, request_stop);
}

bool stop_signalled() { return signalled != 0; }

}  // namespace rdenoise::training
