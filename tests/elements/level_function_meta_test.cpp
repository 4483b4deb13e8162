// SPDX-License-Identifier: LGPL-2.1-or-later
// Version 2 of the meta: a profile with level functions on its way to rdenoise, and what a damaged one is worth.
#include <gtest/gtest.h>

#include <cmath>
#include <rdenoise/noise.hpp>

#include "elements/denoised_frames.hpp"
#include "elements/element_harness.hpp"
#include "elements/element_models.hpp"
#include "elements/noise_meta_fields.hpp"

namespace rdenoise::test {
namespace {

FrameLayout gray_layout() { return default_layout(*find_pixel_format("GRAY8"), 64, 48); }

std::vector<double> rising_variance() {
  std::vector<double> variance(NoiseLevelFunction::level_count);
  for (int i = 0; i < NoiseLevelFunction::level_count; ++i) variance[i] = 0.01 + 0.002 * i;
  return variance;
}

/// A frame that went through rdnoiseest, with another profile.
Buffer frame_with(const FrameLayout& layout, const std::vector<std::vector<double>>& level_functions) {
  ElementHarness rdnoiseest("rdnoiseest");
  rdnoiseest.set_caps(layout.caps());
  Buffer frame = rdnoiseest.push_and_pull(make_frame(layout, 1));
  GstStructure* structure = noise_structure(frame.get());
  set_numbers(structure, "a", {0.0});
  set_numbers(structure, "b", {0.09});
  set_number_lists(structure, "level-function", level_functions);
  return frame;
}

NoiseProfile profile_with(const std::vector<double>& variance) {
  NoiseProfile profile = uniform_profile(ColorModel::gray, {0.0, 0.09, {}});
  NoiseLevelFunction& function = profile.channels[0].level_function.emplace();
  for (std::size_t i = 0; i < variance.size(); ++i) function.variance[i] = static_cast<float>(variance[i]);
  return profile;
}

TEST(LevelFunctionMeta, is_the_variance_that_rdenoise_uses) {
  const ElementModels models;
  const FrameLayout layout = gray_layout();
  const Buffer frame = frame_with(layout, {rising_variance()});
  EXPECT_EQ(denoised_by_element("rdenoise", layout, frame.get()),
            denoised_directly(frame.get(), layout, profile_with(rising_variance())));
}

TEST(LevelFunctionMeta, may_be_empty_where_a_line_says_it_all) {
  const ElementModels models;
  const FrameLayout layout = gray_layout();
  const Buffer frame = frame_with(layout, {{}});
  EXPECT_EQ(denoised_by_element("rdenoise", layout, frame.get()),
            denoised_directly(frame.get(), layout, uniform_profile(ColorModel::gray, {0.0, 0.09, {}})));
}

TEST(LevelFunctionMeta, of_version_1_is_a_line) {
  const ElementModels models;
  const FrameLayout layout = gray_layout();
  const Buffer frame = frame_with(layout, {{}});
  GstStructure* structure = noise_structure(frame.get());
  gst_structure_remove_field(structure, "level-function");
  gst_structure_set(structure, "version", G_TYPE_INT, 1, nullptr);
  EXPECT_EQ(denoised_by_element("rdenoise", layout, frame.get()),
            denoised_directly(frame.get(), layout, uniform_profile(ColorModel::gray, {0.0, 0.09, {}})));
}

TEST(LevelFunctionMeta, that_is_damaged_makes_the_profile_worthless) {
  const ElementModels models;
  const FrameLayout layout = gray_layout();
  const Buffer plain = frame_with(layout, {});
  const auto own_estimate =
      denoised_directly(plain.get(), layout, estimate_noise(FrameBytes(plain.get(), layout).view()));
  const auto expect_rejected = [&](const char* what, const std::vector<std::vector<double>>& lists) {
    const Buffer frame = frame_with(layout, lists);
    EXPECT_EQ(denoised_by_element("rdenoise", layout, frame.get()), own_estimate) << what;
  };
  std::vector<double> variance = rising_variance();
  expect_rejected("no channel", {});
  expect_rejected("two channels", {variance, variance});
  variance.pop_back();
  expect_rejected("32 levels", {variance});
  variance.insert(variance.end(), {0.1, 0.1});
  expect_rejected("34 levels", {variance});
  variance = rising_variance();
  variance[7] = NAN;
  expect_rejected("not a number", {variance});
  variance[7] = INFINITY;
  expect_rejected("infinite", {variance});
  variance[7] = -1e-6;
  expect_rejected("negative", {variance});

  const auto expect_rejected_after = [&](const char* what, auto&& change) {
    const Buffer frame = frame_with(layout, {rising_variance()});
    change(noise_structure(frame.get()));
    EXPECT_EQ(denoised_by_element("rdenoise", layout, frame.get()), own_estimate) << what;
  };
  expect_rejected_after("flat array", [](GstStructure* s) { set_numbers(s, "level-function", rising_variance()); });
  expect_rejected_after("string",
                        [](GstStructure* s) { gst_structure_set(s, "level-function", G_TYPE_STRING, "0.1", nullptr); });
  expect_rejected_after("negative a", [](GstStructure* s) { set_numbers(s, "a", {-0.1}); });
  expect_rejected_after("negative b", [](GstStructure* s) { set_numbers(s, "b", {-0.1}); });
  expect_rejected_after("version 0", [](GstStructure* s) { gst_structure_set(s, "version", G_TYPE_INT, 0, nullptr); });
}

}  // namespace
}  // namespace rdenoise::test
