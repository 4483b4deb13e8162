// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pipeline_text.hpp"

#include <gst/gst.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "command.hpp"
#include "frame_size.hpp"
#include "gst_handle.hpp"

namespace rdn::preview {
namespace {

/// What rdenoise takes without conversion and is quickest at.
constexpr const char* video_formats = "{I420,NV12,YV12,I420_10LE,P010_10LE,GRAY8}";

bool has_element(const char* name) {
  GstElementFactory* factory = gst_element_factory_find(name);
  if (factory == nullptr) return false;
  gst_object_unref(factory);
  return true;
}

/// A value of a property as gst_parse_launch wants it.
std::string quoted(const std::string& value) {
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + '"';
}

std::string size_caps(const Options& options) {
  std::string caps;
  if (!options.size.empty()) {
    const FrameSize size = parse_frame_size(options.size, "preview: --size", 2);
    caps += ",width=" + std::to_string(size.width_px) + ",height=" + std::to_string(size.height_px);
  }
  if (options.frame_rate > 0.0) {
    int numerator = 0;
    int denominator = 1;
    gst_util_double_to_fraction(options.frame_rate, &numerator, &denominator);
    caps += ",framerate=" + std::to_string(numerator) + "/" + std::to_string(denominator);
  }
  return caps;
}

/// Frames as the camera gives them, MJPEG included, or its mosaic.
std::string camera_text(const std::string& element, const Options& options) {
  const std::string name = element.substr(0, element.find(' '));
  if (!has_element(name.c_str()))
    throw UsageError("preview: --source: expected GStreamer's element " + name + " (Debian: " +
                     (name == "v4l2src" ? "gstreamer1.0-plugins-good" : "gstreamer1.0-libcamera") + "), found none");
  const std::string wanted = size_caps(options);
  if (options.bayer) return element + " ! video/x-bayer" + wanted;
  return element + (wanted.empty() ? "" : " ! capsfilter caps=\"video/x-raw" + wanted + ";image/jpeg" + wanted + "\"") +
         " ! decodebin";
}

std::string test_text(const Options& options) {
  char sigma[32];
  std::snprintf(sigma, sizeof sigma, "%.6g", options.test_sigma_8bit);
  const std::string wanted = options.size.empty() && options.frame_rate <= 0.0
                                 ? std::string(",width=1280,height=720,framerate=30/1")
                                 : size_caps(options);
  const std::string caps = options.bayer ? "video/x-bayer,format=rggb" : "video/x-raw,format=I420";
  return "videotestsrc is-live=true pattern=ball motion=sweep background-color=0xff405870 ! " + caps + wanted +
         " ! rdnoise sigma=" + sigma;
}

struct Container {
  std::string_view ending;
  std::string_view muxer;
  std::vector<std::string_view> encoders;  ///< the first that is installed
};

const std::vector<Container>& containers() {
  static const std::vector<Container> known{
      {".mkv", "matroskamux", {"x264enc", "openh264enc", "vp8enc", "jpegenc"}},
      {".webm", "webmmux", {"vp9enc", "vp8enc"}},
      {".mp4", "mp4mux", {"x264enc", "openh264enc"}},
  };
  return known;
}

std::string encoder_text(std::string_view encoder) {
  if (encoder == "x264enc") return "x264enc speed-preset=veryfast ! h264parse";
  if (encoder == "openh264enc") return "openh264enc bitrate=8000000 ! h264parse";
  if (encoder == "vp8enc" || encoder == "vp9enc")
    return std::string(encoder) + " deadline=1 cpu-used=8 target-bitrate=8000000";
  return std::string(encoder);
}

std::string file_sink_text(const std::string& path) {
  const std::string ending = std::filesystem::path(path).extension().string();
  std::string endings;
  for (const Container& container : containers()) {
    endings += (endings.empty() ? "" : ", ") + std::string(container.ending);
    if (container.ending != ending) continue;
    std::string wanted;
    for (const std::string_view encoder : container.encoders) {
      const bool is_there = has_element(std::string(encoder).c_str());
      if (is_there && has_element(std::string(container.muxer).c_str()))
        return "videoconvert ! " + encoder_text(encoder) + " ! " + std::string(container.muxer) +
               " ! filesink name=sink location=" + quoted(path);
      wanted += (wanted.empty() ? "" : " or ") + std::string(encoder);
    }
    throw UsageError("preview: --sink: expected the GStreamer elements " + std::string(container.muxer) + " and " +
                     wanted + " for " + path + ", found none of them installed");
  }
  throw UsageError("preview: --sink: expected window, fake or a file with one of the endings " + endings + ", found " +
                   path);
}

}  // namespace

Source source_of(const Options& options) {
  const std::string& source = options.source;
  constexpr std::string_view v4l2 = "v4l2://";
  constexpr std::string_view libcamera = "libcamera";
  if (source == "test") return {test_text(options), true, false};
  if (source.empty()) return {camera_text("v4l2src", options), true, false};
  if (source.starts_with(v4l2))
    return {camera_text("v4l2src device=" + quoted(source.substr(v4l2.size())), options), true, false};
  if (source.starts_with("/dev/video")) return {camera_text("v4l2src device=" + quoted(source), options), true, false};
  if (source == libcamera) return {camera_text("libcamerasrc", options), true, false};
  if (source.starts_with("libcamera://"))
    return {camera_text("libcamerasrc camera-name=" + quoted(source.substr(12)), options), true, false};
  if (!std::filesystem::is_regular_file(source))
    throw UsageError("preview: --source: expected test, /dev/videoN, libcamera, libcamera://NAME or a file, found " +
                     source);
  if (options.bayer || !options.size.empty() || options.frame_rate > 0.0)
    throw UsageError("preview: --bayer, --size and --rate are for cameras and the test source, found a file");
  return {"filesrc location=" + quoted(source) + " ! decodebin", false, true};
}

std::string sink_text(const Options& options, bool is_live) {
  // A camera sets the pace itself: its frames are shown as soon as they are done. A sink that waited for their time,
  // which allows for the slowest frame, would hold up the next ones.
  const std::string sync = is_live ? " sync=false" : " sync=true";
  if (options.sink == "window") return "videoconvert ! autovideosink name=sink" + sync;
  if (options.sink == "fake") return "fakesink name=sink qos=true" + sync;
  return file_sink_text(options.sink);
}

std::string pipeline_text(const Options& options) {
  const Source source = source_of(options);
  std::string text = source.text;
  if (!options.bayer) text += " ! videoconvert ! video/x-raw,format=" + std::string(video_formats);
  // A camera does not wait: what comes while a frame is at work is dropped, so the preview does not fall behind.
  text += std::string(" ! queue name=entry max-size-bytes=0 max-size-time=0 max-size-buffers=") +
          (source.is_live ? "2 leaky=downstream" : "3");
  text += " ! rdnoiseest name=estimate ! rdenoise name=denoise preset=" + options.preset;
  if (!options.model.empty()) text += " model=" + quoted(options.model);
  if (options.bayer) text += " ! rddevelop";
  if (options.overlay && has_element("textoverlay"))
    text +=
        " ! textoverlay name=text valignment=top halignment=left line-alignment=left wrap-mode=none "
        "shaded-background=true font-desc=\"Monospace 9\"";
  return text + " ! " + sink_text(options, source.is_live);
}

}  // namespace rdn::preview
