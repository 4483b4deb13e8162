// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>
#include <gtest/gtest.h>

#include "elements/element_models.hpp"

namespace rdenoise::test {
namespace {

class AllElements : public ::testing::TestWithParam<const char*> {};

TEST_P(AllElements, goes_through_all_states_again_and_again) {
  const ElementModels models;
  GstElement* element = gst_element_factory_make(GetParam(), nullptr);
  ASSERT_NE(element, nullptr);
  for (int round = 0; round < 3; ++round) {
    for (const GstState state : {GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_PLAYING, GST_STATE_PAUSED,
                                 GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_NULL}) {
      ASSERT_NE(gst_element_set_state(element, state), GST_STATE_CHANGE_FAILURE) << gst_element_state_get_name(state);
      GstState reached = GST_STATE_VOID_PENDING;
      ASSERT_NE(gst_element_get_state(element, &reached, nullptr, 5 * GST_SECOND), GST_STATE_CHANGE_FAILURE);
      EXPECT_EQ(reached, state);
    }
  }
  gst_object_unref(element);
}

TEST_P(AllElements, is_freed_with_its_last_reference) {
  GstElement* element = gst_element_factory_make(GetParam(), nullptr);
  ASSERT_NE(element, nullptr);
  gpointer alive = element;
  g_object_add_weak_pointer(G_OBJECT(element), &alive);
  gst_object_unref(element);
  EXPECT_EQ(alive, nullptr);
}

INSTANTIATE_TEST_SUITE_P(Plugin, AllElements,
                         ::testing::Values("rdrawdec", "rdnoise", "rdnoiseest", "rdenoise", "rddevelop"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace rdenoise::test
