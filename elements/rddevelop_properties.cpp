// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rddevelop_properties.hpp"

namespace rdenoise::gst {
namespace {

template <typename Enum>
GEnumValue enum_value(Enum value, const char* name, const char* nick) {
  return {static_cast<int>(value), name, nick};
}

GType white_balance_type() {
  static const GType type = [] {
    static const GEnumValue values[] = {
        enum_value(WhiteBalance::camera, "As shot; gray world where the buffer does not say", "camera"),
        enum_value(WhiteBalance::automatic, "Gray world", "auto"),
        enum_value(WhiteBalance::none, "Gains of 1", "none"),
        {0, nullptr, nullptr}};
    return g_enum_register_static("RdWhiteBalance", values);
  }();
  return type;
}

GType demosaic_type() {
  static const GType type = [] {
    static const GEnumValue values[] = {
        enum_value(DemosaicMethod::bilinear, "Mean of the nearest sites", "bilinear"),
        enum_value(DemosaicMethod::malvar, "Linear, corrected by gradients (Malvar, He, Cutler)", "malvar"),
        enum_value(DemosaicMethod::gbtf, "Colour differences weighted by gradients (Pekkucuksen, Altunbasak)", "gbtf"),
        {0, nullptr, nullptr}};
    return g_enum_register_static("RdDemosaic", values);
  }();
  return type;
}

GType color_matrix_type() {
  static const GType type = [] {
    static const GEnumValue values[] = {
        enum_value(ColorMatrix::camera, "From camera to sRGB; none where the buffer does not say", "camera"),
        enum_value(ColorMatrix::none, "Colours of the sensor", "none"),
        {0, nullptr, nullptr}};
    return g_enum_register_static("RdColorMatrix", values);
  }();
  return type;
}

GType tone_curve_type() {
  static const GType type = [] {
    static const GEnumValue values[] = {enum_value(ToneCurve::srgb, "IEC 61966-2-1", "srgb"),
                                        enum_value(ToneCurve::bt709, "ITU-R BT.709", "bt709"),
                                        enum_value(ToneCurve::linear, "Linear light", "linear"),
                                        {0, nullptr, nullptr}};
    return g_enum_register_static("RdToneCurve", values);
  }();
  return type;
}

}  // namespace

void install_develop_properties(GObjectClass* object_class) {
  const auto playing = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);
  const auto controllable = static_cast<GParamFlags>(playing | GST_PARAM_CONTROLLABLE);
  const DevelopSettings defaults;
  const auto install = [&](guint id, GParamSpec* spec) { g_object_class_install_property(object_class, id, spec); };
  install(prop_white_balance,
          g_param_spec_enum("white-balance", "White balance", "Where the gains of red and blue come from",
                            white_balance_type(), static_cast<int>(defaults.white_balance), playing));
  install(prop_demosaic, g_param_spec_enum("demosaic", "Demosaicing", "How missing colours are interpolated",
                                           demosaic_type(), static_cast<int>(defaults.demosaic), playing));
  install(prop_color_matrix, g_param_spec_enum("color-matrix", "Colour matrix", "Where the colour matrix comes from",
                                               color_matrix_type(), static_cast<int>(defaults.color_matrix), playing));
  install(prop_exposure, g_param_spec_double("exposure", "Exposure", "Exposure correction in EV: 1 doubles the light",
                                             -10.0, 10.0, defaults.exposure_ev, controllable));
  install(prop_tone_curve, g_param_spec_enum("tone-curve", "Tone curve", "From linear light to stored values",
                                             tone_curve_type(), static_cast<int>(defaults.tone_curve), playing));
  install(prop_black_level, g_param_spec_double("black-level", "Black level",
                                                "Stored number that stands for black (below 0: the camera's, else 0)",
                                                -1.0, 65535.0, defaults.black_level_dn, controllable));
  install(prop_white_level,
          g_param_spec_double("white-level", "White level",
                              "Stored number that stands for white (below 0: the camera's, else the format's largest)",
                              -1.0, 65535.0, defaults.white_level_dn, controllable));
  install(prop_n_threads, g_param_spec_int("n-threads", "Threads", "Threads that share a frame (0: all cores)", 0, 1024,
                                           defaults.n_threads, playing));
  for (const GType type : {white_balance_type(), demosaic_type(), color_matrix_type(), tone_curve_type()}) {
    gst_type_mark_as_plugin_api(type, static_cast<GstPluginAPIFlags>(0));
  }
}

bool set_develop_property(DevelopSettings& settings, guint id, const GValue* value) {
  switch (id) {
    case prop_white_balance:
      settings.white_balance = static_cast<WhiteBalance>(g_value_get_enum(value));
      return true;
    case prop_demosaic:
      settings.demosaic = static_cast<DemosaicMethod>(g_value_get_enum(value));
      return true;
    case prop_color_matrix:
      settings.color_matrix = static_cast<ColorMatrix>(g_value_get_enum(value));
      return true;
    case prop_exposure:
      settings.exposure_ev = g_value_get_double(value);
      return true;
    case prop_tone_curve:
      settings.tone_curve = static_cast<ToneCurve>(g_value_get_enum(value));
      return true;
    case prop_black_level:
      settings.black_level_dn = g_value_get_double(value);
      return true;
    case prop_white_level:
      settings.white_level_dn = g_value_get_double(value);
      return true;
    case prop_n_threads:
      settings.n_threads = g_value_get_int(value);
      return true;
    default:
      return false;
  }
}

bool get_develop_property(const DevelopSettings& settings, guint id, GValue* value) {
  switch (id) {
    case prop_white_balance:
      g_value_set_enum(value, static_cast<int>(settings.white_balance));
      return true;
    case prop_demosaic:
      g_value_set_enum(value, static_cast<int>(settings.demosaic));
      return true;
    case prop_color_matrix:
      g_value_set_enum(value, static_cast<int>(settings.color_matrix));
      return true;
    case prop_exposure:
      g_value_set_double(value, settings.exposure_ev);
      return true;
    case prop_tone_curve:
      g_value_set_enum(value, static_cast<int>(settings.tone_curve));
      return true;
    case prop_black_level:
      g_value_set_double(value, settings.black_level_dn);
      return true;
    case prop_white_level:
      g_value_set_double(value, settings.white_level_dn);
      return true;
    case prop_n_threads:
      g_value_set_int(value, settings.n_threads);
      return true;
    default:
      return false;
  }
}

}  // namespace rdenoise::gst
