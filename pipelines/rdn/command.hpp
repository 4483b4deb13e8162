// SPDX-License-Identifier: LGPL-2.1-or-later
// What a subcommand of rdn is: options added to the parser, and an action that runs once parsing is over.
#pragma once

#include <functional>
#include <stdexcept>

#include "command_line_classes.hpp"

namespace rdn {

/// Exit codes of every subcommand.
inline constexpr int exit_done = 0;
inline constexpr int exit_input_failed = 1;
inline constexpr int exit_usage = 2;

/// The subcommand that the user called, ready to run; returns an exit code.
using Action = std::function<int()>;

/// A wrong call that the parser alone cannot see; main turns it into exit_usage.
class UsageError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Each adds its subcommand to `parent`; if the user called it, `chosen` is set.
void add_denoise_command(CLI::App& parent, Action& chosen);
void add_batch_command(CLI::App& parent, Action& chosen);
void add_noise_add_command(CLI::App& parent, Action& chosen);
void add_noise_calibrate_command(CLI::App& parent, Action& chosen);
void add_noise_estimate_command(CLI::App& parent, Action& chosen);
void add_noise_plot_command(CLI::App& parent, Action& chosen);
void add_metrics_command(CLI::App& parent, Action& chosen);
void add_eval_command(CLI::App& parent, Action& chosen);
void add_model_list_command(CLI::App& parent, Action& chosen);
void add_model_info_command(CLI::App& parent, Action& chosen);
void add_model_import_command(CLI::App& parent, Action& chosen);
void add_model_calibrate_command(CLI::App& parent, Action& chosen);
void add_bench_command(CLI::App& parent, Action& chosen);
/// Where the GStreamer plugin is built.
void add_preview_command(CLI::App& parent, Action& chosen);

}  // namespace rdn
