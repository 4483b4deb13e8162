// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn-train: trains a network of the registry by a recipe, and exports it as a model folder.
#include <iostream>

#include "build_commit.hpp"
#include "commands/command.hpp"

int main(int argc, char** argv) {
  using namespace rdenoise::training;
  CLI::App app{
      "Trains denoising networks by a recipe. Exit codes: 0 done, 1 an input failed, 2 wrong usage.\n\n"
      "  rdn-train recipes/ffdnet-gray.toml --data DIR --out runs\n"
      "  rdn-train export runs/ffdnet-gray.ckpt models/ffdnet-gray\n"
      "  rdn-train card models/ffdnet-gray --data TEST-SETS",
      "rdn-train"};
  app.set_version_flag("--version", build_commit());
  app.require_subcommand(0, 1);
  Action chosen;
  add_train_command(app, chosen);
  add_export_command(app, chosen);
  add_card_command(app, chosen);
  add_confusion_command(app, chosen);
  add_receptive_field_command(app, chosen);
  add_study_command(app, chosen);
  try {
    app.parse(argc, argv);
    return chosen();
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::cerr << "rdn-train: " << error.what() << '\n';
    return 1;
  }
}
