// SPDX-License-Identifier: LGPL-2.1-or-later
// rdrawdec: decodes camera RAW photos (DNG, CR2, NEF, ARW, RAF …) to the mosaic of the sensor, video/x-bayer of the
// file's own depth. Levels, white balance, colour matrix, ISO and the DNG NoiseProfile travel on each buffer as meta
// RdRawInfo, EXIF facts as tags.
//
// A stream of bytes (filesrc) is one photo, decoded at its end. Caps with a framerate (multifilesrc) say that each
// buffer is a whole photo. Without such caps a new photo is still recognised where a buffer starts like one and the
// bytes before it are a whole one.
//
//   gst-launch-1.0 filesrc location=photo.dng ! rdrawdec ! rddevelop ! pngenc ! filesink location=photo.png
//   gst-launch-1.0 multifilesrc location=shot-%04d.dng caps=image/x-raw-photo,framerate=10/1 ! rdrawdec ! rdnoiseest !
//       rdenoise ! rddevelop ! videoconvert ! x264enc ! mp4mux ! filesink location=lapse.mp4
#include "rdrawdec.hpp"

#include <cmath>
#include <cstring>
#include <optional>
#include <rdenoise/error.hpp>
#include <rdenoise/raw.hpp>
#include <string>
#include <vector>

#include "bridge/caps.hpp"
#include "bridge/errors.hpp"
#include "bridge/mapped_frame.hpp"
#include "bridge/raw_info_meta.hpp"
#include "raw_tags.hpp"
#include "raw_typefinder.hpp"

GST_DEBUG_CATEGORY_STATIC(rdrawdec_debug);
#define GST_CAT_DEFAULT rdrawdec_debug

namespace rdenoise::gst {
namespace {

/// More than any camera writes; bounds what a stream without end may take.
constexpr std::size_t max_photo_bytes = std::size_t{1} << 30;

/// What the stream gave. Touched under the sink pad's stream lock alone, and while no data flows.
struct State {
  std::vector<std::byte> pending;  ///< bytes of the photo that is not yet whole
  GstClockTime pending_pts = GST_CLOCK_TIME_NONE;
  GstClockTime pending_duration = GST_CLOCK_TIME_NONE;
  bool whole_photos = false;  ///< each buffer is one
  int fps_n = 0;
  int fps_d = 1;
  GstSegment segment;  ///< in time
  bool segment_is_due = true;
  bool has_upstream_time = false;
  int photos = 0;  ///< decoded so far

  State() { gst_segment_init(&segment, GST_FORMAT_TIME); }
};

}  // namespace

struct RawDecElement {
  GstPad* sink = nullptr;
  GstPad* src = nullptr;
  State state;
};

}  // namespace rdenoise::gst

using rdenoise::gst::RawDecElement;

struct _RdRawDec {
  GstElement parent;
  RawDecElement* element;
};

G_DEFINE_FINAL_TYPE(RdRawDec, rd_raw_dec, GST_TYPE_ELEMENT)
GST_ELEMENT_REGISTER_DEFINE(rdrawdec, "rdrawdec", GST_RANK_PRIMARY, RD_TYPE_RAW_DEC)

