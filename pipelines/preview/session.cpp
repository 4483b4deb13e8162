// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session.hpp"

#include <glib-unix.h>
#include <gst/video/navigation.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "pipeline_text.hpp"
#include "report.hpp"
#include "snapshot.hpp"
#include "terminal_keys.hpp"

namespace rdn::preview {
namespace {

constexpr double strength_step = 0.1;
constexpr double most_strength = 4.0;
constexpr double divider_step = 0.05;
constexpr double seek_step_s = 5.0;

double now_s() { return static_cast<double>(g_get_monotonic_time()) / 1e6; }

Element named(GstElement* pipeline, const char* name) { return Element(gst_bin_get_by_name(GST_BIN(pipeline), name)); }

std::string snapshot_name() {
  char name[64];
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::strftime(name, sizeof name, "rdn-preview-%Y%m%d-%H%M%S.png", &local);
  return name;
}

/// Of the details of an error or warning: what follows the place in the source code.
std::string reason_in(const std::string& details) {
  const std::size_t line_end = details.find('\n');
  return line_end == std::string::npos ? "" : "\n  " + details.substr(line_end + 1);
}

}  // namespace

Session::Session(Options options) : options_(std::move(options)), strength_(options_.strength) {
  const std::string text = pipeline_text(options_);
  GError* error = nullptr;
  pipeline_.reset(gst_parse_launch_full(text.c_str(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error));
  if (error != nullptr) {
    const std::string why = error->message;
    g_error_free(error);
    throw std::runtime_error("making the preview's pipeline: " + why + "\n  " + text);
  }
  gst_object_ref_sink(pipeline_.get());
  denoise_ = named(pipeline_.get(), "denoise");
  text_ = named(pipeline_.get(), "text");
  g_object_set(denoise_.get(), "sigma", options_.sigma_8bit, "strength", strength_, nullptr);
  g_object_set(named(pipeline_.get(), "estimate").get(), "post-messages", TRUE, nullptr);
  split_ = std::make_unique<SplitView>(denoise_.get());
  split_->show(options_.compare);
  const Element entry = named(pipeline_.get(), "entry");
  counters_ = std::make_unique<FrameCounters>(entry.get(), text_ ? text_.get() : denoise_.get());
  loop_.reset(g_main_loop_new(nullptr, FALSE));
}

Session::~Session() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }

void Session::run() {
  const Bus bus(gst_element_get_bus(pipeline_.get()));
  const guint watch = gst_bus_add_watch(bus.get(), on_message, this);
  const TerminalKeys keys([this](Command command) { act(command); });
  const guint each_second = g_timeout_add(1000, on_second, this);
  const guint interrupt = g_unix_signal_add(SIGINT, on_signal, this);
  const guint terminate = g_unix_signal_add(SIGTERM, on_signal, this);
  if (options_.duration_s > 0.0) g_timeout_add(static_cast<guint>(options_.duration_s * 1000.0), on_time_over, this);
  if (keys.is_listening()) std::fprintf(stderr, "%s\n", std::string(keys_help()).c_str());
  if (options_.overlay && !text_)
    std::fputs("No overlay: GStreamer's textoverlay is not installed (Debian: gstreamer1.0-x)\n", stderr);
  start();
  g_main_loop_run(loop_.get());
  for (const guint source : {watch, each_second, interrupt, terminate}) g_source_remove(source);
  if (failure_.empty()) report(true);
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
  if (!failure_.empty()) throw std::runtime_error(failure_);
}

void Session::start() {
  started_s_ = now_s();
  if (gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE) return;
  // The reason is on the bus.
  const Bus bus(gst_element_get_bus(pipeline_.get()));
  if (GstMessage* message = gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR)) {
    fail(message);
    gst_message_unref(message);
  }
  if (failure_.empty()) failure_ = "preview: the pipeline could not start";
  throw std::runtime_error(failure_);
}

gboolean Session::on_message(GstBus* /*bus*/, GstMessage* message, gpointer self) {
  static_cast<Session*>(self)->handle(message);
  return G_SOURCE_CONTINUE;
}

gboolean Session::on_second(gpointer self) {
  static_cast<Session*>(self)->report(false);
  return G_SOURCE_CONTINUE;
}

gboolean Session::on_time_over(gpointer self) {
  static_cast<Session*>(self)->leave();
  return G_SOURCE_REMOVE;
}

gboolean Session::on_signal(gpointer self) {
  static_cast<Session*>(self)->leave();
  return G_SOURCE_CONTINUE;
}

void Session::handle(GstMessage* message) {
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_ERROR:
      return fail(message);
    case GST_MESSAGE_WARNING:
      if (options_.sink == "window" && std::string_view(GST_OBJECT_NAME(GST_MESSAGE_SRC(message))) == "sink")
        fail_without_window(message);
      return;
    case GST_MESSAGE_EOS:
      if (options_.loop && !is_leaving_) return seek_by(-1e9);
      return g_main_loop_quit(loop_.get());
    case GST_MESSAGE_ELEMENT: {
      if (gst_navigation_message_get_type(message) == GST_NAVIGATION_MESSAGE_EVENT) return handle_navigation(message);
      const GstStructure* news = gst_message_get_structure(message);
      if (gst_structure_has_name(news, "rdnoiseest")) gst_structure_get_double(news, "sigma-8bit", &sigma_8bit_);
      if (gst_structure_has_name(news, "rdenoise-quality"))
        say("quality: " + std::string(gst_structure_get_string(news, "from")) + " → " +
            gst_structure_get_string(news, "to") + " (" + gst_structure_get_string(news, "why") + ")");
      return;
    }
    default:
      return;
  }
}

