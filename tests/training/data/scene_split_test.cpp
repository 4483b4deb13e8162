// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/scene_split.hpp"

#include <gtest/gtest.h>

namespace rdenoise::training {
namespace {

using enum PictureUse;

TEST(scene_split, every_nth_picture_validates_by_name_and_not_by_order) {
  EXPECT_EQ(split_by_scene({"c", "a", "b", "d"}, {.hold_out_every = 2}),
            (std::vector<PictureUse>{validate, validate, train, train}));
}

TEST(scene_split, pictures_of_a_scene_stay_together) {
  const std::vector<std::string> names{"x/chair_1", "x/chair_2", "x/plug_1", "x/plug_7", "x/desk_3"};
  const std::vector<PictureUse> uses = split_by_scene(names, {.scene = R"(([^/]*)_\d+$)", .hold_out_every = 3});
  // Three scenes, chair before desk before plug: the first validates.
  EXPECT_EQ(uses, (std::vector<PictureUse>{validate, validate, train, train, train}));
}

TEST(scene_split, a_pattern_holds_out_the_whole_scene_of_what_it_matches) {
  const std::vector<std::string> names{"a_1", "a_2", "b_1"};
  EXPECT_EQ(split_by_scene(names, {.scene = "(.)_", .hold_out = "a_2"}),
            (std::vector<PictureUse>{validate, validate, train}));
}

TEST(scene_split, excluded_pictures_are_neither_trained_on_nor_counted) {
  EXPECT_EQ(split_by_scene({"a", "b", "c", "d"}, {.exclude = "^a", .hold_out_every = 2}),
            (std::vector<PictureUse>{none, validate, train, validate}));
}

}  // namespace
}  // namespace rdenoise::training
