// SPDX-License-Identifier: LGPL-2.1-or-later
// rdnoiseest: measures the noise of raw video and Bayer mosaics, variance(x) = a·x + b for each colour, x from 0
// (black) to 1 (white). Pixels stay untouched. Each buffer gets the profile as meta RdNoiseProfile, which rdenoise
// reads, and each measurement is posted as element message `rdnoiseest`:
//   timestamp (uint64, ns), format (string), width, height (int), a, b (arrays of double), sigma-8bit (double, noise at
//   half of white in 8-bit steps), confidence (double, 0 … 1: how far the picture allowed an estimate).
//
//   gst-launch-1.0 -m v4l2src num-buffers=50 ! videoconvert ! rdnoiseest ! fakesink
//   gst-launch-1.0 -m filesrc location=photo.dng ! rdrawdec ! rdnoiseest ! fakesink
#include "rdnoiseest.hpp"

#include <optional>

#include "bridge/caps.hpp"
#include "bridge/errors.hpp"
#include "bridge/frame_buffers.hpp"
#include "bridge/mapped_frame.hpp"
#include "bridge/noise_meta.hpp"
#include "bridge/raw_info_meta.hpp"
#include "bridge/transform_class.hpp"
#include "noise_tracker.hpp"

GST_DEBUG_CATEGORY_STATIC(rdnoiseest_debug);
#define GST_CAT_DEFAULT rdnoiseest_debug

namespace rdenoise::gst {
namespace {

enum Property { prop_method = 1, prop_interval, prop_smoothing, prop_post_messages, prop_stats };

/// What the user asked for. Guarded by the object lock; copied out once for each frame.
struct Settings {
  TrackerOptions tracker;
  bool post_messages = true;
};

/// What negotiation and the stream gave. Touched by the streaming thread alone, and while there is none.
struct State {
  std::optional<FrameFormat> format;
  FrameLevels levels;
  NoiseTracker tracker;
};

}  // namespace

struct NoiseEstElement {
  Settings settings;
  GstStructure* stats = nullptr;  ///< last measurement, for the property; guarded by the object lock
  State state;
};

}  // namespace rdenoise::gst

using rdenoise::gst::NoiseEstElement;

struct _RdNoiseEst {
  GstBaseTransform parent;
  NoiseEstElement* element;
};

G_DEFINE_FINAL_TYPE(RdNoiseEst, rd_noise_est, GST_TYPE_BASE_TRANSFORM)
GST_ELEMENT_REGISTER_DEFINE(rdnoiseest, "rdnoiseest", GST_RANK_NONE, RD_TYPE_NOISE_EST)

