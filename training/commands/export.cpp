// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn-train export: a model folder from a checkpoint.
#include "command.hpp"
#include "model_export.hpp"

namespace rdenoise::training {

void add_export_command(CLI::App& parent, Action& chosen) {
  struct Arguments {
    std::string checkpoint;
    std::string folder;
    std::string which = "best";
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& command = *parent.add_subcommand("export", "Write a model folder from a checkpoint");
  command.add_option("checkpoint", arguments->checkpoint, "Checkpoint file")->required()->check(CLI::ExistingFile);
  command.add_option("folder", arguments->folder, "Model folder, made if it does not exist")->required();
  command
      .add_option("--which", arguments->which,
                  "best: the averaged weights of the best validation (the last ones before the first validation); "
                  "last: those of the last step")
      ->check(CLI::IsMember({"best", "last"}))
      ->capture_default_str();
  command.callback([arguments, &chosen] {
    chosen = [arguments] {
      export_model(read_checkpoint(arguments->checkpoint), arguments->folder,
                   arguments->which == "best" ? WhichWeights::best : WhichWeights::last);
      return 0;
    };
  });
}

}  // namespace rdenoise::training
