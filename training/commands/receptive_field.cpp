// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn-train receptive-field: how much of its receptive field a model uses.
#include <iostream>

#include "command.hpp"
#include "effective_receptive_field.hpp"

namespace rdenoise::training {

void add_receptive_field_command(CLI::App& parent, Action& chosen) {
  const auto model = std::make_shared<std::string>();
  CLI::App& command = *parent.add_subcommand("receptive-field", "Measure how much of its receptive field a model uses");
  command.add_option("model", *model, "Model name, folder or .safetensors file")->required();
  command.callback([model, &chosen] {
    chosen = [model] {
      const EffectiveReceptiveField measured = measure_receptive_field(load_model(*model));
      std::cout << "theoretical " << measured.theoretical_px << " px\neffective " << measured.effective_px << " px\n";
      return 0;
    };
  });
}

}  // namespace rdenoise::training
