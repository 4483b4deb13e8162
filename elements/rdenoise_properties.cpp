// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rdenoise_properties.hpp"

namespace rdenoise::gst {
namespace {

GType precision_type() {
  static const GType type = [] {
    static const GEnumValue values[] = {
        {static_cast<int>(Precision::automatic), "Fastest that is exact enough", "auto"},
        {static_cast<int>(Precision::f32), "32-bit float", "f32"},
        {static_cast<int>(Precision::bf16), "16-bit brain float", "bf16"},
        {static_cast<int>(Precision::int8), "8-bit integer", "int8"},
        {0, nullptr, nullptr}};
    return g_enum_register_static("RdPrecision", values);
  }();
  return type;
}

GType preset_type() {
  static const GType type = [] {
    static const GEnumValue values[] = {{static_cast<int>(Preset::none), "The default model of the format", "none"},
                                        {static_cast<int>(Preset::lightest), "Least time for a frame", "lightest"},
                                        {static_cast<int>(Preset::light), "Between lightest and live", "light"},
                                        {static_cast<int>(Preset::live), "Full HD in real time", "live"},
                                        {static_cast<int>(Preset::balanced), "Between live and best", "balanced"},
                                        {static_cast<int>(Preset::best), "Best picture", "best"},
                                        {0, nullptr, nullptr}};
    return g_enum_register_static("RdPreset", values);
  }();
  return type;
}

GType temporal_type() {
  static const GType type = [] {
    static const GEnumValue values[] = {
        {static_cast<int>(Temporal::automatic), "With a preset", "auto"},
        {static_cast<int>(Temporal::off), "Each frame by itself", "off"},
        {static_cast<int>(Temporal::on), "Wherever the network can be told what noise is left", "on"},
        {0, nullptr, nullptr}};
    return g_enum_register_static("RdTemporal", values);
  }();
  return type;
}

}  // namespace

void install_denoise_properties(GObjectClass* object_class) {
  const auto playing = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);
  const auto controllable = static_cast<GParamFlags>(playing | GST_PARAM_CONTROLLABLE);
  g_object_class_install_property(
      object_class, prop_model,
      g_param_spec_string(
          "model", "Model",
          "Name of a model on RDENOISE_MODEL_PATH or in the installed data folder, or the path of a model "
          "folder or .safetensors file (null: by preset and colour model). Loaded with the next frame",
          nullptr, playing));
  g_object_class_install_property(
      object_class, prop_sigma,
      g_param_spec_double("sigma", "Sigma",
                          "Standard deviation of white noise in 8-bit steps: 25 is 25/255 of the range from black to "
                          "white (below 0: from the buffer's noise profile, else estimated)",
                          -1.0, 255.0, -1.0, controllable));
  g_object_class_install_property(
      object_class, prop_strength,
      g_param_spec_double("strength", "Strength",
                          "Factor on the noise level that the network is told (0: frames pass through bit by bit)", 0.0,
                          10.0, 1.0, controllable));
  g_object_class_install_property(
      object_class, prop_precision,
      g_param_spec_enum("precision", "Precision",
                        "Arithmetic of the network. A change takes effect with the next frame", precision_type(),
                        static_cast<int>(Precision::automatic), playing));
  g_object_class_install_property(
      object_class, prop_tile_size,
      g_param_spec_int("tile-size", "Tile size",
                       "Edge of the part that is denoised at once, in pixels (0: chosen by size and cores)", 0, 65536,
                       0, playing));
  g_object_class_install_property(
      object_class, prop_n_threads,
      g_param_spec_int("n-threads", "Threads", "Threads that share a frame (0: all cores)", 0, 1024, 0, playing));
  g_object_class_install_property(
      object_class, prop_stabilise_variance,
      g_param_spec_boolean("stabilise-variance", "Stabilise variance",
                           "Give the network noise of one strength everywhere, by variance stabilisation; for models "
                           "that know white noise only. A change takes effect with the next frame",
                           FALSE, playing));
  g_object_class_install_property(
      object_class, prop_picture_class,
      g_param_spec_string("picture-class", "Picture class",
                          "Weights of a class-aware model: auto (by its classifier, shot by shot), none (those for all "
                          "pictures) or the name of a class. A change takes effect with the next frame",
                          DenoiseOptions{}.picture_class.c_str(), playing));
  g_object_class_install_property(
      object_class, prop_current_picture_class,
      g_param_spec_string(current_picture_class_name, "Current picture class",
                          "Class that the last frame was denoised as, none for the weights for all pictures (null: the "
                          "model has no classes). Each change is posted as element message rdenoise-picture-class",
                          nullptr, static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
  g_object_class_install_property(
      object_class, prop_preset,
      g_param_spec_enum("preset", "Preset",
                        "Model by how much time there is. Live has a small one for every format; 4:2:0 video has its "
                        "own for lightest, light and balanced, too. Where frames have a deadline (live, or late "
                        "downstream), cheaper presets stand in while this one is "
                        "too slow, and each change is posted as element message rdenoise-quality. Without effect if a "
                        "model is set",
                        preset_type(), static_cast<int>(Preset::none), playing));
  g_object_class_install_property(
      object_class, prop_temporal,
      g_param_spec_enum("temporal", "Temporal",
                        "Average frames over time before the network, wherever nothing moves, and tell it how much "
                        "noise is left where. Adds no latency; a frame's result then depends on those before it. "
                        "Auto: with the network of a preset. A change takes effect with the next frame",
                        temporal_type(), static_cast<int>(Temporal::automatic), playing));
  g_object_class_install_property(
      object_class, prop_stats,
      g_param_spec_boxed("stats", "Statistics",
                         "frames denoised and dropped (uint64), cost-mean-ms and cost-p95-ms of a frame over the last "
                         "seconds (double), budget-ms from frame to frame (double, 0: not known), latency added to a "
                         "live stream (uint64, ns), model and quality (preset) in use (string), switches of quality "
                         "(uint64)",
                         GST_TYPE_STRUCTURE, static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
  gst_type_mark_as_plugin_api(precision_type(), static_cast<GstPluginAPIFlags>(0));
  gst_type_mark_as_plugin_api(preset_type(), static_cast<GstPluginAPIFlags>(0));
  gst_type_mark_as_plugin_api(temporal_type(), static_cast<GstPluginAPIFlags>(0));
}

bool set_denoise_property(DenoiseSettings& settings, guint id, const GValue* value) {
  switch (id) {
    case prop_model: {
      const char* model = g_value_get_string(value);
      settings.model = model != nullptr ? model : "";
      return true;
    }
    case prop_preset:
      settings.preset = static_cast<Preset>(g_value_get_enum(value));
      return true;
    case prop_temporal:
      settings.temporal = static_cast<Temporal>(g_value_get_enum(value));
      return true;
    case prop_sigma:
      settings.sigma_8bit = g_value_get_double(value);
      return true;
    case prop_strength:
      settings.strength = g_value_get_double(value);
      return true;
    case prop_precision:
      settings.precision = static_cast<Precision>(g_value_get_enum(value));
      return true;
    case prop_tile_size:
      settings.tile_size_px = g_value_get_int(value);
      return true;
    case prop_n_threads:
      settings.n_threads = g_value_get_int(value);
      return true;
    case prop_stabilise_variance:
      settings.stabilise_variance = g_value_get_boolean(value) != FALSE;
      return true;
    case prop_picture_class: {
      const char* word = g_value_get_string(value);
      settings.picture_class = word != nullptr ? word : DenoiseOptions{}.picture_class;
      return true;
    }
    default:
      return false;
  }
}

bool get_denoise_property(const DenoiseSettings& settings, guint id, GValue* value) {
  switch (id) {
    case prop_model:
      g_value_set_string(value, settings.model.empty() ? nullptr : settings.model.c_str());
      return true;
    case prop_preset:
      g_value_set_enum(value, static_cast<int>(settings.preset));
      return true;
    case prop_temporal:
      g_value_set_enum(value, static_cast<int>(settings.temporal));
      return true;
    case prop_sigma:
      g_value_set_double(value, settings.sigma_8bit);
      return true;
    case prop_strength:
      g_value_set_double(value, settings.strength);
      return true;
    case prop_precision:
      g_value_set_enum(value, static_cast<int>(settings.precision));
      return true;
    case prop_tile_size:
      g_value_set_int(value, settings.tile_size_px);
      return true;
    case prop_n_threads:
      g_value_set_int(value, settings.n_threads);
      return true;
    case prop_stabilise_variance:
      g_value_set_boolean(value, settings.stabilise_variance);
      return true;
    case prop_picture_class:
      g_value_set_string(value, settings.picture_class.c_str());
      return true;
    default:
      return false;
  }
}

}  // namespace rdenoise::gst
