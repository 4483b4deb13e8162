// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures taken apart into every d-th pixel and put together again.
#include <gtest/gtest.h>

#include <numeric>
#include <rdenoise/network.hpp>

#include "network/onednn_plan.hpp"
#include "network/onednn_sub_grids.hpp"

namespace rdenoise::onednn {
namespace {

struct Picture {
  Activation view;
  std::vector<float> values;

  Picture(int channels, int height, int width, int padded_height, int padded_width, int block, int sub_grid)
      : view{nullptr, channels, height, width, padded_height, padded_width, {block, ElementType::f32}, sub_grid},
        values(view.element_count()) {
    view.data = values.data();
  }
  /// Of a channel, in the given one of the pictures.
  [[nodiscard]] float at(int picture, int channel, int y, int x) const {
    const int block = view.layout.block;
    const auto n_blocks = static_cast<std::size_t>(view.padded_channels() / block);
    const std::size_t row = (picture * n_blocks + channel / block) * view.padded_height + y;
    return values[(row * view.padded_width + x) * block + channel % block];
  }
};

TEST(ExecutorSubGrids, hold_every_pixel_once_zeros_beyond_the_picture_and_give_it_back) {
  for (const int block : {1, 8, 16})
    for (const int d : {2, 4, 7, 30}) {
      constexpr int height = 11;
      constexpr int width = 13;
      const int channels = block == 1 ? 3 : 11;
      Picture whole(channels, height, width, 12, 16, block, 1);
      std::iota(whole.values.begin(), whole.values.end(), 1.F);
      const int small_height = (height + d - 1) / d;
      const int small_width = (width + d - 1) / d;
      Picture parts(channels, small_height, small_width, small_height + 1, small_width + 2, block, d);
      std::ranges::fill(parts.values, -1.F);
      split_into_sub_grids(whole.view, parts.view);
      for (int picture = 0; picture < d * d; ++picture)
        for (int c = 0; c < channels; ++c)
          for (int y = 0; y < parts.view.padded_height; ++y)
            for (int x = 0; x < parts.view.padded_width; ++x) {
              const int whole_y = y * d + picture / d;
              const int whole_x = x * d + picture % d;
              const bool inside = whole_y < height && whole_x < width;
              ASSERT_EQ(parts.at(picture, c, y, x), inside ? whole.at(0, c, whole_y, whole_x) : 0.F)
                  << "block " << block << ", d " << d << ", picture " << picture << ", " << c << " " << y << " " << x;
            }
      Picture back(channels, height, width, 12, 16, block, 1);
      join_sub_grids(parts.view, back.view);
      for (int c = 0; c < channels; ++c)
        for (int y = 0; y < height; ++y)
          for (int x = 0; x < width; ++x) ASSERT_EQ(back.at(0, c, y, x), whole.at(0, c, y, x));
    }
}

TEST(ExecutorSubGrids, are_used_where_the_padding_is_more_than_the_cpu_takes) {
  const NetworkSpec spec = build_network(find_architecture("ircnn").examples[0]);
  const auto used = [&](int max_padding_px) {
    LayoutRules rules;
    rules.max_padding_px = max_padding_px;
    std::vector<int> grids;
    const ExecutionPlan plan = lower(spec, rules);
    for (const Step& step : plan.steps)
      if (step.kind == StepKind::split_into_sub_grids)
        grids.push_back(plan.values[static_cast<std::size_t>(step.output)].sub_grid);
    return grids;
  };
  // Dilations 1, 2, 3, 4, 3, 2, 1.
  EXPECT_EQ(used(6), std::vector<int>{});
  EXPECT_EQ(used(3), (std::vector<int>{4}));
  EXPECT_EQ(used(1), (std::vector<int>{2, 3, 4, 3, 2}));
}

}  // namespace
}  // namespace rdenoise::onednn
