// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include "elements/element_harness.hpp"
#include "elements/element_models.hpp"

namespace rdenoise::test {
namespace {

FrameLayout gray_layout() { return default_layout(*find_pixel_format("GRAY8"), 48, 32); }

TEST(Passthrough, strength_0_hands_on_the_very_buffer) {
  const ElementModels models;
  const FrameLayout layout = gray_layout();
  ElementHarness rdenoise("rdenoise strength=0");
  rdenoise.set_caps(layout.caps());
  GstBuffer* in = make_frame(layout);
  const Buffer out = rdenoise.push_and_pull(in);
  EXPECT_EQ(out.get(), in);
}

TEST(Passthrough, strength_0_needs_no_model) {
  const ElementModels models;
  const FrameLayout layout = gray_layout();
  models.remove("ffdnet-gray");
  ElementHarness rdenoise("rdenoise strength=0");
  rdenoise.set_caps(layout.caps());
  EXPECT_NE(rdenoise.push_and_pull(make_frame(layout)), nullptr);
}

TEST(Passthrough, switches_with_the_property_while_frames_flow) {
  const ElementModels models;
  const FrameLayout layout = gray_layout();
  ElementHarness rdenoise("rdenoise sigma=20");
  rdenoise.set_caps(layout.caps());
  const Buffer in(make_frame(layout));
  const auto noisy = samples_of(in.get(), layout);
  const Buffer first = rdenoise.push_and_pull(gst_buffer_ref(in.get()));
  g_object_set(rdenoise.element(), "strength", 0.0, nullptr);
  const Buffer second = rdenoise.push_and_pull(gst_buffer_ref(in.get()));
  g_object_set(rdenoise.element(), "strength", 1.0, nullptr);
  const Buffer third = rdenoise.push_and_pull(gst_buffer_ref(in.get()));
  EXPECT_NE(samples_of(first.get(), layout), noisy);
  EXPECT_EQ(second.get(), in.get());
  EXPECT_EQ(samples_of(third.get(), layout), samples_of(first.get(), layout));
}

}  // namespace
}  // namespace rdenoise::test
