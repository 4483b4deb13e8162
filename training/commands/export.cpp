// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn-train export: a model folder from a checkpoint, or a part of one.
#include "command.hpp"
#include "model_export.hpp"

namespace rdenoise::training {

void add_export_command(CLI::App& parent, Action& chosen) {
  struct Arguments {
    std::string checkpoint;
    std::string folder;
    std::string which = "best";
    std::string class_name;
    bool half = false;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& command = *parent.add_subcommand(
      "export", "Write a model folder from a checkpoint; a classifier's is written into the folder of its model");
  command.add_option("checkpoint", arguments->checkpoint, "Checkpoint file")->required()->check(CLI::ExistingFile);
  command.add_option("folder", arguments->folder, "Model folder, made if it does not exist")->required();
  command
      .add_option("--which", arguments->which,
                  "best: the averaged weights of the best validation (the last ones before the first validation); "
                  "last: those of the last step")
      ->check(CLI::IsMember({"best", "last"}))
      ->capture_default_str();
  command.add_option(
      "--class", arguments->class_name,
      "Write the weights of this class of pictures, classes/NAME.safetensors, in place of those for all");
  command.add_flag("--half", arguments->half, "Keep the weights as F16, in half the room (not a classifier's)");
  command.callback([arguments, &chosen] {
    chosen = [arguments] {
      const WhichWeights which = arguments->which == "best" ? WhichWeights::best : WhichWeights::last;
      const StoredNumber stored = arguments->half ? StoredNumber::f16 : StoredNumber::f32;
      const Checkpoint checkpoint = read_checkpoint(arguments->checkpoint);
      if (arguments->class_name.empty())
        export_model(checkpoint, arguments->folder, which, stored);
      else
        export_class(checkpoint, arguments->folder, arguments->class_name, which, stored);
      return 0;
    };
  });
}

}  // namespace rdenoise::training
