// SPDX-License-Identifier: LGPL-2.1-or-later
// rddevelop: turns a Bayer mosaic into a picture: black and white level, white balance, demosaicing, colour matrix,
// exposure, tone curve. What the camera says comes with the buffer as meta RdRawInfo (from rdrawdec); a mosaic without
// it, as from a machine vision camera, gets full-range levels, gray-world white balance and no matrix.
//
// A mosaic with a noise profile (meta RdNoiseProfile, from rdnoiseest) gives a picture with one: the noise of neutral
// colours after development, as a level function, so that a following rdenoise knows it. Demosaicing makes that noise
// alike in neighbouring pixels, which a profile cannot say and the networks were not trained on. Still the profile is
// worth 0.6 to 2 dB over an estimate from the picture, which sees half of such noise, and `rdenoise strength=1.4` is
// worth 0.3 to 2 dB more (six Kodak pictures, a of 0.0005 to 0.01, gbtf, ffdnet-color). Denoising the mosaic, before
// this element, comes out about as that, and ahead where noise is strong.
//
//   gst-launch-1.0 filesrc location=photo.dng ! rdrawdec ! rddevelop exposure=0.5 ! pngenc ! filesink
//   location=photo.png gst-launch-1.0 v4l2src ! video/x-bayer ! rdenoise ! rddevelop demosaic=bilinear ! videoconvert !
//   autovideosink
#include "rddevelop.hpp"

#include <cstring>
#include <optional>
#include <rdenoise/error.hpp>
#include <rdenoise/isp.hpp>
#include <rdenoise/noise_propagation.hpp>
#include <rdenoise/raw.hpp>

#include "bridge/caps.hpp"
#include "bridge/errors.hpp"
#include "bridge/frame_buffers.hpp"
#include "bridge/mapped_frame.hpp"
#include "bridge/noise_meta.hpp"
#include "bridge/raw_info_meta.hpp"
#include "bridge/transform_class.hpp"
#include "rddevelop_properties.hpp"

GST_DEBUG_CATEGORY_STATIC(rddevelop_debug);
#define GST_CAT_DEFAULT rddevelop_debug

namespace rdenoise::gst {
namespace {

/// A picture's noise, and what it was computed from.
struct KnownNoise {
  NoiseProfile mosaic;
  DevelopOptions options;
  NoiseProfile picture;
};

/// What negotiation and the stream gave. Touched by the streaming thread alone, and while there is none.
struct State {
  std::optional<FrameFormat> mosaic;
  std::optional<FrameFormat> picture;
  std::optional<KnownNoise> noise;  ///< of the last frame: many have the same
};

bool is_output_format(const PixelFormat& format) {
  return format.name == "RGB" || format.name == "RGBx" || format.name == "RGBA64_LE";
}
bool is_mosaic(const PixelFormat& format) { return format.color_model == ColorModel::bayer; }

}  // namespace

struct DevelopElement {
  DevelopSettings settings;
  State state;
};

}  // namespace rdenoise::gst

using rdenoise::gst::DevelopElement;

struct _RdDevelop {
  GstBaseTransform parent;
  DevelopElement* element;
};

G_DEFINE_FINAL_TYPE(RdDevelop, rd_develop, GST_TYPE_BASE_TRANSFORM)
// The rank lets decodebin go on from rdrawdec to a picture.
GST_ELEMENT_REGISTER_DEFINE(rddevelop, "rddevelop", GST_RANK_MARGINAL, RD_TYPE_DEVELOP)

