// SPDX-License-Identifier: LGPL-2.1-or-later
// The pipeline of a preview as gst-launch writes it.
#pragma once

#include <string>

#include "options.hpp"

namespace rdn::preview {

/// Where frames come from.
struct Source {
  std::string text;      ///< elements, up to and without the first link
  bool is_live = false;  ///< a camera: frames that come too fast are dropped
  bool is_file = false;  ///< can be looped and sought
};

/// throws  UsageError for a source that is none
[[nodiscard]] Source source_of(const Options& options);

/// Where frames go, from raw video on: those of a file at their time, those of a camera at once.  throws  UsageError
/// for a file whose ending stands for no container, or if no encoder for it is installed
[[nodiscard]] std::string sink_text(const Options& options, bool is_live);

/// SOURCE ! queue ! rdnoiseest ! rdenoise ! [rddevelop !] [textoverlay !] SINK. What the preview talks to later has a
/// name: entry (the queue), estimate, denoise, text, sink.
[[nodiscard]] std::string pipeline_text(const Options& options);

}  // namespace rdn::preview
