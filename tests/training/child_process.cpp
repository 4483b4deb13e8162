// SPDX-License-Identifier: LGPL-2.1-or-later
#include "child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace rdenoise::test {
namespace {

int to_exit_code(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments,
                           const std::map<std::string, std::string>& variables) {
  std::string name = (std::filesystem::temp_directory_path() / "rdenoise-output-XXXXXX").string();
  output_ = mkostemp(name.data(), O_CLOEXEC);
  if (output_ < 0) throw std::runtime_error("no temporary file");
  unlink(name.c_str());
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  child_ = fork();
  if (child_ < 0) throw std::runtime_error("fork failed");
  if (child_ == 0) {
    for (const auto& [variable, value] : variables) setenv(variable.c_str(), value.c_str(), 1);
    dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
    dup2(output_, STDOUT_FILENO);
    dup2(output_, STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
}

ChildProcess::~ChildProcess() {
  if (exit_code_ < 0) {
    signal(SIGKILL);
    wait();
  }
  close(output_);
}

void ChildProcess::signal(int number) const {
  if (exit_code_ < 0) kill(child_, number);
}

int ChildProcess::wait() {
  int status = 0;
  if (exit_code_ < 0 && waitpid(child_, &status, 0) == child_) exit_code_ = to_exit_code(status);
  return exit_code_;
}

bool ChildProcess::is_running() {
  int status = 0;
  if (exit_code_ < 0 && waitpid(child_, &status, WNOHANG) == child_) exit_code_ = to_exit_code(status);
  return exit_code_ < 0;
}

std::string ChildProcess::output() const {
  std::string text(static_cast<std::size_t>(lseek(output_, 0, SEEK_END)), '\0');
  const ssize_t got = pread(output_, text.data(), text.size(), 0);
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return text;
}

}  // namespace rdenoise::test
