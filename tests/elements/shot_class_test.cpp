// SPDX-License-Identifier: LGPL-2.1-or-later
// rdenoise with a class-aware model whose classifier tells bright pictures from dark ones.
#include <gtest/gtest.h>

#include <rdenoise/denoise.hpp>
#include <string>

#include "elements/element_harness.hpp"
#include "lib/network/class_aware_model.hpp"
#include "support/formula_pictures.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise::test {
namespace {

class ShotClass : public testing::Test {
 protected:
  void SetUp() override { write_class_aware_model(folder_.path()); }

  [[nodiscard]] std::string launch(const std::string& more = "") const {
    return "rdenoise sigma=15 model=" + folder_.path().string() + " " + more;
  }

  /// A scene whose mean is about `level`.
  [[nodiscard]] GstBuffer* scene(float level) const {
    GstBuffer* buffer = make_frame(layout_);
    const FrameBytes bytes(buffer, layout_, true);
    for (int y = 0; y < layout_.height_px; ++y) {
      std::vector<float> row(static_cast<std::size_t>(layout_.width_px));
      for (std::size_t x = 0; x < row.size(); ++x)
        row[x] = level + 0.1F * (formula_signal(0, static_cast<int>(x), y) - 0.5F);
      write_row(bytes.view().channels[0], y, 0, row);
    }
    return buffer;
  }

  static std::string current_class(const ElementHarness& rdenoise) {
    gchar* text = nullptr;
    g_object_get(rdenoise.element(), "current-picture-class", &text, nullptr);
    const std::string name = text != nullptr ? text : "null";
    g_free(text);
    return name;
  }
  /// The class after a frame of that level.
  std::string class_after(ElementHarness& rdenoise, float level) const {
    EXPECT_NE(rdenoise.push_and_pull(scene(level)), nullptr);
    return current_class(rdenoise);
  }
  /// Frames that grow dark too slowly for a scene cut.
  void darken(ElementHarness& rdenoise) const {
    for (const float level : {0.75F, 0.65F, 0.55F, 0.47F, 0.4F, 0.34F, 0.29F, 0.25F}) class_after(rdenoise, level);
  }

