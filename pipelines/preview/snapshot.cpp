// SPDX-License-Identifier: LGPL-2.1-or-later
#include "snapshot.hpp"

#include <gst/video/video.h>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "gst_handle.hpp"

namespace rdn::preview {
namespace {

struct ErrorFree {
  void operator()(GError* error) const noexcept { g_error_free(error); }
};
using GErrorPtr = std::unique_ptr<GError, ErrorFree>;

void write_png(GstSample* frame, const std::string& path) {
  const Caps png(gst_caps_new_empty_simple("image/png"));
  GError* error = nullptr;
  const Sample encoded(gst_video_convert_sample(frame, png.get(), 10 * GST_SECOND, &error));
  GErrorPtr failed(error);
  GstMapInfo map;
  if (encoded && gst_buffer_map(gst_sample_get_buffer(encoded.get()), &map, GST_MAP_READ)) {
    error = nullptr;
    g_file_set_contents(path.c_str(), reinterpret_cast<const gchar*>(map.data), static_cast<gssize>(map.size), &error);
    failed.reset(error);
    gst_buffer_unmap(gst_sample_get_buffer(encoded.get()), &map);
  }
  if (failed)
    std::fprintf(stderr, "rdn: preview: writing %s: %s\n", path.c_str(), failed->message);
  else
    std::fprintf(stderr, "wrote %s\n", path.c_str());
}

struct Request {
  std::string path;
  Sample frame;
};

void write_in_thread(std::unique_ptr<Request> request) {
  g_thread_unref(g_thread_new(
      "snapshot",
      [](gpointer data) -> gpointer {
        const std::unique_ptr<Request> owned(static_cast<Request*>(data));
        write_png(owned->frame.get(), owned->path);
        return nullptr;
      },
      request.release()));
}

GstPadProbeReturn on_frame(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto* request = static_cast<Request*>(data);
  if (request->path.empty()) return GST_PAD_PROBE_REMOVE;
  const Caps caps(gst_pad_get_current_caps(pad));
  if (!caps) return GST_PAD_PROBE_OK;
  // A copy: whoever comes next may draw into the frame.
  const Buffer copy(gst_buffer_copy_deep(GST_PAD_PROBE_INFO_BUFFER(info)));
  auto taken = std::make_unique<Request>();
  taken->path = std::exchange(request->path, {});
  taken->frame.reset(gst_sample_new(copy.get(), caps.get(), nullptr, nullptr));
  write_in_thread(std::move(taken));
  return GST_PAD_PROBE_REMOVE;
}

}  // namespace

void take_snapshot(GstElement* element, const std::filesystem::path& path) {
  const Pad src(gst_element_get_static_pad(element, "src"));
  gst_pad_add_probe(src.get(), GST_PAD_PROBE_TYPE_BUFFER, on_frame, new Request{path.string(), {}},
                    [](gpointer data) { delete static_cast<Request*>(data); });
}

}  // namespace rdn::preview