namespace rdenoise::gst {
namespace {

/// What messages call the photo: the file name if upstream tells one.
std::string photo_name(RdRawDec* self) {
  std::string name = "photo " + std::to_string(self->element->state.photos + 1) + " of the stream";
  GstQuery* query = gst_query_new_uri();
  if (gst_pad_peer_query(self->element->sink, query)) {
    gchar* uri = nullptr;
    gst_query_parse_uri(query, &uri);
    if (uri != nullptr) {
      gchar* path = g_filename_from_uri(uri, nullptr, nullptr);
      name = path != nullptr ? path : uri;
      g_free(path);
      g_free(uri);
    }
  }
  gst_query_unref(query);
  return name;
}

std::string format_name(const RawFrame& frame) {
  std::string name(to_string(frame.cfa));
  if (frame.bit_depth > 8) name += std::to_string(frame.bit_depth) + "le";
  return name;
}

GstCaps* make_caps(const RawFrame& frame, const State& state) {
  GstCaps* caps = gst_caps_new_simple("video/x-bayer", "format", G_TYPE_STRING, format_name(frame).c_str(), "width",
                                      G_TYPE_INT, frame.width_px, "height", G_TYPE_INT, frame.height_px, "framerate",
                                      GST_TYPE_FRACTION, state.fps_n, state.fps_d, nullptr);
  const double aspect = frame.metadata.pixel_aspect_ratio;
  if (std::isfinite(aspect) && aspect > 0.0 && std::abs(aspect - 1.0) > 1e-3) {
    int n = 1;
    int d = 1;
    gst_util_double_to_fraction(aspect, &n, &d);
    gst_caps_set_simple(caps, "pixel-aspect-ratio", GST_TYPE_FRACTION, n, d, nullptr);
  }
  return caps;
}

GstBuffer* make_buffer(const RawFrame& frame, const FrameFormat& format) {
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, format.size_bytes, nullptr);
  if (buffer == nullptr) throw std::bad_alloc();
  const MappedFrame mapped(buffer, format, format.levels(), GST_MAP_WRITE);
  for (int y = 0; y < frame.height_px; ++y) {
    const std::uint16_t* src = frame.mosaic.data() + static_cast<std::size_t>(y) * frame.width_px;
    std::byte* dst = mapped.first_plane().data + y * mapped.first_plane().stride_bytes;
    if (format.pixel->sample.type == SampleType::u8) {
      for (int x = 0; x < frame.width_px; ++x) dst[x] = static_cast<std::byte>(src[x]);
    } else {
      std::memcpy(dst, src, static_cast<std::size_t>(frame.width_px) * sizeof(*src));
    }
  }
  return buffer;
}

void push_segment_and_tags(RdRawDec* self, const RawMetadata& metadata) {
  State& state = self->element->state;
  if (state.segment_is_due) {
    gst_pad_push_event(self->element->src, gst_event_new_segment(&state.segment));
    state.segment_is_due = false;
  }
  GstTagList* tags = make_raw_tags(metadata);
  if (gst_tag_list_is_empty(tags)) {
    gst_tag_list_unref(tags);
  } else {
    gst_pad_push_event(self->element->src, gst_event_new_tag(tags));
  }
}

/// Upstream's time if it has one; else photo i of a stream with framerate is at i frames, and a single one at 0.
void set_time(GstBuffer* buffer, const State& state, GstClockTime pts, GstClockTime duration) {
  if (!GST_CLOCK_TIME_IS_VALID(pts) && state.fps_n > 0) {
    const guint64 photo = state.photos;
    const guint64 seconds = GST_SECOND * static_cast<guint64>(state.fps_d);
    pts = gst_util_uint64_scale(photo, seconds, state.fps_n);
    duration = gst_util_uint64_scale(photo + 1, seconds, state.fps_n) - pts;
  } else if (!state.has_upstream_time && state.photos == 0) {
    pts = 0;
  }
  GST_BUFFER_PTS(buffer) = pts;
  GST_BUFFER_DURATION(buffer) = duration;
}

GstFlowReturn push_photo(RdRawDec* self, const RawFrame& frame, GstClockTime pts, GstClockTime duration) {
  State& state = self->element->state;
  GstCaps* caps = make_caps(frame, state);
  const auto format = parse_caps(caps);
  if (!format) {
    gst_caps_unref(caps);
    throw Error(ErrorCode::internal, "describing a mosaic: expected a depth of 8, 10, 12, 14 or 16 bits, found " +
                                         std::to_string(frame.bit_depth));
  }
  const bool accepted = gst_pad_push_event(self->element->src, gst_event_new_caps(caps));
  gst_caps_unref(caps);
  if (!accepted) {
    return GST_PAD_IS_FLUSHING(self->element->src) ? GST_FLOW_FLUSHING : GST_FLOW_NOT_NEGOTIATED;
  }
  push_segment_and_tags(self, frame.metadata);

  GstBuffer* buffer = make_buffer(frame, *format);
  attach_raw_info(buffer, frame.metadata);
  set_time(buffer, state, pts, duration);
  if (state.photos == 0) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DISCONT);
  ++state.photos;
  GST_DEBUG_OBJECT(self, "pushing %s %dx%d", format_name(frame).c_str(), frame.width_px, frame.height_px);
  return gst_pad_push(self->element->src, buffer);
}

