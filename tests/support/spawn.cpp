// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/spawn.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace rdenoise::test {

OutputFile::OutputFile() {
  std::string name = (std::filesystem::temp_directory_path() / "rdenoise-output-XXXXXX").string();
  descriptor_ = mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ < 0) throw std::runtime_error("no temporary file");
  unlink(name.c_str());
}

OutputFile::~OutputFile() { close(descriptor_); }

std::string OutputFile::text() const {
  std::string text(static_cast<std::size_t>(lseek(descriptor_, 0, SEEK_END)), '\0');
  const ssize_t got = pread(descriptor_, text.data(), text.size(), 0);
  if (got < 0) throw std::runtime_error("output cannot be read back");
  text.resize(static_cast<std::size_t>(got));
  return text;
}

pid_t spawn(const std::vector<std::string>& arguments, int out, int messages,
            const std::map<std::string, std::string>& variables) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child > 0) return child;
  for (const auto& [variable, value] : variables) setenv(variable.c_str(), value.c_str(), 1);
  dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(messages, STDERR_FILENO);
  execvp(argv[0], argv.data());
  _exit(127);
}

int exit_code_of(int status) noexcept { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

int wait_for_end(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, 0) != child) throw std::runtime_error("waitpid failed");
  return exit_code_of(status);
}

}  // namespace rdenoise::test
