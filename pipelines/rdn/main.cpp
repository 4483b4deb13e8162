// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn: denoising, noise and quality figures on the command line.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <new>
#include <rdenoise/error.hpp>
#include <span>
#include <string>
#include <vector>

#include "command.hpp"

namespace {

/// The parser would say no more than that a subcommand is missing.
void check_subcommands(const CLI::App& app, std::span<char*> words) {
  const std::vector<const CLI::App*> commands = app.get_subcommands({});
  if (app.get_require_subcommand_min() == 0 || words.empty() || words[0][0] == '-') return;
  std::string names;
  for (const CLI::App* command : commands) {
    if (command->check_name(words[0])) return check_subcommands(*command, words.subspan(1));
    names += (names.empty() ? "" : ", ") + command->get_name();
  }
  throw rdn::UsageError((app.get_parent() == nullptr ? "" : app.get_name() + ": ") + "expected " + names + "; found " +
                        words[0]);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "CNN denoising of pictures and camera RAW. Results go to stdout, messages to stderr.\n"
      "Exit codes: 0 all done, 1 an input failed, 2 wrong usage.",
      "rdn"};
  app.set_version_flag("--version", RDENOISE_VERSION);
  app.require_subcommand(1);
  rdn::Action chosen;
  rdn::add_denoise_command(app, chosen);
  rdn::add_batch_command(app, chosen);
  CLI::App& noise = *app.add_subcommand("noise", "Add noise, or measure it")->require_subcommand(1);
  rdn::add_noise_add_command(noise, chosen);
  rdn::add_noise_estimate_command(noise, chosen);
  rdn::add_noise_calibrate_command(noise, chosen);
  rdn::add_noise_plot_command(noise, chosen);
  rdn::add_metrics_command(app, chosen);
  rdn::add_eval_command(app, chosen);
  CLI::App& model = *app.add_subcommand("model", "List, show, import and calibrate models")->require_subcommand(1);
  rdn::add_model_list_command(model, chosen);
  rdn::add_model_info_command(model, chosen);
  rdn::add_model_import_command(model, chosen);
  rdn::add_model_calibrate_command(model, chosen);
  rdn::add_bench_command(app, chosen);
#if RDN_HAS_PREVIEW
  rdn::add_preview_command(app, chosen);
#endif

  try {
    check_subcommands(app, std::span(argv, static_cast<std::size_t>(argc)).subspan(1));
    app.parse(argc, argv);
    return chosen();
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? rdn::exit_done : rdn::exit_usage;
  } catch (const rdn::UsageError& error) {
    std::fprintf(stderr, "rdn: %s\n", error.what());
    return rdn::exit_usage;
  } catch (const rdenoise::Error& error) {
    std::fprintf(stderr, "rdn: %s\n", error.what());
    return rdn::exit_input_failed;
  } catch (const std::bad_alloc&) {
    std::fputs("rdn: out of memory\n", stderr);
    return rdn::exit_input_failed;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rdn: %s\n", error.what());
    return rdn::exit_input_failed;
  }
}
