// SPDX-License-Identifier: LGPL-2.1-or-later
// Starting a program: its arguments, variables and where its outputs go. What waits for it stands elsewhere.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace rdenoise::test {

/// A file without a name for a child's output: pipes would have to be read while it runs.
class OutputFile {
 public:
  OutputFile();
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  /// What was written so far.
  [[nodiscard]] std::string text() const;

 private:
  int descriptor_ = -1;
};

/// arguments[0] is the program, looked up in PATH; stdin is empty; variables are added to this process's own. Exits
/// with 127 if the program cannot be run.
///
/// out, messages  descriptors for stdout and stderr; may be the same
/// throws         std::runtime_error if no process can be made
[[nodiscard]] pid_t spawn(const std::vector<std::string>& arguments, int out, int messages,
                          const std::map<std::string, std::string>& variables = {});

/// From what waitpid tells: the exit code, or 128 + signal if a signal ended it.
[[nodiscard]] int exit_code_of(int status) noexcept;

/// Waits until it has ended.  returns  exit_code_of(status)
/// throws  std::runtime_error if it is no child of this process
int wait_for_end(pid_t child);

}  // namespace rdenoise::test
