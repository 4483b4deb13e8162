// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_program.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace rdenoise::test {
namespace {

/// A file without a name for a child's output: pipes would have to be read while it runs.
class OutputFile {
 public:
  OutputFile() {
    std::string name = (std::filesystem::temp_directory_path() / "rdenoise-output-XXXXXX").string();
    descriptor_ = mkstemp(name.data());
    if (descriptor_ < 0) throw std::runtime_error("no temporary file");
    unlink(name.c_str());
  }
  ~OutputFile() { close(descriptor_); }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] std::string text() const {
    std::string text(static_cast<std::size_t>(lseek(descriptor_, 0, SEEK_END)), '\0');
    if (pread(descriptor_, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
      throw std::runtime_error("output cannot be read back");
    }
    return text;
  }

 private:
  int descriptor_ = -1;
};

}  // namespace

ProgramResult run_program(const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const OutputFile out;
  const OutputFile messages;
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
    dup2(out.descriptor(), STDOUT_FILENO);
    dup2(messages.descriptor(), STDERR_FILENO);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child) throw std::runtime_error("waitpid failed");
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), out.text(), messages.text()};
}

ProgramResult run_rdn(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), RDN_PROGRAM);
  return run_program(arguments);
}

}  // namespace rdenoise::test
