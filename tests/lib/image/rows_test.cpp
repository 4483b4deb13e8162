// SPDX-License-Identifier: LGPL-2.1-or-later
// The vectorised row loops against the plain formula, for every stride that has a loop of its own and one that has not.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <rdenoise/image.hpp>

namespace rdenoise {
namespace {

struct RowCase {
  const char* name;
  SampleFormat sample;
  Levels levels;
  int pixel_stride_bytes;
};

void PrintTo(const RowCase& row_case, std::ostream* out) { *out << row_case.name; }

constexpr int row_count = 3;
constexpr int padding_bytes = 5;

/// Rows of pseudo-random bytes with padding, and a view on channel memory that starts at an odd address.
class Rows : public testing::TestWithParam<RowCase> {
 protected:
  void make(int width_px) {
    const RowCase& param = GetParam();
    const std::ptrdiff_t stride = width_px * param.pixel_stride_bytes + padding_bytes;
    memory_.resize(1 + stride * row_count);
    std::uint32_t state = 1;
    for (std::byte& byte : memory_) byte = static_cast<std::byte>((state = state * 1664525U + 1013904223U) >> 24);
    view_ = {memory_.data() + 1, width_px, row_count, stride, param.pixel_stride_bytes, param.sample, param.levels};
  }

  [[nodiscard]] const std::byte* pixel(int x, int y) const {
    return view_.data + y * view_.row_stride_bytes + x * view_.pixel_stride_bytes;
  }

  [[nodiscard]] float plain_read(int x, int y) const {
    const SampleFormat& sample = GetParam().sample;
    const Levels& levels = GetParam().levels;
    std::uint16_t dn = 0;
    std::memcpy(&dn, pixel(x, y), sample_size_bytes(sample.type));
    const auto value = static_cast<float>(dn >> sample.shift_bits);
    return (value - levels.black_dn) / (levels.white_dn - levels.black_dn);
  }

  [[nodiscard]] unsigned plain_dn(float signal) const {
    const SampleFormat& sample = GetParam().sample;
    const Levels& levels = GetParam().levels;
    const float dn = std::floor(signal * (levels.white_dn - levels.black_dn) + levels.black_dn + 0.5F);
    const auto max_dn = static_cast<float>((1 << sample.bit_depth) - 1);
    return static_cast<unsigned>(std::fmin(std::fmax(dn, 0.F), max_dn)) << sample.shift_bits;
  }

  [[nodiscard]] unsigned stored(int x, int y) const {
    std::uint16_t dn = 0;
    std::memcpy(&dn, pixel(x, y), sample_size_bytes(GetParam().sample.type));
    return dn;
  }