namespace rdenoise::gst {
namespace {

DevelopElement& element_of(gpointer object) { return *RD_DEVELOP(object)->element; }

DevelopSettings copy_settings(RdDevelop* self) {
  GST_OBJECT_LOCK(self);
  const DevelopSettings settings = self->element->settings;
  GST_OBJECT_UNLOCK(self);
  return settings;
}

GstVideoColorimetry colorimetry_of(ToneCurve curve) {
  GstVideoColorimetry colorimetry{GST_VIDEO_COLOR_RANGE_0_255, GST_VIDEO_COLOR_MATRIX_RGB, GST_VIDEO_TRANSFER_SRGB,
                                  GST_VIDEO_COLOR_PRIMARIES_BT709};
  if (curve == ToneCurve::bt709) colorimetry.transfer = GST_VIDEO_TRANSFER_BT709;
  if (curve == ToneCurve::linear) colorimetry.transfer = GST_VIDEO_TRANSFER_GAMMA10;
  return colorimetry;
}

FrameLevels choose_levels(GstBuffer* buffer, const FrameFormat& format, const DevelopSettings& settings) {
  FrameLevels levels = buffer_levels(buffer, format);
  for (Levels& channel : levels.channels) {
    if (settings.black_level_dn >= 0.0) channel.black_dn = static_cast<float>(settings.black_level_dn);
    if (settings.white_level_dn >= 0.0) channel.white_dn = static_cast<float>(settings.white_level_dn);
    if (channel.black_dn >= channel.white_dn) {
      throw Error(ErrorCode::invalid_argument,
                  "developing a mosaic: expected a black level below the white level, found " +
                      std::to_string(channel.black_dn) + " and " + std::to_string(channel.white_dn));
    }
  }
  return levels;
}

DevelopOptions choose_options(const std::optional<RawMetadata>& camera, const ConstFrameView& mosaic,
                              const DevelopSettings& settings) {
  DevelopOptions options{.demosaic = settings.demosaic,
                         .tone_curve = settings.tone_curve,
                         .exposure_ev = static_cast<float>(settings.exposure_ev),
                         .n_threads = settings.n_threads};
  const bool as_shot = settings.white_balance == WhiteBalance::camera;
  if (as_shot && camera) {
    options.gains = camera->as_shot_gains;
  } else if (as_shot || settings.white_balance == WhiteBalance::automatic) {
    options.gains = gray_world_gains(mosaic);
  }
  if (settings.color_matrix == ColorMatrix::camera && camera) options.camera_to_srgb = camera->camera_to_srgb;
  return options;
}

/// Alpha and the x of RGBx.
void make_opaque(const FrameFormat& format, const MappedFrame& picture) {
  const PixelFormat& pixel = *format.pixel;
  const int pixel_bytes = pixel.channels[0].pixel_stride_bytes;
  if (pixel_bytes < 4 * sample_size_bytes(pixel.sample.type)) return;
  for (int y = 0; y < format.height_px; ++y) {
    std::memset(picture.first_plane().data + y * picture.first_plane().stride_bytes, 0xFF,
                static_cast<std::size_t>(format.width_px) * pixel_bytes);
  }
}

/// The noise of the picture, if that of the mosaic is known.
std::optional<MeasuredNoise> picture_noise(RdDevelop* self, State& state, GstBuffer* in, const NoiseDomain& mosaic,
                                           const NoiseDomain& picture, const DevelopOptions& options) {
  const auto measured = read_noise(in);
  if (!measured || measured->domain != mosaic) return std::nullopt;
  try {
    if (!state.noise || state.noise->mosaic != measured->profile || state.noise->options != options) {
      state.noise = KnownNoise{measured->profile, options, developed_noise(measured->profile, options)};
    }
    return MeasuredNoise{picture, state.noise->picture};
  } catch (const Error& error) {
    GST_DEBUG_OBJECT(self, "no noise profile for the picture: %s", error.what());
    return std::nullopt;
  }
}

void develop_buffer(RdDevelop* self, State& state, GstBuffer* in, GstBuffer* out) {
  const DevelopSettings settings = copy_settings(self);
  const FrameFormat& picture_format = *state.picture;
  const FrameLevels mosaic_levels = choose_levels(in, *state.mosaic, settings);
  // An RGB buffer of full range, whatever colorimetry was negotiated: the tone curve fills it.
  const FrameLevels picture_levels = default_levels(*picture_format.pixel, false);
  std::optional<MeasuredNoise> noise;
  {
    const MappedFrame mosaic(in, *state.mosaic, mosaic_levels, GST_MAP_READ);
    const MappedFrame picture(out, picture_format, picture_levels, GST_MAP_WRITE);
    make_opaque(picture_format, picture);
    const DevelopOptions options = choose_options(read_raw_info(in), mosaic.view(), settings);
    develop(mosaic.view(), picture.view(), options);
    noise = picture_noise(self, state, in, noise_domain(*state.mosaic, mosaic_levels),
                          noise_domain(picture_format, picture_levels), options);
  }
  if (noise) attach_noise(out, *noise);
}

// ---- GstBaseTransform ----------------------------------------------------------------------------------------------

GstCaps* transform_caps(GstBaseTransform*, GstPadDirection direction, GstCaps* caps, GstCaps* filter) {
  GstCaps* others = make_template_caps(direction == GST_PAD_SINK ? is_output_format : is_mosaic);
  GstCaps* result = gst_caps_new_empty();
  for (guint i = 0; i < gst_caps_get_size(caps); ++i) {
    GstStructure* structure = gst_structure_copy(gst_caps_get_structure(caps, i));
    gst_structure_remove_fields(structure, "colorimetry", "chroma-site", "interlace-mode", "multiview-mode",
                                "multiview-flags", nullptr);
    const GstStructure* other = gst_caps_get_structure(others, 0);
    gst_structure_set_name(structure, gst_structure_get_name(other));
    gst_structure_set_value(structure, "format", gst_structure_get_value(other, "format"));
    gst_caps_append_structure(result, structure);
  }
  gst_caps_unref(others);
  if (filter != nullptr) {
    GstCaps* filtered = gst_caps_intersect_full(filter, result, GST_CAPS_INTERSECT_FIRST);
    gst_caps_unref(result);
    result = filtered;
  }
  return result;
}

GstCaps* fixate_caps(GstBaseTransform* base, GstPadDirection direction, GstCaps* caps, GstCaps* others) {
  GstCaps* fixed = GST_BASE_TRANSFORM_CLASS(rd_develop_parent_class)->fixate_caps(base, direction, caps, others);
  if (direction != GST_PAD_SINK || gst_caps_is_empty(fixed)) return fixed;
  fixed = gst_caps_make_writable(fixed);
  GstStructure* structure = gst_caps_get_structure(fixed, 0);
  if (!gst_structure_has_field(structure, "colorimetry")) {
    const GstVideoColorimetry colorimetry = colorimetry_of(copy_settings(RD_DEVELOP(base)).tone_curve);
    gchar* text = gst_video_colorimetry_to_string(&colorimetry);
    gst_structure_set(structure, "colorimetry", G_TYPE_STRING, text, nullptr);
    g_free(text);
  }
  return fixed;
}

gboolean set_caps(GstBaseTransform* base, GstCaps* in_caps, GstCaps* out_caps) {
  State& state = element_of(base).state;
  state = {parse_caps(in_caps), parse_caps(out_caps), std::nullopt};
  if (!state.mosaic || !state.picture) {
    GST_ERROR_OBJECT(base, "cannot develop %" GST_PTR_FORMAT " to %" GST_PTR_FORMAT, in_caps, out_caps);
    return FALSE;
  }
  return TRUE;
}

gboolean stop(GstBaseTransform* base) {
  element_of(base).state = State{};
  return TRUE;
}

void before_transform(GstBaseTransform* base, GstBuffer* buffer) { sync_properties(base, buffer); }

GstFlowReturn transform(GstBaseTransform* base, GstBuffer* in, GstBuffer* out) {
  auto* self = RD_DEVELOP(base);
  return guarded(GST_ELEMENT(self), ErrorSource::stream, GST_FLOW_ERROR, [&] {
    develop_buffer(self, self->element->state, in, out);
    return GST_FLOW_OK;
  });
}

gboolean transform_meta(GstBaseTransform* base, GstBuffer* out, GstMeta* meta, GstBuffer* in) {
  // Both speak of the mosaic.
  if (is_noise_meta(meta) || is_raw_info_meta(meta)) return FALSE;
  return GST_BASE_TRANSFORM_CLASS(rd_develop_parent_class)->transform_meta(base, out, meta, in);
}

gboolean propose_allocation(GstBaseTransform* base, GstQuery* decide_query, GstQuery* query) {
  if (!GST_BASE_TRANSFORM_CLASS(rd_develop_parent_class)->propose_allocation(base, decide_query, query)) return FALSE;
  offer_video_meta(query);
  return TRUE;
}

gboolean decide_allocation(GstBaseTransform* base, GstQuery* query) {
  return choose_pool(query) && GST_BASE_TRANSFORM_CLASS(rd_develop_parent_class)->decide_allocation(base, query);
}

// ---- GObject -------------------------------------------------------------------------------------------------------

void set_property(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  GST_OBJECT_LOCK(object);
  if (!set_develop_property(element_of(object).settings, id, value)) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
  GST_OBJECT_UNLOCK(object);
  // The tone curve shows in the caps as colorimetry.
  if (id == prop_tone_curve) gst_base_transform_reconfigure_src(GST_BASE_TRANSFORM(object));
}

void get_property(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  GST_OBJECT_LOCK(object);
  if (!get_develop_property(element_of(object).settings, id, value)) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
  GST_OBJECT_UNLOCK(object);
}

void finalize(GObject* object) {
  delete RD_DEVELOP(object)->element;
  G_OBJECT_CLASS(rd_develop_parent_class)->finalize(object);
}

}  // namespace
}  // namespace rdenoise::gst

