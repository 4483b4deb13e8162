// SPDX-License-Identifier: LGPL-2.1-or-later
// The encoder against LibRaw's decoder.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "raw/huffman_code.hpp"
#include "raw/lossless_jpeg_tiles.hpp"
#include "sample_frame.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

RawFrame through_lossless_jpeg(const RawFrame& frame) {
  const test::TemporaryFolder folder;
  write_dng(folder / "frame.dng", frame, {.compression = DngCompression::lossless_jpeg});
  return read_raw_file(folder / "frame.dng");
}

TEST(LosslessJpeg, noise_of_every_phase_and_size_comes_back) {
  // Smaller than a tile, odd, a whole number of tiles, one pixel more.
  for (const auto& [width_px, height_px] : {std::pair{22, 22}, {65, 47}, {512, 1024}, {1025, 513}}) {
    for (const CfaPattern cfa : {CfaPattern::rggb, CfaPattern::grbg, CfaPattern::gbrg, CfaPattern::bggr}) {
      const RawFrame frame = sample_frame(width_px, height_px, cfa, 14);
      const RawFrame read = through_lossless_jpeg(frame);
      EXPECT_EQ(read.cfa, cfa);
      EXPECT_TRUE(read.mosaic == frame.mosaic) << width_px << "x" << height_px;
      EXPECT_EQ(read.metadata.black_level_dn, frame.metadata.black_level_dn);
    }
  }
}

TEST(LosslessJpeg, the_largest_differences_come_back) {
  RawFrame frame = sample_frame(64, 48, CfaPattern::rggb, 16);
  constexpr std::array<std::uint16_t, 6> extremes{0, 65535, 32768, 32767, 1, 0};
  std::mt19937 generator(7);
  for (auto& sample : frame.mosaic) sample = extremes[generator() % extremes.size()];
  EXPECT_TRUE(through_lossless_jpeg(frame).mosaic == frame.mosaic);
}

TEST(LosslessJpeg, a_flat_picture_comes_back_small) {
  RawFrame frame = sample_frame(512, 512, CfaPattern::rggb, 12);
  std::ranges::fill(frame.mosaic, std::uint16_t{777});
  EXPECT_TRUE(through_lossless_jpeg(frame).mosaic == frame.mosaic);
  const auto tiles = encode_lossless_jpeg_tiles(frame.mosaic, 512, 512, 1, 1);
  // A bit for each pixel, and headers below 100 bytes.
  for (const auto& tile : tiles.tiles) EXPECT_LT(tile.size(), 512U * 256 / 8 + 100);
}

TEST(LosslessJpeg, tiles_do_not_depend_on_the_number_of_threads) {
  const RawFrame frame = sample_frame(700, 600, CfaPattern::rggb, 14);
  EXPECT_EQ(encode_lossless_jpeg_tiles(frame.mosaic, 700, 600, 1, 1).tiles,
            encode_lossless_jpeg_tiles(frame.mosaic, 700, 600, 1, 2).tiles);
}

TEST(HuffmanCode, words_are_prefix_free_and_none_is_of_ones_alone) {
  // Fibonacci's numbers make the deepest tree: 17 symbols would need 17 bits with the reserved word.
  std::array<std::uint64_t, huffman_symbols> frequency{};
  std::uint64_t previous = 1;
  std::uint64_t next = 1;
  for (auto& f : frequency) {
    f = next;
    next += std::exchange(previous, next);
  }
  const HuffmanCode code = make_huffman_code(frequency);
  double used = 0.0;
  for (std::size_t a = 0; a < huffman_symbols; ++a) {
    ASSERT_GE(code.length_bits[a], 1);
    ASSERT_LE(code.length_bits[a], 16);
    EXPECT_NE(code.bits[a], (1U << code.length_bits[a]) - 1);
    used += std::ldexp(1.0, -code.length_bits[a]);
    for (std::size_t b = 0; b < huffman_symbols; ++b) {
      if (a == b || code.length_bits[a] > code.length_bits[b]) continue;
      EXPECT_NE(code.bits[b] >> (code.length_bits[b] - code.length_bits[a]), code.bits[a]);
    }
  }
  EXPECT_LT(used, 1.0);  // Kraft's sum, less the reserved word
}

TEST(HuffmanCode, a_single_symbol_takes_one_bit) {
  std::array<std::uint64_t, huffman_symbols> frequency{};
  frequency[3] = 1000;
  const HuffmanCode code = make_huffman_code(frequency);
  EXPECT_EQ(code.length_bits[3], 1);
  EXPECT_EQ(code.bits[3], 0);
  EXPECT_EQ(std::accumulate(code.length_bits.begin(), code.length_bits.end(), 0), 1);
}

}  // namespace
}  // namespace rdenoise
