// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include "elements/element_harness.hpp"
#include "elements/element_models.hpp"

namespace rdenoise::test {
namespace {

std::vector<float> through_fresh_element(const FrameLayout& layout) {
  ElementHarness rdenoise("rdenoise");
  rdenoise.set_caps(layout.caps());
  const Buffer out = rdenoise.push_and_pull(make_frame(layout, 2));
  return samples_of(out.get(), layout);
}

TEST(CapsChange, leaves_nothing_of_the_stream_before) {
  const ElementModels models;
  ElementHarness rdenoise("rdenoise");
  for (const auto& [name, width, height] :
       {std::tuple{"I420", 48, 32}, std::tuple{"I420", 33, 21}, std::tuple{"RGB", 33, 21},
        std::tuple{"grbg12le", 20, 18}, std::tuple{"GRAY8", 48, 32}, std::tuple{"I420", 48, 32}}) {
    const FrameLayout layout = default_layout(*find_pixel_format(name), width, height);
    SCOPED_TRACE(layout.caps());
    rdenoise.set_caps(layout.caps());
    const Buffer out = rdenoise.push_and_pull(make_frame(layout, 2));
    ASSERT_NE(out, nullptr);
    EXPECT_EQ(samples_of(out.get(), layout), through_fresh_element(layout));
  }
}

TEST(CapsChange, limited_and_full_range_are_told_apart) {
  const ElementModels models;
  const FrameLayout layout = default_layout(*find_pixel_format("I420"), 48, 32);
  const auto denoised = [&](const char* colorimetry) {
    ElementHarness rdenoise("rdenoise sigma=20");
    rdenoise.set_caps(layout.caps() + ",colorimetry=(string)" + colorimetry);
    const Buffer out = rdenoise.push_and_pull(make_frame(layout, 2));
    return samples_of(out.get(), layout);
  };
  EXPECT_NE(denoised("bt601"), denoised("1:4:5:1"));
}

TEST(CapsChange, unknown_formats_are_not_negotiated) {
  const ElementModels models;
  for (const char* element : {"rdenoise", "rdnoise", "rdnoiseest"}) {
    for (const char* caps : {"video/x-raw,format=UYVY,width=16,height=16,framerate=30/1",
                             "video/x-bayer,format=rggb12be,width=16,height=16,framerate=30/1"}) {
      ElementHarness harness(element);
      harness.set_caps(caps);
      EXPECT_EQ(harness.push(gst_buffer_new_allocate(nullptr, 1024, nullptr)), GST_FLOW_NOT_NEGOTIATED)
          << element << " " << caps;
    }
  }
}

}  // namespace
}  // namespace rdenoise::test
