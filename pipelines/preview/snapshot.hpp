// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <filesystem>

namespace rdn::preview {

/// Writes the next frame that leaves the element as PNG, in a thread of its own: the preview goes on meanwhile. The
/// path, or what went wrong, is said on stderr.
void take_snapshot(GstElement* element, const std::filesystem::path& path);

}  // namespace rdn::preview