static void rd_develop_class_init(RdDevelopClass* klass) {
  using namespace rdenoise::gst;
  GST_DEBUG_CATEGORY_INIT(rddevelop_debug, "rddevelop", 0, "RAW development");
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  install_develop_properties(object_class);

  auto* element_class = GST_ELEMENT_CLASS(klass);
  // "Decoder" is what decodebin looks for.
  gst_element_class_set_static_metadata(element_class, "RAW developer", "Codec/Decoder/Converter/Video",
                                        "Develops Bayer mosaics to RGB pictures", "rdenoise authors");
  add_pad_templates(element_class, make_template_caps(is_mosaic), make_template_caps(is_output_format));

  auto* transform_class = GST_BASE_TRANSFORM_CLASS(klass);
  transform_class->transform_caps = GST_DEBUG_FUNCPTR(transform_caps);
  transform_class->fixate_caps = GST_DEBUG_FUNCPTR(fixate_caps);
  transform_class->set_caps = GST_DEBUG_FUNCPTR(set_caps);
  transform_class->stop = GST_DEBUG_FUNCPTR(stop);
  transform_class->get_unit_size = GST_DEBUG_FUNCPTR(frame_unit_size);
  transform_class->transform_size = GST_DEBUG_FUNCPTR(frame_transform_size);
  transform_class->before_transform = GST_DEBUG_FUNCPTR(before_transform);
  transform_class->transform = GST_DEBUG_FUNCPTR(transform);
  transform_class->transform_meta = GST_DEBUG_FUNCPTR(transform_meta);
  transform_class->propose_allocation = GST_DEBUG_FUNCPTR(propose_allocation);
  transform_class->decide_allocation = GST_DEBUG_FUNCPTR(decide_allocation);
  transform_class->passthrough_on_same_caps = FALSE;
}

static void rd_develop_init(RdDevelop* self) { self->element = new DevelopElement; }