void Session::fail(GstMessage* message) {
  GError* error = nullptr;
  gchar* details = nullptr;
  gst_message_parse_error(message, &error, &details);
  const std::string_view element = GST_OBJECT_NAME(GST_MESSAGE_SRC(message));
  failure_ = "preview: " + std::string(element) + ": " + error->message + reason_in(take_text(details));
  if (element.starts_with("v4l2src") || element.starts_with("libcamerasrc"))
    failure_ += "\n  --source names another camera or a file; --source test needs none";
  g_error_free(error);
  g_main_loop_quit(loop_.get());
}

/// autovideosink takes a fakesink if no window can be opened.
void Session::fail_without_window(GstMessage* message) {
  GError* error = nullptr;
  gchar* details = nullptr;
  gst_message_parse_warning(message, &error, &details);
  failure_ = "preview: expected a display for the window, found none: " + std::string(error->message) +
             reason_in(take_text(details)) + "\n  --sink fake and --sink FILE need none";
  g_error_free(error);
  g_main_loop_quit(loop_.get());
}

void Session::handle_navigation(GstMessage* message) {
  GstEvent* event = nullptr;
  if (!gst_navigation_message_parse_event(message, &event)) return;
  const gchar* key = nullptr;
  gint button = 0;
  gdouble x = 0.0;
  gdouble y = 0.0;
  switch (gst_navigation_event_get_type(event)) {
    case GST_NAVIGATION_EVENT_KEY_PRESS:
      if (gst_navigation_event_parse_key_event(event, &key))
        if (const std::optional<Command> command = command_of_key(key)) act(*command);
      break;
    case GST_NAVIGATION_EVENT_MOUSE_BUTTON_PRESS:
      if (gst_navigation_event_parse_mouse_button_event(event, &button, &x, &y)) {
        const Pad pad(gst_element_get_static_pad(denoise_.get(), "src"));
        const Caps caps(gst_pad_get_current_caps(pad.get()));
        int width_px = 0;
        if (caps && gst_structure_get_int(gst_caps_get_structure(caps.get(), 0), "width", &width_px) && width_px > 0)
          split_->set_divider(x / width_px);
      }
      break;
    default:
      break;
  }
  gst_event_unref(event);
}

void Session::act(Command command) {
  switch (command) {
    case Command::toggle_denoising:
      is_denoising_ = !is_denoising_;
      return set_strength(strength_);
    case Command::strength_up:
      return set_strength(strength_ + strength_step);
    case Command::strength_down:
      return set_strength(strength_ - strength_step);
    case Command::next_preset:
      return next_preset();
    case Command::toggle_compare:
      return split_->show(!split_->is_on());
    case Command::divider_left:
      return split_->set_divider(split_->divider() - divider_step);
    case Command::divider_right:
      return split_->set_divider(split_->divider() + divider_step);
    case Command::snapshot:
      return take_snapshot(text_ ? text_.get() : denoise_.get(), snapshot_name());
    case Command::seek_back:
      return seek_by(-seek_step_s);
    case Command::seek_forward:
      return seek_by(seek_step_s);
    case Command::restart:
      return restart();
    case Command::quit:
      return leave();
  }
}

void Session::set_strength(double strength) {
  strength_ = std::clamp(strength, strength_step, most_strength);
  g_object_set(denoise_.get(), "strength", is_denoising_ ? strength_ : 0.0, nullptr);
  char text[64];
  std::snprintf(text, sizeof text, is_denoising_ ? "strength %.1f" : "off", strength_);
  say(text);
}

void Session::next_preset() {
  const std::vector<std::string> names = preset_names();
  const auto now = std::ranges::find(names, options_.preset);
  options_.preset = now == names.end() || now + 1 == names.end() ? names.front() : *(now + 1);
  gst_util_set_object_arg(G_OBJECT(denoise_.get()), "preset", options_.preset.c_str());
  say("preset " + options_.preset);
}

void Session::seek_by(double seconds) {
  gint64 position_ns = 0;
  if (!gst_element_query_position(pipeline_.get(), GST_FORMAT_TIME, &position_ns)) position_ns = 0;
  const double wanted_s = std::max(static_cast<double>(position_ns) / 1e9 + seconds, 0.0);
  if (!gst_element_seek_simple(pipeline_.get(), GST_FORMAT_TIME,
                               static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT),
                               static_cast<gint64>(wanted_s * 1e9)))
    say("this source cannot be sought");
}

void Session::restart() {
  gst_element_set_state(pipeline_.get(), GST_STATE_READY);
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
  say("restarted");
}

void Session::leave() {
  const bool writes_file = options_.sink != "window" && options_.sink != "fake";
  if (writes_file && !std::exchange(is_leaving_, true) &&
      gst_element_send_event(pipeline_.get(), gst_event_new_eos()) != FALSE)
    return;
  g_main_loop_quit(loop_.get());
}

void Session::say(const std::string& news) const { std::fprintf(stderr, "\r\x1b[K%s\n", news.c_str()); }

void Session::report(bool is_last) {
  const ReportFacts facts{counters_->figures(), denoise_figures(denoise_.get()), sigma_8bit_,
                          is_denoising_ ? strength_ : 0.0, now_s() - started_s_};
  if (options_.json)
    print_json(facts, is_last);
  else
    print_line(facts, is_last);
  if (text_) g_object_set(text_.get(), "text", overlay_text(facts).c_str(), nullptr);
}

}  // namespace rdn::preview
