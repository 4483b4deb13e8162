// SPDX-License-Identifier: LGPL-2.1-or-later
// rdenoise: removes noise from raw video and Bayer mosaics with a convolutional network that is told how strong the
// noise is. It takes that, in this order, from the property `sigma`, from the meta RdNoiseProfile that rdnoiseest put
// on the buffer (remapped if videoconvert changed format or colorimetry since; not used if the size or anything else
// changed), or from an estimate of its own.
//
//   gst-launch-1.0 v4l2src ! videoconvert ! rdnoiseest ! rdenoise ! videoconvert ! autovideosink
//   gst-launch-1.0 filesrc location=old.mp4 ! decodebin ! videoconvert ! rdenoise sigma=15 ! x264enc ! mp4mux !
//       filesink location=clean.mp4
//
// With `preset`, the model goes by how much time there is, and where frames have a deadline a cheaper preset stands in
// while the one asked for is too slow. Each change is posted as element message `rdenoise-quality`: timestamp (uint64,
// ns), from, to (string, presets), model (string, the new one), why (string: late, too-slow, time-to-spare), cost-ms
// (double, what frames took before), budget-ms (double, from frame to frame).
#include "rdenoise.hpp"

#include <chrono>
#include <optional>
#include <rdenoise/denoise.hpp>
#include <rdenoise/error.hpp>
#include <string>

#include "bridge/caps.hpp"
#include "bridge/errors.hpp"
#include "bridge/fourth_sample.hpp"
#include "bridge/frame_buffers.hpp"
#include "bridge/mapped_frame.hpp"
#include "bridge/noise_meta.hpp"
#include "bridge/noise_remap.hpp"
#include "bridge/raw_info_meta.hpp"
#include "bridge/transform_class.hpp"
#include "denoise_pace.hpp"
#include "denoiser_ladder.hpp"
#include "frame_average.hpp"
#include "log_category.hpp"
#include "noise_tracker.hpp"
#include "rdenoise_presets.hpp"
#include "rdenoise_properties.hpp"
#include "shot_class.hpp"

GST_DEBUG_CATEGORY(rdenoise_debug);
#define GST_CAT_DEFAULT rdenoise_debug

namespace rdenoise::gst {
namespace {

/// What became of the profile on the last buffer; each change is said once, not for each frame.
enum class ProfileUse { none, as_measured, remapped, rejected };

/// What negotiation and the stream gave. Touched by the streaming thread alone, and while there is none.
struct State {
  DenoiseSettings settings;  ///< those of the frame in work
  std::optional<FrameFormat> format;
  FrameLevels levels;
  NoiseTracker tracker;
  ProfileUse profile_use = ProfileUse::none;
  std::optional<DenoiserLadder> ladder;
  bool is_ladder_loaded = false;  ///< its cheaper levels, too
  bool is_prepared = false;       ///< all loaded levels, for frames of this format
  ShotClass shot_class;
  FrameAverage average;
};

}  // namespace

struct DenoiseElement {
  DenoiseSettings settings;
  std::string current_class;  ///< of the last frame; empty for models without classes. Guarded by the object lock
  State state;
  DenoisePace pace;
};

}  // namespace rdenoise::gst

using rdenoise::gst::DenoiseElement;

struct _Rdenoise {
  GstBaseTransform parent;
  DenoiseElement* element;
};

static void preset_interface_init(gpointer interface, gpointer unused) {
  rdenoise::gst::init_preset_interface(interface, unused);
}

G_DEFINE_FINAL_TYPE_WITH_CODE(Rdenoise, rd_denoise, GST_TYPE_BASE_TRANSFORM,
                              G_IMPLEMENT_INTERFACE(GST_TYPE_PRESET, preset_interface_init))
GST_ELEMENT_REGISTER_DEFINE(rdenoise, "rdenoise", GST_RANK_NONE, RD_TYPE_DENOISE)

