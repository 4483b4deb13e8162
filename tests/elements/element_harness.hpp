// SPDX-License-Identifier: LGPL-2.1-or-later
// One element between two test pads, with a bus.
#pragma once

#include <gst/check/gstharness.h>

#include <memory>
#include <string>
#include <vector>

#include "elements/test_frames.hpp"

namespace rdenoise::test {

struct BufferUnref {
  void operator()(GstBuffer* buffer) const { gst_buffer_unref(buffer); }
};
using Buffer = std::unique_ptr<GstBuffer, BufferUnref>;

class ElementHarness {
 public:
  /// launch: one element with its properties, "rdenoise sigma=15".
  explicit ElementHarness(const std::string& launch);
  ~ElementHarness();
  ElementHarness(const ElementHarness&) = delete;
  ElementHarness& operator=(const ElementHarness&) = delete;

  [[nodiscard]] GstHarness* get() const { return harness_; }
  [[nodiscard]] GstElement* element() const { return harness_->element; }
  void set_caps(const std::string& caps) { gst_harness_set_src_caps_str(harness_, caps.c_str()); }
  GstFlowReturn push(GstBuffer* buffer) { return gst_harness_push(harness_, buffer); }
  /// The next buffer that came out; null if there is none.
  [[nodiscard]] Buffer pull() { return Buffer(gst_harness_try_pull(harness_)); }
  [[nodiscard]] Buffer push_and_pull(GstBuffer* buffer);
  bool push_event(GstEvent* event) { return gst_harness_push_event(harness_, event); }

  /// The first error on the bus as "domain/code message"; empty if there is none.
  [[nodiscard]] std::string error();
  /// How many warnings there were on the bus since the last call.
  [[nodiscard]] int warning_count();
  /// All element messages of this name.
  [[nodiscard]] std::vector<GstStructure*> messages(const char* name);

 private:
  GstHarness* harness_;
  GstBus* bus_;
  std::vector<GstMessage*> kept_;
};

}  // namespace rdenoise::test