GstFlowReturn decode(RdRawDec* self, std::span<const std::byte> file, GstClockTime pts, GstClockTime duration) {
  return guarded(GST_ELEMENT(self), ErrorSource::stream, GST_FLOW_ERROR,
                 [&] { return push_photo(self, read_raw(file, photo_name(self)), pts, duration); });
}

GstFlowReturn decode_pending(RdRawDec* self) {
  State& state = self->element->state;
  const std::vector<std::byte> file = std::exchange(state.pending, {});
  return decode(self, file, state.pending_pts, state.pending_duration);
}

/// The pending bytes as a photo, if they are a whole one: a truncated one does not decode.
std::optional<RawFrame> whole_pending_photo(RdRawDec* self) {
  try {
    return read_raw(self->element->state.pending, photo_name(self));
  } catch (const Error&) {
    return std::nullopt;
  }
}

GstFlowReturn collect(RdRawDec* self, std::span<const std::byte> bytes, GstClockTime pts, GstClockTime duration) {
  State& state = self->element->state;
  return guarded(GST_ELEMENT(self), ErrorSource::stream, GST_FLOW_ERROR, [&] {
    GstFlowReturn result = GST_FLOW_OK;
    if (!state.pending.empty() && starts_like_raw(bytes)) {
      if (const auto photo = whole_pending_photo(self)) {
        state.pending.clear();
        result = push_photo(self, *photo, state.pending_pts, state.pending_duration);
      }
    }
    if (state.pending.size() + bytes.size() > max_photo_bytes) {
      throw Error(ErrorCode::unsupported, "collecting " + photo_name(self) + ": expected at most " +
                                              std::to_string(max_photo_bytes) + " bytes, found more");
    }
    if (state.pending.empty()) {
      state.pending_pts = pts;
      state.pending_duration = duration;
    }
    state.pending.insert(state.pending.end(), bytes.begin(), bytes.end());
    return result;
  });
}

GstFlowReturn chain(GstPad*, GstObject* parent, GstBuffer* buffer) {
  auto* self = RD_RAW_DEC(parent);
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) {
    GST_ELEMENT_ERROR(self, RESOURCE, READ, (nullptr), ("cannot map a buffer"));
    gst_buffer_unref(buffer);
    return GST_FLOW_ERROR;
  }
  const std::span bytes(reinterpret_cast<const std::byte*>(map.data), map.size);
  const bool whole = self->element->state.whole_photos;
  const GstFlowReturn result = whole ? decode(self, bytes, GST_BUFFER_PTS(buffer), GST_BUFFER_DURATION(buffer))
                                     : collect(self, bytes, GST_BUFFER_PTS(buffer), GST_BUFFER_DURATION(buffer));
  gst_buffer_unmap(buffer, &map);
  gst_buffer_unref(buffer);
  return result;
}

// ---- events --------------------------------------------------------------------------------------------------------

void take_caps(State& state, GstEvent* event) {
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  state.fps_n = 0;
  state.fps_d = 1;
  gst_structure_get_fraction(gst_caps_get_structure(caps, 0), "framerate", &state.fps_n, &state.fps_d);
  state.whole_photos = state.fps_n > 0;
}

void take_segment(State& state, GstEvent* event) {
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event, &segment);
  state.has_upstream_time = segment->format == GST_FORMAT_TIME;
  if (state.has_upstream_time) {
    gst_segment_copy_into(segment, &state.segment);
  } else {
    gst_segment_init(&state.segment, GST_FORMAT_TIME);
  }
  state.segment_is_due = true;
}

void finish_stream(RdRawDec* self) {
  State& state = self->element->state;
  if (!state.pending.empty()) {
    decode_pending(self);
  } else if (state.photos == 0) {
    GST_ELEMENT_ERROR(self, STREAM, DECODE, ("%s holds no data.", photo_name(self).c_str()),
                      ("end of stream before the first byte"));
  }
}

void forget_stream(State& state) {
  state.pending.clear();
  state.photos = 0;
  state.segment_is_due = true;
}

gboolean sink_event(GstPad* pad, GstObject* parent, GstEvent* event) {
  auto* self = RD_RAW_DEC(parent);
  State& state = self->element->state;
  switch (GST_EVENT_TYPE(event)) {
    // Caps and segment go on with the first photo, which tells the caps.
    case GST_EVENT_CAPS:
      take_caps(state, event);
      gst_event_unref(event);
      return TRUE;
    case GST_EVENT_SEGMENT:
      take_segment(state, event);
      gst_event_unref(event);
      return TRUE;
    case GST_EVENT_STREAM_START:
    case GST_EVENT_FLUSH_STOP:
      forget_stream(state);
      break;
    case GST_EVENT_EOS:
      finish_stream(self);
      break;
    default:
      break;
  }
  return gst_pad_event_default(pad, parent, event);
}