  TemporaryFolder folder_;
  const FrameLayout layout_ = default_layout(*find_pixel_format("GRAY8"), 48, 32);
};

TEST_F(ShotClass, of_a_name_gives_what_the_library_gives) {
  for (const char* name : {"none", "bright", "dark"}) {
    ElementHarness rdenoise(launch("picture-class=" + std::string(name)));
    rdenoise.set_caps(layout_.caps());
    const Buffer frame(scene(0.9F));
    const Buffer out = rdenoise.push_and_pull(gst_buffer_ref(frame.get()));
    ASSERT_NE(out, nullptr);
    Denoiser denoiser(load_model(folder_.path().string()), {.picture_class = name});
    const Buffer expected(make_frame(layout_));
    {
      const FrameBytes src(frame.get(), layout_);
      const FrameBytes dst(expected.get(), layout_, true);
      denoiser.denoise(src.view(), dst.view(), uniform_profile(ColorModel::gray, NoiseModel::gaussian(15.0)));
    }
    EXPECT_EQ(samples_of(out.get(), layout_), samples_of(expected.get(), layout_)) << name;
    EXPECT_EQ(current_class(rdenoise), name);
  }
}

TEST_F(ShotClass, follows_scene_cuts_at_once_and_each_change_is_posted_once) {
  ElementHarness rdenoise(launch());
  rdenoise.set_caps(layout_.caps());
  EXPECT_EQ(current_class(rdenoise), "null") << "no frame yet";
  std::vector<std::string> classes;
  for (const float level : {0.9F, 0.9F, 0.1F, 0.1F, 0.9F}) classes.push_back(class_after(rdenoise, level));
  EXPECT_EQ(classes, (std::vector<std::string>{"bright", "bright", "dark", "dark", "bright"}));
  std::vector<std::string> posted;
  for (const GstStructure* news : rdenoise.messages("rdenoise-picture-class")) {
    posted.emplace_back(gst_structure_get_string(news, "picture-class"));
    double confidence = 0.0;
    EXPECT_TRUE(gst_structure_get_double(news, "confidence", &confidence));
    EXPECT_GT(confidence, 0.8);
  }
  EXPECT_EQ(posted, (std::vector<std::string>{"bright", "dark", "bright"}));
}

TEST_F(ShotClass, within_a_shot_it_changes_only_after_several_looks) {
  ElementHarness rdenoise(launch());
  rdenoise.set_caps(layout_.caps());
  class_after(rdenoise, 0.85F);
  darken(rdenoise);
  int frames = 8;
  while (frames < 200 && class_after(rdenoise, 0.25F) != "dark") ++frames;
  // Looks at frames 15, 30, 45 at the earliest.
  EXPECT_GE(frames, 44);
  EXPECT_LT(frames, 200);
}

TEST_F(ShotClass, a_new_segment_begins_anew) {
  ElementHarness rdenoise(launch());
  rdenoise.set_caps(layout_.caps());
  class_after(rdenoise, 0.85F);
  darken(rdenoise);
  EXPECT_EQ(class_after(rdenoise, 0.25F), "bright");
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  EXPECT_TRUE(rdenoise.push_event(gst_event_new_segment(&segment)));
  EXPECT_EQ(class_after(rdenoise, 0.25F), "dark");
}

TEST_F(ShotClass, new_caps_begin_anew) {
  ElementHarness rdenoise(launch());
  rdenoise.set_caps(layout_.caps());
  class_after(rdenoise, 0.85F);
  darken(rdenoise);
  EXPECT_EQ(class_after(rdenoise, 0.25F), "bright");
  // Of another frame rate, so that the frames go on alike.
  std::string caps = layout_.caps();
  const std::size_t rate = caps.find("framerate=");
  ASSERT_NE(rate, std::string::npos) << caps;
  caps = caps.substr(0, rate) + "framerate=(fraction)7/1";
  rdenoise.set_caps(caps);
  EXPECT_EQ(class_after(rdenoise, 0.25F), "dark");
}

TEST_F(ShotClass, a_choice_by_name_takes_effect_with_the_next_frame) {
  ElementHarness rdenoise(launch());
  rdenoise.set_caps(layout_.caps());
  EXPECT_EQ(class_after(rdenoise, 0.9F), "bright");
  g_object_set(rdenoise.element(), "picture-class", "none", nullptr);
  EXPECT_EQ(class_after(rdenoise, 0.9F), "none");
  g_object_set(rdenoise.element(), "picture-class", nullptr, nullptr);
  EXPECT_EQ(class_after(rdenoise, 0.9F), "bright") << "null is auto";
}

TEST_F(ShotClass, pictures_that_are_neither_are_class_agnostic) {
  ElementHarness rdenoise(launch());
  rdenoise.set_caps(layout_.caps());
  // The zeros beyond the border move the middle between the classes from 0.5 to 0.52.
  EXPECT_EQ(class_after(rdenoise, 0.52F), "none");
  EXPECT_EQ(rdenoise.messages("rdenoise-picture-class").size(), 1U);
}

TEST_F(ShotClass, an_unknown_class_is_reported_with_the_known_ones) {
  ElementHarness rdenoise(launch("picture-class=pet"));
  rdenoise.set_caps(layout_.caps());
  EXPECT_EQ(rdenoise.push(scene(0.9F)), GST_FLOW_ERROR);
  const std::string error = rdenoise.error();
  EXPECT_NE(error.find("auto, none, bright, dark"), std::string::npos) << error;
}

TEST_F(ShotClass, a_model_without_classes_has_none) {
  std::filesystem::remove_all(folder_ / "classes");
  std::filesystem::remove(folder_ / "classifier.safetensors");
  ElementHarness rdenoise(launch());
  rdenoise.set_caps(layout_.caps());
  EXPECT_EQ(class_after(rdenoise, 0.9F), "null");
  EXPECT_TRUE(rdenoise.messages("rdenoise-picture-class").empty());
}

}  // namespace
}  // namespace rdenoise::test