namespace rdenoise::gst {
namespace {

GType method_type() {
  static const GType type = [] {
    static const GEnumValue values[] = {
        {static_cast<int>(EstimateMethod::automatic), "By format and spectrum", "auto"},
        {static_cast<int>(EstimateMethod::poisson_gaussian), "Shot noise a and read noise b", "poisson-gaussian"},
        {static_cast<int>(EstimateMethod::gaussian), "White noise: a is 0", "gaussian"},
        {static_cast<int>(EstimateMethod::level_function), "Any function of the level, correlated noise",
         "level-function"},
        {0, nullptr, nullptr}};
    return g_enum_register_static("RdEstimateMethod", values);
  }();
  return type;
}

NoiseEstElement& element_of(gpointer object) { return *RD_NOISE_EST(object)->element; }

void replace_stats(RdNoiseEst* self, GstStructure* stats) {
  GST_OBJECT_LOCK(self);
  std::swap(self->element->stats, stats);
  GST_OBJECT_UNLOCK(self);
  if (stats != nullptr) gst_structure_free(stats);
}

void publish(RdNoiseEst* self, const Settings& settings, const MeasuredNoise& noise, GstClockTime timestamp) {
  GstStructure* stats =
      gst_structure_new("rdnoiseest", "timestamp", G_TYPE_UINT64, timestamp, "format", G_TYPE_STRING,
                        noise.domain.format.c_str(), "width", G_TYPE_INT, noise.domain.width_px, "height", G_TYPE_INT,
                        noise.domain.height_px, "sigma-8bit", G_TYPE_DOUBLE, sigma_8bit(noise.profile), nullptr);
  set_profile(stats, noise.profile);
  GST_DEBUG_OBJECT(self, "%" GST_PTR_FORMAT, stats);
  if (settings.post_messages) {
    gst_element_post_message(GST_ELEMENT(self), gst_message_new_element(GST_OBJECT(self), gst_structure_copy(stats)));
  }
  replace_stats(self, stats);
}

void measure(RdNoiseEst* self, GstBuffer* buffer) {
  GST_OBJECT_LOCK(self);
  Settings settings = self->element->settings;
  GST_OBJECT_UNLOCK(self);

  State& state = self->element->state;
  const FrameLevels levels = buffer_levels(buffer, *state.format);
  if (levels.channels != state.levels.channels) state.tracker.reset();
  state.levels = levels;
  const EstimateMethod method = settings.tracker.estimate.method;
  settings.tracker.estimate = buffer_estimate_options(buffer, *state.format);
  settings.tracker.estimate.method = method;
  NoiseTracker::Update update;
  {
    const MappedFrame frame(buffer, *state.format, levels, GST_MAP_READ);
    update = state.tracker.update(frame.view(), settings.tracker);
  }
  const MeasuredNoise noise{noise_domain(*state.format, levels), update.profile};
  attach_noise(buffer, noise);
  if (update.measured) publish(self, settings, noise, GST_BUFFER_PTS(buffer));
}

// ---- GstBaseTransform ----------------------------------------------------------------------------------------------

gboolean start(GstBaseTransform* base) {
  element_of(base).state = State{};
  replace_stats(RD_NOISE_EST(base), nullptr);
  return TRUE;
}

gboolean stop(GstBaseTransform* base) {
  element_of(base).state = State{};
  return TRUE;
}

gboolean set_caps(GstBaseTransform* base, GstCaps* in_caps, GstCaps*) {
  State& state = element_of(base).state;
  state.tracker.reset();
  state.format = parse_caps(in_caps);
  if (!state.format) GST_ERROR_OBJECT(base, "cannot handle caps %" GST_PTR_FORMAT, in_caps);
  return state.format.has_value();
}

/// A meta needs a writable buffer, not writable pixels: the base class would copy the whole frame.
GstFlowReturn prepare_output_buffer(GstBaseTransform*, GstBuffer* in, GstBuffer** out) {
  *out = gst_buffer_is_writable(in) ? in : gst_buffer_copy(in);
  return GST_FLOW_OK;
}

GstFlowReturn transform_ip(GstBaseTransform* base, GstBuffer* buffer) {
  auto* self = RD_NOISE_EST(base);
  return guarded(GST_ELEMENT(self), ErrorSource::stream, GST_FLOW_ERROR, [&] {
    measure(self, buffer);
    return GST_FLOW_OK;
  });
}

gboolean sink_event(GstBaseTransform* base, GstEvent* event) {
  switch (GST_EVENT_TYPE(event)) {
    // A discontinuity alone resets nothing: a leaky queue marks almost every frame so, and the tracker sees new scenes.
    case GST_EVENT_STREAM_START:
    case GST_EVENT_FLUSH_STOP:
    case GST_EVENT_SEGMENT:
      element_of(base).state.tracker.reset();
      break;
    default:
      break;
  }
  return GST_BASE_TRANSFORM_CLASS(rd_noise_est_parent_class)->sink_event(base, event);
}

/// Buffers go through, so downstream's pool and wishes are upstream's.
gboolean propose_allocation(GstBaseTransform* base, GstQuery*, GstQuery* query) {
  return gst_pad_peer_query(GST_BASE_TRANSFORM_SRC_PAD(base), query);
}

// ---- GObject -------------------------------------------------------------------------------------------------------

void set_property(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  Settings& settings = element_of(object).settings;
  GST_OBJECT_LOCK(object);
  switch (id) {
    case prop_method:
      settings.tracker.estimate.method = static_cast<EstimateMethod>(g_value_get_enum(value));
      break;
    case prop_interval:
      settings.tracker.interval_frames = g_value_get_int(value);
      break;
    case prop_smoothing:
      settings.tracker.smoothing = g_value_get_double(value);
      break;
    case prop_post_messages:
      settings.post_messages = g_value_get_boolean(value) != FALSE;
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
  GST_OBJECT_UNLOCK(object);
}

void get_property(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  const NoiseEstElement& element = element_of(object);
  GST_OBJECT_LOCK(object);
  switch (id) {
    case prop_method:
      g_value_set_enum(value, static_cast<int>(element.settings.tracker.estimate.method));
      break;
    case prop_interval:
      g_value_set_int(value, element.settings.tracker.interval_frames);
      break;
    case prop_smoothing:
      g_value_set_double(value, element.settings.tracker.smoothing);
      break;
    case prop_post_messages:
      g_value_set_boolean(value, element.settings.post_messages);
      break;
    case prop_stats:
      gst_value_set_structure(value, element.stats);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
  GST_OBJECT_UNLOCK(object);
}

void finalize(GObject* object) {
  replace_stats(RD_NOISE_EST(object), nullptr);
  delete RD_NOISE_EST(object)->element;
  G_OBJECT_CLASS(rd_noise_est_parent_class)->finalize(object);
}

void install_properties(GObjectClass* object_class) {
  const auto playing = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);
  g_object_class_install_property(object_class, prop_method,
                                  g_param_spec_enum("method", "Method", "Noise model that is fitted", method_type(),
                                                    static_cast<int>(TrackerOptions{}.estimate.method), playing));
  g_object_class_install_property(
      object_class, prop_interval,
      g_param_spec_int("interval", "Interval",
                       "Frames from one measurement to the next; the first frame of a scene is always measured", 1,
                       G_MAXINT, TrackerOptions{}.interval_frames, playing));
  g_object_class_install_property(
      object_class, prop_smoothing,
      g_param_spec_double(
          "smoothing", "Smoothing",
          "Share of earlier measurements of the scene in the profile (0: none; 1: the scene's first one "
          "is kept)",
          0.0, 1.0, TrackerOptions{}.smoothing, static_cast<GParamFlags>(playing | GST_PARAM_CONTROLLABLE)));
  g_object_class_install_property(object_class, prop_post_messages,
                                  g_param_spec_boolean("post-messages", "Post messages",
                                                       "Post an element message with each measurement", TRUE, playing));
  g_object_class_install_property(
      object_class, prop_stats,
      g_param_spec_boxed("stats", "Statistics", "The last measurement, as in the message (null before the first)",
                         GST_TYPE_STRUCTURE, static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
}

}  // namespace
}  // namespace rdenoise::gst

static void rd_noise_est_class_init(RdNoiseEstClass* klass) {
  using namespace rdenoise::gst;
  GST_DEBUG_CATEGORY_INIT(rdnoiseest_debug, "rdnoiseest", 0, "noise estimator");
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  install_properties(object_class);

  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_set_static_metadata(element_class, "Noise estimator", "Filter/Analyzer/Video",
                                        "Measures shot and read noise and attaches them to each buffer",
                                        "rdenoise authors");
  const auto any_format = [](const rdenoise::PixelFormat&) { return true; };
  add_pad_templates(element_class, make_template_caps(any_format), make_template_caps(any_format));
  gst_type_mark_as_plugin_api(method_type(), static_cast<GstPluginAPIFlags>(0));

  auto* transform_class = GST_BASE_TRANSFORM_CLASS(klass);
  transform_class->start = GST_DEBUG_FUNCPTR(start);
  transform_class->stop = GST_DEBUG_FUNCPTR(stop);
  transform_class->set_caps = GST_DEBUG_FUNCPTR(set_caps);
  transform_class->get_unit_size = GST_DEBUG_FUNCPTR(frame_unit_size);
  transform_class->before_transform = GST_DEBUG_FUNCPTR(sync_properties);
  transform_class->prepare_output_buffer = GST_DEBUG_FUNCPTR(prepare_output_buffer);
  transform_class->transform_ip = GST_DEBUG_FUNCPTR(transform_ip);
  transform_class->sink_event = GST_DEBUG_FUNCPTR(sink_event);
  transform_class->propose_allocation = GST_DEBUG_FUNCPTR(propose_allocation);
  transform_class->passthrough_on_same_caps = FALSE;
}

static void rd_noise_est_init(RdNoiseEst* self) {
  self->element = new NoiseEstElement;
  gst_base_transform_set_in_place(GST_BASE_TRANSFORM(self), TRUE);
}