/// A photo has no time to seek in; a seek means "once more", in bytes where upstream knows no time.
gboolean seek(RdRawDec* self, GstEvent* event) {
  gdouble rate = 1.0;
  GstFormat format = GST_FORMAT_UNDEFINED;
  GstSeekFlags flags = GST_SEEK_FLAG_NONE;
  gst_event_parse_seek(event, &rate, &format, &flags, nullptr, nullptr, nullptr, nullptr);
  const guint32 seqnum = gst_event_get_seqnum(event);
  if (gst_pad_push_event(self->element->sink, event)) return TRUE;
  if (format != GST_FORMAT_TIME || rate <= 0.0) return FALSE;
  GstEvent* from_start = gst_event_new_seek(rate, GST_FORMAT_BYTES, flags, GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_NONE, 0);
  gst_event_set_seqnum(from_start, seqnum);
  return gst_pad_push_event(self->element->sink, from_start);
}

gboolean src_event(GstPad* pad, GstObject* parent, GstEvent* event) {
  if (GST_EVENT_TYPE(event) == GST_EVENT_SEEK) return seek(RD_RAW_DEC(parent), event);
  return gst_pad_event_default(pad, parent, event);
}

// ---- GObject -------------------------------------------------------------------------------------------------------

GstStateChangeReturn change_state(GstElement* base, GstStateChange transition) {
  const GstStateChangeReturn result = GST_ELEMENT_CLASS(rd_raw_dec_parent_class)->change_state(base, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) RD_RAW_DEC(base)->element->state = State{};
  return result;
}

void finalize(GObject* object) {
  delete RD_RAW_DEC(object)->element;
  G_OBJECT_CLASS(rd_raw_dec_parent_class)->finalize(object);
}

}  // namespace
}  // namespace rdenoise::gst

static void rd_raw_dec_class_init(RdRawDecClass* klass) {
  using namespace rdenoise::gst;
  GST_DEBUG_CATEGORY_INIT(rdrawdec_debug, "rdrawdec", 0, "camera RAW decoder");
  G_OBJECT_CLASS(klass)->finalize = finalize;

  auto* element_class = GST_ELEMENT_CLASS(klass);
  element_class->change_state = GST_DEBUG_FUNCPTR(change_state);
  gst_element_class_set_static_metadata(element_class, "Camera RAW decoder", "Codec/Decoder/Image",
                                        "Decodes RAW photos to the mosaic of the sensor", "rdenoise authors");
  GstCaps* raw = gst_caps_new_empty_simple(raw_photo_media_type);
  GstCaps* bayer =
      make_template_caps([](const rdenoise::PixelFormat& f) { return f.color_model == rdenoise::ColorModel::bayer; });
  gst_element_class_add_pad_template(element_class, gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS, raw));
  gst_element_class_add_pad_template(element_class, gst_pad_template_new("src", GST_PAD_SRC, GST_PAD_ALWAYS, bayer));
  gst_caps_unref(raw);
  gst_caps_unref(bayer);
}

static void rd_raw_dec_init(RdRawDec* self) {
  using namespace rdenoise::gst;
  self->element = new RawDecElement;
  auto* element_class = GST_ELEMENT_GET_CLASS(self);
  GstPad* sink = gst_pad_new_from_template(gst_element_class_get_pad_template(element_class, "sink"), "sink");
  gst_pad_set_chain_function(sink, GST_DEBUG_FUNCPTR(chain));
  gst_pad_set_event_function(sink, GST_DEBUG_FUNCPTR(sink_event));
  GstPad* src = gst_pad_new_from_template(gst_element_class_get_pad_template(element_class, "src"), "src");
  gst_pad_set_event_function(src, GST_DEBUG_FUNCPTR(src_event));
  gst_pad_use_fixed_caps(src);
  gst_element_add_pad(GST_ELEMENT(self), sink);
  gst_element_add_pad(GST_ELEMENT(self), src);
  self->element->sink = sink;
  self->element->src = src;
}