namespace rdenoise::gst {
namespace {

DenoiseElement& element_of(gpointer object) { return *RD_DENOISE(object)->element; }

DenoiseSettings copy_settings(Rdenoise* self) {
  GST_OBJECT_LOCK(self);
  DenoiseSettings settings = self->element->settings;
  GST_OBJECT_UNLOCK(self);
  return settings;
}

/// The next frame is as the first.
void forget_stream(State& state) {
  state.tracker.reset();
  state.shot_class.reset();
  state.average.reset();
}

void use_level(DenoiseElement& element, int index) {
  DenoiserLadder& ladder = *element.state.ladder;
  ladder.use(index);
  element.state.shot_class.reset();
  element.pace.set_in_use(std::string(to_string(ladder.current_level().preset)), ladder.current().model().name);
}

/// Makes the denoisers anew if the model or an option that they cannot change was changed.
void prepare_denoiser(Rdenoise* self, DenoiseElement& element) {
  State& state = element.state;
  const DenoiseSettings& settings = state.settings;
  const LadderRequest request{.model = settings.model,
                              .preset = settings.preset,
                              .format = state.format->pixel,
                              .precision = settings.precision,
                              .tile_size_px = settings.tile_size_px,
                              .n_threads = settings.n_threads,
                              .stabilise_variance = settings.stabilise_variance};
  if (!state.ladder || request != state.ladder->request()) {
    state.ladder.reset();  // frees its memory before the next one takes its own
    state.ladder.emplace(GST_ELEMENT(self), request);
    state.is_ladder_loaded = state.is_prepared = false;
    element.pace.begin_levels(1);
    use_level(element, 0);
  }
  if (!state.is_ladder_loaded && element.pace.has_deadline(GST_BASE_TRANSFORM_SINK_PAD(self))) {
    // Only now: a file needs no stand-ins, nor their memory.
    state.ladder->load_cheaper(GST_ELEMENT(self));
    state.is_ladder_loaded = true;
    state.is_prepared = false;
    element.pace.begin_levels(state.ladder->level_count());
  }
  state.ladder->set_strength(settings.strength);
}

/// Tells the application when a cheaper network begins to stand in, or the one asked for comes back.
void change_quality(Rdenoise* self, DenoiseElement& element, const QualityChange& change, GstClockTime timestamp) {
  GstStructure* news = make_quality_news(*element.state.ladder, change, timestamp);
  use_level(element, change.to);
  GST_INFO_OBJECT(self, "%" GST_PTR_FORMAT, news);
  gst_element_post_message(GST_ELEMENT(self), gst_message_new_element(GST_OBJECT(self), news));
}

void tell_profile_use(Rdenoise* self, State& state, const NoiseDomain& measured, ProfileUse use) {
  if (state.profile_use == use) return;
  state.profile_use = use;
  if (use == ProfileUse::as_measured) return;
  GST_INFO_OBJECT(self, "the buffer's noise profile was measured on %s %dx%d \"%s\"%s", measured.format.c_str(),
                  measured.width_px, measured.height_px, measured.colorimetry.c_str(),
                  use == ProfileUse::remapped ? ": remapped" : " or on other levels: not used");
}

NoiseProfile choose_profile(Rdenoise* self, State& state, GstBuffer* buffer, const ConstFrameView& frame) {
  const ColorModel color_model = state.format->pixel->color_model;
  if (state.settings.sigma_8bit >= 0.0) {
    return uniform_profile(color_model, NoiseModel::gaussian(state.settings.sigma_8bit));
  }
  if (const auto measured = read_noise(buffer)) {
    const NoiseDomain domain = noise_domain(*state.format, state.levels);
    const auto profile = noise_in_domain(*measured, domain);
    tell_profile_use(self, state, measured->domain,
                     !profile                     ? ProfileUse::rejected
                     : measured->domain == domain ? ProfileUse::as_measured
                                                  : ProfileUse::remapped);
    if (profile) return *profile;
  }
  return state.tracker.update(frame, {.estimate = buffer_estimate_options(buffer, *state.format)}).profile;
}

/// Tells the application when frames begin to be denoised as another class.
void tell_class(Rdenoise* self, const std::optional<PictureClass>& found, GstClockTime timestamp) {
  const std::string name = found ? found->name : "";
  GST_OBJECT_LOCK(self);
  const bool is_new = self->element->current_class != name;
  self->element->current_class = name;
  GST_OBJECT_UNLOCK(self);
  if (!is_new) return;
  g_object_notify(G_OBJECT(self), current_picture_class_name);
  if (!found) return;
  GstStructure* news = gst_structure_new("rdenoise-picture-class", "timestamp", G_TYPE_UINT64, timestamp,
                                         "picture-class", G_TYPE_STRING, name.c_str(), nullptr);
  if (found->confidence) gst_structure_set(news, "confidence", G_TYPE_DOUBLE, *found->confidence, nullptr);
  GST_INFO_OBJECT(self, "%" GST_PTR_FORMAT, news);
  gst_element_post_message(GST_ELEMENT(self), gst_message_new_element(GST_OBJECT(self), news));
}

void denoise_buffer(Rdenoise* self, DenoiseElement& element, GstBuffer* in, GstBuffer* out) {
  State& state = element.state;
  const FrameLevels levels = buffer_levels(in, *state.format);
  if (levels.channels != state.levels.channels) forget_stream(state);
  state.levels = levels;
  const MappedFrame src(in, *state.format, levels, GST_MAP_READ);
  const MappedFrame dst(out, *state.format, levels, GST_MAP_WRITE);
  if (!state.is_prepared) state.ladder->prepare(src.view());
  state.is_prepared = true;

  const auto begin = std::chrono::steady_clock::now();
  copy_fourth_sample(*state.format, src, dst);
  Denoiser& denoiser = state.ladder->current();
  tell_class(self, state.shot_class.choose(src.view(), state.settings.picture_class, denoiser), GST_BUFFER_PTS(in));
  const NoiseProfile noise = choose_profile(self, state, in, src.view());
  const AveragedFrame frame = state.average.average(src.view(), noise, state.settings,
                                                    state.ladder->current_level().preset, denoiser.model().spec);
  denoiser.denoise(frame.frame, dst.view(), noise, frame.noise);
  const std::chrono::duration<double, std::milli> cost = std::chrono::steady_clock::now() - begin;
  if (const auto change = element.pace.frame_done(GST_ELEMENT(self), cost.count()))
    change_quality(self, element, *change, GST_BUFFER_PTS(in));
}

// ---- GstBaseTransform ----------------------------------------------------------------------------------------------

gboolean start(GstBaseTransform* base) {
  auto* self = RD_DENOISE(base);
  self->element->state = State{};
  self->element->pace.reset();
  const DenoiseSettings settings = copy_settings(self);
  if (settings.model.empty()) return TRUE;  // which one is known with the caps
  return guarded(GST_ELEMENT(self), ErrorSource::model, FALSE, [&]() -> gboolean {
    static_cast<void>(load_model(settings.model));
    return TRUE;
  });
}

gboolean stop(GstBaseTransform* base) {
  element_of(base).state = State{};
  GST_OBJECT_LOCK(base);
  element_of(base).current_class.clear();
  GST_OBJECT_UNLOCK(base);
  return TRUE;
}

gboolean set_caps(GstBaseTransform* base, GstCaps* in_caps, GstCaps*) {
  State& state = element_of(base).state;
  forget_stream(state);
  state.profile_use = ProfileUse::none;
  state.is_prepared = false;
  state.format = parse_caps(in_caps);
  DenoisePace& pace = element_of(base).pace;
  pace.begin_frames(state.format ? state.format->frame_ms : 0.0);
  if (state.ladder) {
    // What frames of the old caps took tells little of these.
    pace.begin_levels(state.is_ladder_loaded ? state.ladder->level_count() : 1);
    use_level(element_of(base), 0);
  }
  if (!state.format) GST_ERROR_OBJECT(base, "cannot handle caps %" GST_PTR_FORMAT, in_caps);
  return state.format.has_value();
}

/// The parent drops frames that are late already, if the property `qos` is on.
GstFlowReturn submit_input_buffer(GstBaseTransform* base, gboolean is_discont, GstBuffer* buffer) {
  const GstFlowReturn result =
      GST_BASE_TRANSFORM_CLASS(rd_denoise_parent_class)->submit_input_buffer(base, is_discont, buffer);
  if (result == GST_BASE_TRANSFORM_FLOW_DROPPED) element_of(base).pace.frame_dropped();
  return result;
}

/// Runs in the streaming thread before each frame, so passthrough never changes while a frame is in work.
void before_transform(GstBaseTransform* base, GstBuffer* buffer) {
  auto* self = RD_DENOISE(base);
  sync_properties(base, buffer);

  State& state = self->element->state;
  state.settings = copy_settings(self);
  const bool passthrough = state.settings.strength == 0.0;
  if (passthrough == (gst_base_transform_is_passthrough(base) != FALSE)) return;
  GST_DEBUG_OBJECT(self, "passthrough %s", passthrough ? "on" : "off");
  gst_base_transform_set_passthrough(base, passthrough);
  self->element->pace.set_passthrough(passthrough);
  forget_stream(state);  // frames were or will be missed
  gst_base_transform_reconfigure_src(base);
}

GstFlowReturn transform(GstBaseTransform* base, GstBuffer* in, GstBuffer* out) {
  auto* self = RD_DENOISE(base);
  DenoiseElement& element = *self->element;
  const auto prepare = [&] { return prepare_denoiser(self, element), true; };
  if (!guarded(GST_ELEMENT(self), ErrorSource::model, false, prepare)) return GST_FLOW_ERROR;
  return guarded(GST_ELEMENT(self), ErrorSource::stream, GST_FLOW_ERROR, [&] {
    denoise_buffer(self, element, in, out);
    return GST_FLOW_OK;
  });
}

gboolean transform_meta(GstBaseTransform* base, GstBuffer* out, GstMeta* meta, GstBuffer* in) {
  // The noise that it describes is gone: a second rdenoise must not remove it once more.
  if (is_noise_meta(meta)) return FALSE;
  return GST_BASE_TRANSFORM_CLASS(rd_denoise_parent_class)->transform_meta(base, out, meta, in);
}

gboolean sink_event(GstBaseTransform* base, GstEvent* event) {
  switch (GST_EVENT_TYPE(event)) {
    // A discontinuity alone resets nothing: a leaky queue marks almost every frame so, and the trackers see new scenes.
    case GST_EVENT_STREAM_START:
    case GST_EVENT_FLUSH_STOP:
    case GST_EVENT_SEGMENT:
      forget_stream(element_of(base).state);
      element_of(base).pace.forget_lateness();
      break;
    default:
      break;
  }
  return GST_BASE_TRANSFORM_CLASS(rd_denoise_parent_class)->sink_event(base, event);
}

gboolean src_event(GstBaseTransform* base, GstEvent* event) {
  if (GST_EVENT_TYPE(event) == GST_EVENT_QOS) element_of(base).pace.note_qos(event);
  return GST_BASE_TRANSFORM_CLASS(rd_denoise_parent_class)->src_event(base, event);
}

gboolean query(GstBaseTransform* base, GstPadDirection direction, GstQuery* query) {
  if (direction == GST_PAD_SRC && GST_QUERY_TYPE(query) == GST_QUERY_LATENCY)
    return element_of(base).pace.answer_latency(GST_BASE_TRANSFORM_SINK_PAD(base), query);
  return GST_BASE_TRANSFORM_CLASS(rd_denoise_parent_class)->query(base, direction, query);
}

gboolean propose_allocation(GstBaseTransform* base, GstQuery* decide_query, GstQuery* query) {
  if (!GST_BASE_TRANSFORM_CLASS(rd_denoise_parent_class)->propose_allocation(base, decide_query, query)) return FALSE;
  if (decide_query != nullptr) offer_video_meta(query);  // null in passthrough, where downstream answers
  return TRUE;
}

gboolean decide_allocation(GstBaseTransform* base, GstQuery* query) {
  return choose_pool(query) && GST_BASE_TRANSFORM_CLASS(rd_denoise_parent_class)->decide_allocation(base, query);
}

// ---- GObject -------------------------------------------------------------------------------------------------------

void set_property(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  GST_OBJECT_LOCK(object);
  if (!set_denoise_property(element_of(object).settings, id, value)) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
  GST_OBJECT_UNLOCK(object);
}

void get_property(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  if (id == prop_stats) return g_value_take_boxed(value, element_of(object).pace.stats());
  GST_OBJECT_LOCK(object);
  if (id == prop_current_picture_class) {
    const std::string& name = element_of(object).current_class;
    g_value_set_string(value, name.empty() ? nullptr : name.c_str());
  } else if (!get_denoise_property(element_of(object).settings, id, value)) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
  GST_OBJECT_UNLOCK(object);
}

void finalize(GObject* object) {
  delete RD_DENOISE(object)->element;
  G_OBJECT_CLASS(rd_denoise_parent_class)->finalize(object);
}

}  // namespace
}  // namespace rdenoise::gst

