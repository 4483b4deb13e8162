// SPDX-License-Identifier: LGPL-2.1-or-later
// A program that runs beside the test, to be stopped, killed or waited for.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/spawn.hpp"

namespace rdenoise::test {

class ChildProcess {
 public:
  /// arguments[0] is the program; variables are added to this process's own. Both outputs go to one file without a
  /// name.
  explicit ChildProcess(const std::vector<std::string>& arguments,
                        const std::map<std::string, std::string>& variables = {});
  /// Kills it if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  void signal(int number) const;
  /// Exit code; 128 + signal if a signal ended it.
  int wait();
  [[nodiscard]] bool is_running();
  [[nodiscard]] std::string output() const;

 private:
  OutputFile output_;
  pid_t child_;
  int exit_code_ = -1;
};

}  // namespace rdenoise::test
