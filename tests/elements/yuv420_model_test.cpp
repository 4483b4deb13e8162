// SPDX-License-Identifier: LGPL-2.1-or-later
// A model on the six planes of 4:2:0 video, in the element.
#include <gtest/gtest.h>

#include <string>

#include "elements/denoised_frames.hpp"
#include "elements/element_harness.hpp"
#include "elements/element_models.hpp"
#include "elements/test_frames.hpp"

namespace rdenoise::test {
namespace {

constexpr const char* formats_420[] = {"I420", "YV12", "NV12", "I420_10LE", "P010_10LE"};

TEST(Yuv420Model, the_element_gives_the_librarys_frames_in_every_420_format) {
  const ElementModels models;
  for (const char* name : formats_420) {
    const PixelFormat& pixel = *find_pixel_format(name);
    for (const FrameLayout& layout : {default_layout(pixel, 48, 32), default_layout(pixel, 17, 13),
                                      default_layout(pixel, 1, 1), padded_layout(pixel, 17, 13)}) {
      SCOPED_TRACE(layout.caps());
      const Buffer in(make_frame(layout, 3));
      const NoiseProfile noise = uniform_profile(ColorModel::yuv, NoiseModel::gaussian(20));
      const std::vector<float> found = denoised_by_element("rdenoise model=yuv420 sigma=20", layout, in.get());
      EXPECT_EQ(found, denoised_directly(in.get(), layout, noise, "yuv420"));
      EXPECT_NE(found, samples_of(in.get(), layout));
    }
  }
}

TEST(Yuv420Model, the_formats_hold_the_same_frame) {
  const ElementModels models;
  const auto denoised = [](const char* name) {
    const FrameLayout layout = padded_layout(*find_pixel_format(name), 37, 25);
    const Buffer in(make_frame(layout, 7));
    return denoised_by_element("rdenoise model=yuv420 sigma=20", layout, in.get());
  };
  EXPECT_EQ(denoised("NV12"), denoised("I420"));
  EXPECT_EQ(denoised("YV12"), denoised("I420"));
  EXPECT_EQ(denoised("P010_10LE"), denoised("I420_10LE"));
}

TEST(Yuv420Model, strength_0_passes_the_frame) {
  const ElementModels models;
  const FrameLayout layout = padded_layout(*find_pixel_format("NV12"), 17, 13);
  const Buffer in(make_frame(layout, 3));
  EXPECT_EQ(denoised_by_element("rdenoise model=yuv420 sigma=20 strength=0", layout, in.get()),
            samples_of(in.get(), layout));
}

TEST(Yuv420Model, other_formats_end_the_stream_saying_what_is_taken) {
  const ElementModels models;
  for (const char* name : {"GRAY8", "Y42B", "Y444", "RGB", "rggb"}) {
    const FrameLayout layout = default_layout(*find_pixel_format(name), 32, 32);
    ElementHarness rdenoise("rdenoise model=yuv420 sigma=20");
    rdenoise.set_caps(layout.caps());
    EXPECT_EQ(rdenoise.push(make_frame(layout)), GST_FLOW_ERROR) << name;
    const std::string error = rdenoise.error();
    for (const char* taken : formats_420) EXPECT_NE(error.find(taken), std::string::npos) << name << ": " << error;
  }
}

}  // namespace
}  // namespace rdenoise::test
