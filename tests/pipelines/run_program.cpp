// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_program.hpp"

#include "support/spawn.hpp"

namespace rdenoise::test {

ProgramResult run_program(const std::vector<std::string>& arguments) {
  const OutputFile out;
  const OutputFile messages;
  const int exit_code = wait_for_end(spawn(arguments, out.descriptor(), messages.descriptor()));
  return {exit_code, out.text(), messages.text()};
}

ProgramResult run_rdn(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), RDN_PROGRAM);
  return run_program(arguments);
}

}  // namespace rdenoise::test
