// SPDX-License-Identifier: LGPL-2.1-or-later
// Registers the plugin's features, and nothing else: the registry scanner runs this for every user.
#include <gst/gst.h>
#include <gst/tag/tag.h>

#include "bridge/noise_meta.hpp"
#include "bridge/raw_info_meta.hpp"
#include "raw_typefinder.hpp"
#include "rddevelop.hpp"
#include "rdenoise.hpp"
#include "rdnoise.hpp"
#include "rdnoiseest.hpp"
#include "rdrawdec.hpp"

static gboolean plugin_init(GstPlugin* plugin) {
  rdenoise::gst::register_noise_meta();
  rdenoise::gst::register_raw_info_meta();
  gst_tag_register_musicbrainz_tags();  // which, in spite of its name, registers the tags of EXIF too
  gboolean registered = rdenoise::gst::register_raw_typefinder(plugin);
  registered |= GST_ELEMENT_REGISTER(rdrawdec, plugin);
  registered |= GST_ELEMENT_REGISTER(rdnoise, plugin);
  registered |= GST_ELEMENT_REGISTER(rdnoiseest, plugin);
  registered |= GST_ELEMENT_REGISTER(rdenoise, plugin);
  registered |= GST_ELEMENT_REGISTER(rddevelop, plugin);
  return registered;
}

#define PACKAGE "rdenoise"
GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, rdenoise, "CNN denoising of video and camera RAW", plugin_init,
                  RDENOISE_VERSION, "LGPL", "rdenoise", "rdenoise")
