// SPDX-License-Identifier: LGPL-2.1-or-later
// A running preview: its pipeline, what the user does to it, what it reports.
#pragma once

#include <gst/gst.h>

#include <memory>
#include <string>

#include "commands.hpp"
#include "frame_counters.hpp"
#include "gst_handle.hpp"
#include "options.hpp"
#include "split_view.hpp"

namespace rdn::preview {

class Session {
 public:
  /// throws  UsageError; std::runtime_error if the pipeline cannot be made
  explicit Session(Options options);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  /// Until the source ends, the time is over, or the user leaves.  throws  std::runtime_error if the pipeline fails
  void run();

 private:
  struct StopLoop {
    void operator()(GMainLoop* loop) const noexcept { g_main_loop_unref(loop); }
  };
  static gboolean on_message(GstBus* bus, GstMessage* message, gpointer self);
  static gboolean on_second(gpointer self);
  static gboolean on_time_over(gpointer self);
  static gboolean on_signal(gpointer self);

  void start();
  void act(Command command);
  void handle(GstMessage* message);
  void handle_navigation(GstMessage* message);
  void set_strength(double strength);
  void next_preset();
  void seek_by(double seconds);
  void restart();
  /// Ends the stream first where a file is written, so that it is whole.
  void leave();
  void fail(GstMessage* message);
  void fail_without_window(GstMessage* message);
  void say(const std::string& news) const;
  void report(bool is_last);

  Options options_;
  Element pipeline_;
  Element denoise_;
  Element text_;  ///< empty without overlay
  std::unique_ptr<SplitView> split_;
  std::unique_ptr<FrameCounters> counters_;
  std::unique_ptr<GMainLoop, StopLoop> loop_;
  double strength_ = 1.0;
  bool is_denoising_ = true;
  bool is_leaving_ = false;
  double sigma_8bit_ = -1.0;  ///< last measured; below 0: none yet
  double started_s_ = 0.0;
  std::string failure_;
};

}  // namespace rdn::preview