static void rd_denoise_class_init(RdenoiseClass* klass) {
  using namespace rdenoise::gst;
  GST_DEBUG_CATEGORY_INIT(rdenoise_debug, "rdenoise", 0, "CNN denoiser");
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  install_denoise_properties(object_class);

  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_set_static_metadata(element_class, "CNN denoiser", "Filter/Effect/Video",
                                        "Removes noise of known or measured strength with a convolutional network",
                                        "rdenoise authors");
  const auto any_format = [](const rdenoise::PixelFormat&) { return true; };
  add_pad_templates(element_class, make_template_caps(any_format), make_template_caps(any_format));

  auto* transform_class = GST_BASE_TRANSFORM_CLASS(klass);
  transform_class->start = GST_DEBUG_FUNCPTR(start);
  transform_class->stop = GST_DEBUG_FUNCPTR(stop);
  transform_class->set_caps = GST_DEBUG_FUNCPTR(set_caps);
  transform_class->get_unit_size = GST_DEBUG_FUNCPTR(frame_unit_size);
  transform_class->transform_size = GST_DEBUG_FUNCPTR(frame_transform_size);
  transform_class->before_transform = GST_DEBUG_FUNCPTR(before_transform);
  transform_class->transform = GST_DEBUG_FUNCPTR(transform);
  transform_class->transform_meta = GST_DEBUG_FUNCPTR(transform_meta);
  transform_class->sink_event = GST_DEBUG_FUNCPTR(sink_event);
  transform_class->src_event = GST_DEBUG_FUNCPTR(src_event);
  transform_class->query = GST_DEBUG_FUNCPTR(query);
  transform_class->submit_input_buffer = GST_DEBUG_FUNCPTR(submit_input_buffer);
  transform_class->propose_allocation = GST_DEBUG_FUNCPTR(propose_allocation);
  transform_class->decide_allocation = GST_DEBUG_FUNCPTR(decide_allocation);
  transform_class->passthrough_on_same_caps = FALSE;
  transform_class->transform_ip_on_passthrough = FALSE;
}

static void rd_denoise_init(Rdenoise* self) { self->element = new DenoiseElement; }