  std::vector<std::byte> memory_;
  ChannelView view_;
};

TEST_P(Rows, reading_equals_the_plain_formula_at_every_length_and_start) {
  for (int width_px = 1; width_px <= 70; ++width_px) {
    make(width_px);
    for (const int x0 : {0, width_px / 3}) {
      std::vector<float> row(width_px - x0);
      for (int y = 0; y < row_count; ++y) {
        read_row(view_, y, x0, row);
        for (int x = x0; x < width_px; ++x)
          ASSERT_EQ(row[x - x0], plain_read(x, y)) << width_px << " " << x << " " << y;
      }
    }
  }
}

TEST_P(Rows, writing_equals_the_plain_formula_and_touches_nothing_else) {
  for (int width_px = 1; width_px <= 70; ++width_px) {
    make(width_px);
    const std::vector<std::byte> before = memory_;
    std::vector<float> row(width_px);
    // Below black to above white, so that both ends clip.
    for (int x = 0; x < width_px; ++x) row[x] = -0.4F + 1.8F * static_cast<float>((x * 37) % 71) / 70.F;
    write_row(view_, 1, 0, row);
    std::vector<bool> written(memory_.size(), false);
    for (int x = 0; x < width_px; ++x) {
      ASSERT_EQ(stored(x, 1), plain_dn(row[x])) << width_px << " " << x << " signal " << row[x];
      const std::ptrdiff_t first = pixel(x, 1) - memory_.data();
      for (int i = 0; i < sample_size_bytes(GetParam().sample.type); ++i) written[first + i] = true;
    }
    for (std::size_t i = 0; i < memory_.size(); ++i) ASSERT_TRUE(written[i] || memory_[i] == before[i]) << i;
  }
}

constexpr SampleFormat u8{SampleType::u8, 8, 0};
constexpr SampleFormat u12{SampleType::u16, 12, 0};
constexpr SampleFormat u16{SampleType::u16, 16, 0};
constexpr SampleFormat p010{SampleType::u16, 10, 6};

INSTANTIATE_TEST_SUITE_P(
    Layouts, Rows,
    testing::Values(RowCase{"u8_dense", u8, {0, 255}, 1}, RowCase{"u8_limited", u8, {16, 235}, 1},
                    RowCase{"u8_pairs", u8, {16, 240}, 2}, RowCase{"u8_rgb", u8, {0, 255}, 3},
                    RowCase{"u8_rgbx", u8, {0, 255}, 4}, RowCase{"u8_apart", u8, {0, 255}, 7},
                    RowCase{"u16_dense", u16, {0, 65535}, 2}, RowCase{"raw12_site", u12, {256, 4000}, 4},
                    RowCase{"u16_rgba", u16, {0, 65535}, 8}, RowCase{"u16_apart", u16, {0, 65535}, 6},
                    RowCase{"p010_dense", p010, {64, 940}, 2}, RowCase{"p010_chroma", p010, {64, 960}, 4}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(FloatRows, keep_every_bit_whatever_the_stride_and_levels) {
  const std::vector<float> signal = {-3.5F, 0.F, 1e-30F, 1.F, 17.25F, std::numeric_limits<float>::infinity()};
  for (const int stride_bytes : {4, 12}) {
    std::vector<std::byte> memory(signal.size() * stride_bytes);
    const ChannelView view{memory.data(), static_cast<int>(signal.size()), 1, 0, stride_bytes, SampleFormat{},
                           {100.F, 200.F}};
    write_row(view, 0, 0, signal);
    std::vector<float> read(signal.size());
    read_row(view, 0, 0, read);
    EXPECT_EQ(read, signal);
  }
}

TEST(IntegerRows, values_outside_the_levels_are_read_unclipped) {
  const std::array<std::uint8_t, 4> stored = {0, 16, 235, 255};
  const ConstChannelView view{reinterpret_cast<const std::byte*>(stored.data()), 4, 1, 4, 1, u8, {16, 235}};
  std::array<float, 4> row{};
  read_row(view, 0, 0, row);
  EXPECT_FLOAT_EQ(row[0], -16.F / 219.F);
  EXPECT_EQ(row[1], 0.F);
  EXPECT_EQ(row[2], 1.F);
  EXPECT_FLOAT_EQ(row[3], 239.F / 219.F);
}

TEST(IntegerRows, limited_range_still_writes_the_numbers_beyond_its_levels) {
  std::array<std::uint8_t, 3> stored{};
  const ChannelView view{reinterpret_cast<std::byte*>(stored.data()), 3, 1, 3, 1, u8, {16, 235}};
  write_row(view, 0, 0, std::array{-16.F / 219.F, 239.F / 219.F, 5.F});
  EXPECT_EQ(stored, (std::array<std::uint8_t, 3>{0, 255, 255}));
}

TEST(IntegerRows, not_a_number_is_written_as_zero) {
  std::array<std::uint8_t, 2> stored = {9, 9};
  const ChannelView view{reinterpret_cast<std::byte*>(stored.data()), 2, 1, 2, 1, u8, {0, 255}};
  write_row(view, 0, 0, std::array{std::nanf(""), 1.F});
  EXPECT_EQ(stored, (std::array<std::uint8_t, 2>{0, 255}));
}

TEST(IntegerRows, p010_keeps_its_number_in_the_upper_ten_bits) {
  std::array<std::uint16_t, 2> stored{};
  const ChannelView view{reinterpret_cast<std::byte*>(stored.data()), 2, 1, 4, 2, p010, {0, 1023}};
  write_row(view, 0, 0, std::array{1.F, 512.F / 1023.F});
  EXPECT_EQ(stored, (std::array<std::uint16_t, 2>{0xFFC0, 0x8000}));
}

}  // namespace
}  // namespace rdenoise
