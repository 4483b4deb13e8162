// SPDX-License-Identifier: LGPL-2.1-or-later
// rdnoise: adds noise to raw video and Bayer mosaics, to try denoisers and estimators with. Each frame gets noise of
// its own; the same stream gets the same noise again in the next run, and after a flush.
//
// sigma, shot and read add variance shot·x + read + (sigma/255)² to each channel, x from 0 (black) to 1 (white). With
// isp=true an RGB frame is taken again by a camera that the seed draws: back to a mosaic, noise there, and developed;
// its sensor has the noise of sigma, shot and read, or one drawn too if all are 0. A mosaic gets that sensor's noise.
// jpeg-quality compresses RGB and gray frames after that.
//
//   gst-launch-1.0 videotestsrc ! rdnoise sigma=20 ! rdnoiseest ! rdenoise ! videoconvert ! autovideosink
//   gst-launch-1.0 filesrc location=a.mp4 ! decodebin ! videoconvert ! rdnoise isp=true jpeg-quality=80 !
//       videoconvert ! autovideosink
#include "rdnoise.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <rdenoise/camera_simulation.hpp>
#include <rdenoise/error.hpp>
#include <string>

#include "bridge/caps.hpp"
#include "bridge/errors.hpp"
#include "bridge/frame_buffers.hpp"
#include "bridge/frame_image.hpp"
#include "bridge/mapped_frame.hpp"
#include "bridge/noise_meta.hpp"
#include "bridge/raw_info_meta.hpp"
#include "bridge/transform_class.hpp"

GST_DEBUG_CATEGORY_STATIC(rdnoise_debug);
#define GST_CAT_DEFAULT rdnoise_debug

namespace rdenoise::gst {
namespace {

enum Property { prop_sigma = 1, prop_shot, prop_read, prop_isp, prop_jpeg_quality, prop_seed };

/// What the user asked for. Guarded by the object lock; copied out once for each frame.
struct Settings {
  double sigma_8bit = 0.0;
  double shot = 0.0;
  double read = 0.0;
  bool isp = false;
  int jpeg_quality = 0;
  std::uint64_t seed = 0;

  [[nodiscard]] NoiseModel noise() const { return {shot, read + NoiseModel::gaussian(sigma_8bit).b, {}}; }
  [[nodiscard]] bool has_noise() const { return noise() != NoiseModel{}; }
  [[nodiscard]] bool do_nothing() const { return !has_noise() && !isp && jpeg_quality == 0; }
};

/// What negotiation and the stream gave. Touched by the streaming thread alone, and while there is none.
struct State {
  Settings settings;  ///< those of the frame in work
  std::optional<FrameFormat> format;
  std::uint32_t frame_number = 0;
};

}  // namespace

struct NoiseElement {
  Settings settings;
  State state;
};

}  // namespace rdenoise::gst

using rdenoise::gst::NoiseElement;

struct _RdNoise {
  GstBaseTransform parent;
  NoiseElement* element;
};

G_DEFINE_FINAL_TYPE(RdNoise, rd_noise, GST_TYPE_BASE_TRANSFORM)
GST_ELEMENT_REGISTER_DEFINE(rdnoise, "rdnoise", GST_RANK_NONE, RD_TYPE_NOISE)

