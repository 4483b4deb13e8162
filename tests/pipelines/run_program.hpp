// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs a program as a user would and keeps what it says.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace rdenoise::test {

struct ProgramResult {
  int exit_code = -1;    ///< 128 + signal if a signal ended it
  std::string out;       ///< stdout
  std::string messages;  ///< stderr
};

/// arguments[0] is the program, looked up in PATH; stdin is empty. The environment is this process's own.
[[nodiscard]] ProgramResult run_program(const std::vector<std::string>& arguments);

/// rdn with its arguments.
[[nodiscard]] ProgramResult run_rdn(std::vector<std::string> arguments);

}  // namespace rdenoise::test
