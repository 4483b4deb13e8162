// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn preview: a camera or a file, denoised while it plays.
#include <CLI/CLI.hpp>
#include <memory>

#include "command.hpp"
#include "session.hpp"

namespace rdn {
namespace {

constexpr double longest_s = 1e6;

/// The last sink that autovideosink tries; without a console, its start ends the process.
void avoid_directfb() {
  GstPluginFeature* sink = gst_registry_lookup_feature(gst_registry_get(), "dfbvideosink");
  if (sink == nullptr) return;
  gst_plugin_feature_set_rank(sink, GST_RANK_NONE);
  gst_object_unref(sink);
}

int run(const preview::Options& options) {
  gst_init(nullptr, nullptr);
  if (GstElementFactory* factory = gst_element_factory_find("rdenoise"))
    gst_object_unref(factory);
  else
    throw std::runtime_error(
        "preview: expected GStreamer's plugin rdenoise, found none; is it installed, or GST_PLUGIN_PATH set to its "
        "folder?");
  avoid_directfb();
  preview::Session(options).run();
  return exit_done;
}

}  // namespace

void add_preview_command(CLI::App& parent, Action& chosen) {
  CLI::App& command = *parent.add_subcommand("preview", "Watch a camera or a file being denoised");
  const auto options = std::make_shared<preview::Options>();
  command.add_option("--source", options->source,
                     "/dev/videoN, libcamera[://NAME], a video file, or test (default: the first V4L2 camera)");
  command.add_option("--sink", options->sink, "window, fake, or a file to write: .mkv, .webm or .mp4")
      ->capture_default_str();
  command.add_flag("--compare", options->compare, "Left of a divider the picture as it comes");
  command.add_option("--preset", options->preset, "lightest, light, live, balanced or best")
      ->check(CLI::IsMember(preview::preset_names()))
      ->capture_default_str();
  command.add_option("--model", options->model, "A model's name or folder, in place of the preset's");
  command.add_option("--sigma", options->sigma_8bit, "Noise in 8-bit steps (below 0: measured)")
      ->check(CLI::Range(-1.0, 255.0))
      ->capture_default_str();
  command.add_option("--strength", options->strength, "Factor on the noise level")
      ->check(CLI::Range(0.1, 4.0))
      ->capture_default_str();
  command.add_option("--size", options->size, "WxH of a camera or of the test source");
  command.add_option("--rate", options->frame_rate, "Frames a second of a camera or of the test source")
      ->check(CLI::Range(0.0, 1000.0));
  command.add_option("--test-noise", options->test_sigma_8bit, "Noise of the test source in 8-bit steps")
      ->check(CLI::Range(0.0, 255.0))
      ->capture_default_str();
  command.add_flag("--bayer", options->bayer, "The camera gives mosaics, which are denoised before development");
  command.add_flag("--loop", options->loop, "Begin a file again at its end");
  command.add_option("--duration", options->duration_s, "Leave after so many seconds (0: not)")
      ->check(CLI::Range(0.0, longest_s));
  command.add_flag("!--no-overlay", options->overlay, "No figures on the picture");
  command.add_flag("--json", options->json, "Figures as one JSON object each second, and a last one");
  command.footer(std::string("Keys, in the window or the terminal:\n") + std::string(preview::keys_help()));
  command.callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace rdn