namespace rdenoise::gst {
namespace {

NoiseElement& element_of(gpointer object) { return *RD_NOISE(object)->element; }

Settings copy_settings(RdNoise* self) {
  GST_OBJECT_LOCK(self);
  const Settings settings = self->element->settings;
  GST_OBJECT_UNLOCK(self);
  return settings;
}

/// Whether a frame of these colours can go through what is asked for.
bool can_handle(const Settings& settings, ColorModel model) {
  switch (model) {
    case ColorModel::rgb:
      return true;
    case ColorModel::gray:
      return !settings.isp;
    case ColorModel::bayer:
      return settings.jpeg_quality == 0;
    case ColorModel::yuv:
      return !settings.isp && settings.jpeg_quality == 0;
  }
  return false;
}

/// The template caps, as far as the settings allow.
GstCaps* allowed_caps(const Settings& settings) {
  if (settings.isp && settings.jpeg_quality > 0) {
    return make_template_caps([](const PixelFormat& format) { return format.color_model == ColorModel::rgb; });
  }
  if (settings.isp) {
    return make_template_caps([](const PixelFormat& format) {
      return format.color_model == ColorModel::rgb || format.color_model == ColorModel::bayer;
    });
  }
  if (settings.jpeg_quality > 0) {
    return make_template_caps([](const PixelFormat& format) {
      return format.color_model == ColorModel::rgb || format.color_model == ColorModel::gray;
    });
  }
  return make_template_caps([](const PixelFormat&) { return true; });
}

CameraParameters camera_of(const Settings& settings) {
  CameraParameters camera = CameraSimulator(CameraKind::unprocessing).draw(settings.seed);
  if (settings.has_noise()) camera.noise.channels.fill(settings.noise());
  if (settings.jpeg_quality > 0) camera.jpeg = JpegOptions{.quality = settings.jpeg_quality};
  return camera;
}

NoiseProfile profile_of(const Settings& settings, ColorModel model) {
  if (settings.isp) return camera_of(settings).noise;
  return uniform_profile(model, settings.noise());
}

void compress(const FrameView& frame, int quality) {
  write_image(jpeg_round_trip(read_image(frame), {.quality = quality}), frame);
}

/// The file's own figures told of less noise than there is now.
void add_to_raw_info(GstBuffer* buffer, const NoiseProfile& added) {
  std::optional<RawMetadata> metadata = read_raw_info(buffer);
  if (!metadata) return;
  metadata->optical_black.reset();
  for (int c = 0; metadata->noise_profile && c < metadata->noise_profile->channel_count; ++c) {
    metadata->noise_profile->channels[c].a += added.channels[c].a;
    metadata->noise_profile->channels[c].b += added.channels[c].b;
  }
  attach_raw_info(buffer, *metadata);
}

void add_noise_to(GstBuffer* buffer, State& state) {
  const Settings& settings = state.settings;
  const FrameFormat& format = *state.format;
  const ColorModel model = format.pixel->color_model;
  if (!can_handle(settings, model)) {
    throw Error(ErrorCode::unsupported, std::string("simulating a camera: expected a format that `isp` and ") +
                                            "`jpeg-quality` can handle, found " + std::string(format.pixel->name));
  }
  const NoiseSeed seed{settings.seed, state.frame_number};
  // Profile and metas first: the mapping must not see the buffer change.
  const FrameLevels levels = buffer_levels(buffer, format);
  remove_noise(buffer);
  if (model == ColorModel::bayer) add_to_raw_info(buffer, profile_of(settings, model));
  const MappedFrame frame(buffer, format, levels, GST_MAP_READWRITE);
  if (settings.isp && model == ColorModel::rgb) {
    write_image(simulate_photo(read_image(frame.view()), camera_of(settings), seed).noisy, frame.view());
    return;
  }
  const NoiseProfile profile = profile_of(settings, model);
  if (settings.isp || settings.has_noise()) add_noise(frame.view(), frame.view(), profile, seed);
  if (settings.jpeg_quality > 0) compress(frame.view(), settings.jpeg_quality);
}

// ---- GstBaseTransform ----------------------------------------------------------------------------------------------

gboolean start(GstBaseTransform* base) {
  element_of(base).state = State{};
  return TRUE;
}

gboolean stop(GstBaseTransform* base) {
  element_of(base).state = State{};
  return TRUE;
}

GstCaps* transform_caps(GstBaseTransform* base, GstPadDirection, GstCaps* caps, GstCaps* filter) {
  GstCaps* allowed = allowed_caps(copy_settings(RD_NOISE(base)));
  GstCaps* result = gst_caps_intersect_full(caps, allowed, GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref(allowed);
  if (filter == nullptr) return result;
  GstCaps* filtered = gst_caps_intersect_full(filter, result, GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref(result);
  return filtered;
}

gboolean set_caps(GstBaseTransform* base, GstCaps* in_caps, GstCaps*) {
  State& state = element_of(base).state;
  state.format = parse_caps(in_caps);
  if (!state.format) GST_ERROR_OBJECT(base, "cannot handle caps %" GST_PTR_FORMAT, in_caps);
  return state.format.has_value();
}

/// Runs in the streaming thread before each frame, so passthrough never changes while a frame is in work.
void before_transform(GstBaseTransform* base, GstBuffer* buffer) {
  auto* self = RD_NOISE(base);
  sync_properties(base, buffer);

  State& state = self->element->state;
  state.settings = copy_settings(self);
  const bool passthrough = state.settings.do_nothing();
  if (passthrough == (gst_base_transform_is_passthrough(base) != FALSE)) return;
  GST_DEBUG_OBJECT(self, "passthrough %s", passthrough ? "on" : "off");
  gst_base_transform_set_passthrough(base, passthrough);
  gst_base_transform_reconfigure_src(base);
}

/// A copy shares the pixels until they are mapped for writing, and keeps strides and padding.
GstFlowReturn prepare_output_buffer(GstBaseTransform* base, GstBuffer* in, GstBuffer** out) {
  const bool as_it_is = gst_base_transform_is_passthrough(base) || gst_buffer_is_writable(in);
  *out = as_it_is ? in : gst_buffer_copy(in);
  return GST_FLOW_OK;
}

GstFlowReturn transform_ip(GstBaseTransform* base, GstBuffer* buffer) {
  auto* self = RD_NOISE(base);
  State& state = self->element->state;
  return guarded(GST_ELEMENT(self), ErrorSource::stream, GST_FLOW_ERROR, [&] {
    add_noise_to(buffer, state);
    ++state.frame_number;
    return GST_FLOW_OK;
  });
}

gboolean sink_event(GstBaseTransform* base, GstEvent* event) {
  switch (GST_EVENT_TYPE(event)) {
    case GST_EVENT_STREAM_START:
    case GST_EVENT_FLUSH_STOP:
      element_of(base).state.frame_number = 0;
      break;
    default:
      break;
  }
  return GST_BASE_TRANSFORM_CLASS(rd_noise_parent_class)->sink_event(base, event);
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
    case prop_sigma:
      settings.sigma_8bit = g_value_get_double(value);
      break;
    case prop_shot:
      settings.shot = g_value_get_double(value);
      break;
    case prop_read:
      settings.read = g_value_get_double(value);
      break;
    case prop_isp:
      settings.isp = g_value_get_boolean(value) != FALSE;
      break;
    case prop_jpeg_quality:
      settings.jpeg_quality = g_value_get_int(value);
      break;
    case prop_seed:
      settings.seed = g_value_get_uint64(value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
  GST_OBJECT_UNLOCK(object);
  if (id == prop_isp || id == prop_jpeg_quality) gst_base_transform_reconfigure_sink(GST_BASE_TRANSFORM(object));
}

void get_property(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  const Settings& settings = element_of(object).settings;
  GST_OBJECT_LOCK(object);
  switch (id) {
    case prop_sigma:
      g_value_set_double(value, settings.sigma_8bit);
      break;
    case prop_shot:
      g_value_set_double(value, settings.shot);
      break;
    case prop_read:
      g_value_set_double(value, settings.read);
      break;
    case prop_isp:
      g_value_set_boolean(value, settings.isp);
      break;
    case prop_jpeg_quality:
      g_value_set_int(value, settings.jpeg_quality);
      break;
    case prop_seed:
      g_value_set_uint64(value, settings.seed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
  GST_OBJECT_UNLOCK(object);
}

void finalize(GObject* object) {
  delete RD_NOISE(object)->element;
  G_OBJECT_CLASS(rd_noise_parent_class)->finalize(object);
}

void install_properties(GObjectClass* object_class) {
  const auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  const auto playing = static_cast<GParamFlags>(flags | GST_PARAM_MUTABLE_PLAYING);
  const auto controllable = static_cast<GParamFlags>(playing | GST_PARAM_CONTROLLABLE);
  // These two decide what formats are negotiated.
  const auto ready = static_cast<GParamFlags>(flags | GST_PARAM_MUTABLE_READY);
  g_object_class_install_property(
      object_class, prop_sigma,
      g_param_spec_double("sigma", "Sigma", "Standard deviation of white noise in 8-bit steps: 25 is 25/255", 0.0,
                          255.0, 0.0, controllable));
  g_object_class_install_property(
      object_class, prop_shot,
      g_param_spec_double("shot", "Shot noise", "Variance per signal (a): added variance is shot*x + read", 0.0, 1.0,
                          0.0, controllable));
  g_object_class_install_property(
      object_class, prop_read,
      g_param_spec_double("read", "Read noise", "Variance at black (b), of all signals", 0.0, 1.0, 0.0, controllable));
  g_object_class_install_property(
      object_class, prop_isp,
      g_param_spec_boolean("isp", "Camera chain",
                           "Take RGB frames again with a camera that the seed draws, noise on its mosaic; mosaics get "
                           "that camera's noise. With sigma, shot and read 0 the noise is drawn too",
                           FALSE, ready));
  g_object_class_install_property(
      object_class, prop_jpeg_quality,
      g_param_spec_int("jpeg-quality", "JPEG quality", "Compress RGB and gray frames as JPEG 4:2:0 (0: not)", 0, 100, 0,
                       ready));
  g_object_class_install_property(
      object_class, prop_seed,
      g_param_spec_uint64("seed", "Seed", "The same seed gives the same noise, frame by frame", 0, G_MAXUINT64, 0,
                          playing));
}

}  // namespace
}  // namespace rdenoise::gst

static void rd_noise_class_init(RdNoiseClass* klass) {
  using namespace rdenoise::gst;
  GST_DEBUG_CATEGORY_INIT(rdnoise_debug, "rdnoise", 0, "noise generator");
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  install_properties(object_class);

  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_set_static_metadata(element_class, "Noise generator", "Filter/Effect/Video",
                                        "Adds white, shot and read noise, or that of a whole camera",
                                        "rdenoise authors");
  const auto any_format = [](const rdenoise::PixelFormat&) { return true; };
  add_pad_templates(element_class, make_template_caps(any_format), make_template_caps(any_format));

  auto* transform_class = GST_BASE_TRANSFORM_CLASS(klass);
  transform_class->start = GST_DEBUG_FUNCPTR(start);
  transform_class->stop = GST_DEBUG_FUNCPTR(stop);
  transform_class->transform_caps = GST_DEBUG_FUNCPTR(transform_caps);
  transform_class->set_caps = GST_DEBUG_FUNCPTR(set_caps);
  transform_class->get_unit_size = GST_DEBUG_FUNCPTR(frame_unit_size);
  transform_class->before_transform = GST_DEBUG_FUNCPTR(before_transform);
  transform_class->prepare_output_buffer = GST_DEBUG_FUNCPTR(prepare_output_buffer);
  transform_class->transform_ip = GST_DEBUG_FUNCPTR(transform_ip);
  transform_class->sink_event = GST_DEBUG_FUNCPTR(sink_event);
  transform_class->propose_allocation = GST_DEBUG_FUNCPTR(propose_allocation);
  transform_class->passthrough_on_same_caps = FALSE;
  transform_class->transform_ip_on_passthrough = FALSE;
}

static void rd_noise_init(RdNoise* self) {
  self->element = new NoiseElement;
  gst_base_transform_set_in_place(GST_BASE_TRANSFORM(self), TRUE);
}
