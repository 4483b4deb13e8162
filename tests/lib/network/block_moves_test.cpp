// SPDX-License-Identifier: LGPL-2.1-or-later
// Moves of whole groups of channels against the same, value by value.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "network/onednn_moves.hpp"

namespace rdenoise::onednn {
namespace {

constexpr int channels = 32;
constexpr int height = 3;
constexpr int width = 7;

/// A value with memory, a column and a row of padding beyond it.
struct Held {
  explicit Held(Layout layout) : value{nullptr, channels, height, width, height + 1, width + 1, layout} {
    bytes.resize(value.size_bytes());
    value.data = bytes.data();
  }
  std::vector<std::byte> bytes;
  Activation value;
};

void fill(const Activation& value) {
  std::mt19937 generator(5);
  std::uniform_real_distribution<float> uniform(-20.F, 300.F);
  auto* const values = static_cast<float*>(value.data);
  for (std::size_t i = 0; i < value.element_count(); ++i) values[i] = uniform(generator);
}

std::vector<float> rows_of(const Activation& value) {
  std::vector<float> values;
  std::vector<float> row(width);
  for (int c = 0; c < channels; ++c)
    for (int y = 0; y < height; ++y) {
      read_row(value, c, y, 0, row);
      values.insert(values.end(), row.begin(), row.end());
    }
  return values;
}

TEST(BlockMoves, copy_between_blocks_of_every_size_that_nests) {
  for (const int from : {8, 16, 32})
    for (const int to : {8, 16, 32}) {
      const Held src({from, ElementType::f32});
      const Held dst({to, ElementType::f32});
      fill(src.value);
      ASSERT_TRUE(copy_blocks(src.value, dst.value));
      EXPECT_EQ(rows_of(dst.value), rows_of(src.value)) << from << " to " << to;
    }
}

TEST(BlockMoves, leave_planes_and_other_elements_to_others) {
  const Held planes({1, ElementType::f32});
  const Held blocks({16, ElementType::f32});
  const Held halves({16, ElementType::bf16});
  EXPECT_FALSE(copy_blocks(planes.value, blocks.value));
  EXPECT_FALSE(copy_blocks(blocks.value, halves.value));
}

TEST(BlockMoves, to_eight_bits_round_to_nearest_and_keep_within_a_byte) {
  std::vector<float> scales;
  for (int c = 0; c < channels; ++c) scales.push_back(0.5F + 0.05F * static_cast<float>(c));
  for (const int from : {8, 16, 32}) {
    const Held src({from, ElementType::f32});
    Held dst({channels, ElementType::u8});
    dst.value.scales = scales;
    fill(src.value);
    to_eight_bits(src.value, dst.value);
    std::vector<float> expected = rows_of(src.value);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const float scale = scales[i / (height * width)];
      expected[i] = std::nearbyint(std::clamp(expected[i] * (1.F / scale), 0.F, 255.F)) * scale;
    }
    EXPECT_EQ(rows_of(dst.value), expected) << "blocks of " << from;
  }
}

}  // namespace
}  // namespace rdenoise::onednn
