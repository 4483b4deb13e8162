// SPDX-License-Identifier: LGPL-2.1-or-later
// What a subcommand of rdn-train is: options added to the parser, and an action that runs once parsing is over.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

namespace rdenoise::training {

/// What the user called, ready to run; returns an exit code.
using Action = std::function<int()>;

/// Training is the program without a subcommand.
void add_train_command(CLI::App& app, Action& chosen);

/// Each adds its subcommand to `parent`; if the user called it, `chosen` is set.
void add_export_command(CLI::App& parent, Action& chosen);
void add_card_command(CLI::App& parent, Action& chosen);
void add_confusion_command(CLI::App& parent, Action& chosen);
void add_receptive_field_command(CLI::App& parent, Action& chosen);
void add_study_command(CLI::App& parent, Action& chosen);

/// For CLI11: durations as parse_duration_s reads them.
[[nodiscard]] CLI::Validator a_duration();

}  // namespace rdenoise::training
