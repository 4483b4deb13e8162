// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rdenoise_presets.hpp"

#include <rdenoise/preset.hpp>
#include <string>

namespace rdenoise::gst {
namespace {

/// GStreamer's own functions, which keep presets in files.
GstPresetInterface files;

bool is_built_in(const char* name) {
  for (const Preset preset : presets)
    if (preset != Preset::none && to_string(preset) == name) return true;
  return false;
}

gchar** names(GstPreset* preset) {
  GStrvBuilder* builder = g_strv_builder_new();
  for (const Preset built_in : presets)
    if (built_in != Preset::none) g_strv_builder_add(builder, std::string(to_string(built_in)).c_str());
  gchar** saved = files.get_preset_names(preset);
  for (gchar** name = saved; name != nullptr && *name != nullptr; ++name)
    if (!is_built_in(*name)) g_strv_builder_add(builder, *name);
  g_strfreev(saved);
  gchar** all = g_strv_builder_end(builder);
  g_strv_builder_unref(builder);
  return all;
}

gboolean load(GstPreset* preset, const gchar* name) {
  if (!is_built_in(name)) return files.load_preset(preset, name);
  gst_util_set_object_arg(G_OBJECT(preset), preset_property_name, name);
  return TRUE;
}

gboolean save(GstPreset* preset, const gchar* name) {
  return is_built_in(name) ? FALSE : files.save_preset(preset, name);
}

gboolean rename(GstPreset* preset, const gchar* old_name, const gchar* new_name) {
  return is_built_in(old_name) || is_built_in(new_name) ? FALSE : files.rename_preset(preset, old_name, new_name);
}

gboolean remove(GstPreset* preset, const gchar* name) {
  return is_built_in(name) ? FALSE : files.delete_preset(preset, name);
}

gboolean set_meta(GstPreset* preset, const gchar* name, const gchar* tag, const gchar* value) {
  return is_built_in(name) ? FALSE : files.set_meta(preset, name, tag, value);
}

gboolean get_meta(GstPreset* preset, const gchar* name, const gchar* tag, gchar** value) {
  if (!is_built_in(name)) return files.get_meta(preset, name, tag, value);
  *value = nullptr;
  return FALSE;
}

}  // namespace

void init_preset_interface(gpointer interface, gpointer) {
  auto* presets_of_rdenoise = static_cast<GstPresetInterface*>(interface);
  files = *presets_of_rdenoise;
  presets_of_rdenoise->get_preset_names = names;
  presets_of_rdenoise->load_preset = load;
  presets_of_rdenoise->save_preset = save;
  presets_of_rdenoise->rename_preset = rename;
  presets_of_rdenoise->delete_preset = remove;
  presets_of_rdenoise->set_meta = set_meta;
  presets_of_rdenoise->get_meta = get_meta;
}

}  // namespace rdenoise::gst
