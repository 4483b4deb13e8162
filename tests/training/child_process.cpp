// SPDX-License-Identifier: LGPL-2.1-or-later
#include "child_process.hpp"

#include <signal.h>
#include <sys/wait.h>

namespace rdenoise::test {

ChildProcess::ChildProcess(const std::vector<std::string>& arguments,
                           const std::map<std::string, std::string>& variables)
    : child_(spawn(arguments, output_.descriptor(), output_.descriptor(), variables)) {}

ChildProcess::~ChildProcess() {
  if (exit_code_ >= 0) return;
  signal(SIGKILL);
  wait();
}

void ChildProcess::signal(int number) const {
  if (exit_code_ < 0) kill(child_, number);
}

int ChildProcess::wait() {
  if (exit_code_ < 0) exit_code_ = wait_for_end(child_);
  return exit_code_;
}

bool ChildProcess::is_running() {
  int status = 0;
  if (exit_code_ < 0 && waitpid(child_, &status, WNOHANG) == child_) exit_code_ = exit_code_of(status);
  return exit_code_ < 0;
}

std::string ChildProcess::output() const { return output_.text(); }

}  // namespace rdenoise::test
