// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elements/element_harness.hpp"

#include <gtest/gtest.h>

namespace rdenoise::test {
namespace {

class GStreamerEnvironment : public ::testing::Environment {
  void SetUp() override { gst_init(nullptr, nullptr); }
};
[[maybe_unused]] const auto* environment = ::testing::AddGlobalTestEnvironment(new GStreamerEnvironment);

}  // namespace

ElementHarness::ElementHarness(const std::string& launch) : bus_(gst_bus_new()) {
  GError* error = nullptr;
  GstElement* element = gst_parse_launch(launch.c_str(), &error);
  EXPECT_EQ(error, nullptr) << launch << ": " << (error != nullptr ? error->message : "");
  g_clear_error(&error);
  gst_element_set_bus(element, bus_);
  harness_ = gst_harness_new_with_element(element, "sink", "src");
  gst_object_unref(element);
}

ElementHarness::~ElementHarness() {
  gst_element_set_bus(harness_->element, nullptr);
  for (GstMessage* message : kept_) gst_message_unref(message);
  gst_harness_teardown(harness_);
  gst_object_unref(bus_);
}

Buffer ElementHarness::push_and_pull(GstBuffer* buffer) {
  const GstFlowReturn result = push(buffer);
  EXPECT_EQ(result, GST_FLOW_OK) << gst_flow_get_name(result) << "; " << error();
  return pull();
}

std::string ElementHarness::error() {
  GstMessage* message = gst_bus_pop_filtered(bus_, GST_MESSAGE_ERROR);
  if (message == nullptr) return {};
  GError* error = nullptr;
  gst_message_parse_error(message, &error, nullptr);
  std::string text =
      std::string(g_quark_to_string(error->domain)) + "/" + std::to_string(error->code) + " " + error->message;
  g_error_free(error);
  gst_message_unref(message);
  return text;
}

int ElementHarness::warning_count() {
  int count = 0;
  for (; GstMessage* message = gst_bus_pop_filtered(bus_, GST_MESSAGE_WARNING); ++count) gst_message_unref(message);
  return count;
}

std::vector<GstStructure*> ElementHarness::messages(const char* name) {
  std::vector<GstStructure*> found;
  while (GstMessage* message = gst_bus_pop_filtered(bus_, GST_MESSAGE_ELEMENT)) {
    kept_.push_back(message);
    if (gst_message_has_name(message, name)) {
      found.push_back(const_cast<GstStructure*>(gst_message_get_structure(message)));
    }
  }
  return found;
}

}  // namespace rdenoise::test
