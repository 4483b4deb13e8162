// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>
#include <zlib.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <rdenoise/error.hpp>
#include <rdenoise/response_curve.hpp>
#include <string>
#include <vector>

#include "isp/mat5_reader.hpp"
#include "support/data_folder.hpp"

namespace rdenoise {
namespace {

std::string number(std::uint32_t value) { return {reinterpret_cast<const char*>(&value), sizeof value}; }

std::string element(std::uint32_t type, std::string data, bool padded = true) {
  std::string text = number(type) + number(static_cast<std::uint32_t>(data.size())) + data;
  if (padded) text.resize((text.size() + 7) / 8 * 8);
  return text;
}

template <typename Number>
std::string packed(const std::vector<Number>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Number)};
}

/// A real matrix of class `array_class`, its numbers stored as `type`.
std::string matrix(const std::string& name, std::int32_t rows, std::int32_t columns, std::uint32_t type,
                   const std::string& numbers, std::uint32_t array_class = 7) {
  return element(14, element(6, number(array_class) + number(0)) + element(5, packed<std::int32_t>({rows, columns})) +
                         element(1, name) + element(type, numbers));
}

std::string compressed(const std::string& data) {
  uLongf size = compressBound(data.size());
  std::string packed(size, '\0');
  EXPECT_EQ(compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(data.data()),
                     data.size()),
            Z_OK);
  packed.resize(size);
  return element(15, packed, false);
}

std::string mat_file(const std::string& elements, const std::string& endian = "IM") {
  std::string header = "MATLAB 5.0 MAT-file, made by formula";
  header.resize(124, ' ');
  return header + std::string("\0\x01", 2) + endian + elements;
}

/// Exactly so many bytes on the heap, so that a sanitizer sees each read beyond them.
std::vector<std::byte> bytes_of(std::string_view text) {
  const auto* first = reinterpret_cast<const std::byte*>(text.data());
  return {first, first + text.size()};
}

ResponseCurveSet read(std::string_view text) { return read_response_curves(bytes_of(text), "curves"); }

/// internal if the file was read.
ErrorCode error_code(std::string_view text) {
  try {
    static_cast<void>(read(text));
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("curves"), std::string::npos) << error.what();
    return error.code();
  }
  return ErrorCode::internal;
}

// Two curves of three points, column by column: x and x², at 0, ½, 1.
const std::vector<float> irradiances{0.F, 0.F, 0.5F, 0.5F, 1.F, 1.F};
const std::vector<float> brightnesses{0.F, 0.F, 0.5F, 0.25F, 1.F, 1.F};

std::string two_curves(bool packed_up = true) {
  const std::string b = matrix("B", 2, 3, 7, packed(brightnesses));
  const std::string i = matrix("I", 2, 3, 7, packed(irradiances));
  return mat_file(packed_up ? compressed(b) + compressed(i) : b + i);
}

void expect_two_curves(const ResponseCurveSet& set) {
  ASSERT_EQ(set.curves.size(), 2U);
  EXPECT_TRUE(set.remarks.empty());
  EXPECT_EQ(set.curves[0].brightness(0.5F), 0.5F);
  EXPECT_EQ(set.curves[1].brightness(0.5F), 0.25F);
}

TEST(MatlabCurves, are_read_compressed_or_not) {
  expect_two_curves(read(two_curves(true)));
  expect_two_curves(read(two_curves(false)));
}

TEST(MatlabCurves, inverses_are_read_as_the_same_curves) {
  expect_two_curves(
      read(mat_file(matrix("invB", 2, 3, 7, packed(brightnesses)) + matrix("invI", 2, 3, 7, packed(irradiances)))));
}

TEST(MatlabCurves, numbers_may_be_of_any_type) {
  const auto matrices = read_mat5(bytes_of(mat_file(matrix("d", 1, 2, 9, packed<double>({0.5, -2.0}), 6) +
                                                    matrix("u8", 2, 1, 2, packed<std::uint8_t>({7, 255}), 6) +
                                                    matrix("i16", 1, 2, 3, packed<std::int16_t>({-300, 4}), 10))),
                                  "curves");
  ASSERT_EQ(matrices.size(), 3U);
  EXPECT_EQ(matrices[0].values, (std::vector<float>{0.5F, -2.F}));
  EXPECT_EQ(matrices[1].values, (std::vector<float>{7.F, 255.F}));
  EXPECT_EQ(matrices[2].values, (std::vector<float>{-300.F, 4.F}));
  EXPECT_EQ(matrices[1].name, "u8");
  EXPECT_EQ(matrices[1].row_count, 2U);
}

TEST(MatlabCurves, what_is_no_plain_matrix_is_passed_over) {
  const std::string text = matrix("text", 1, 2, 4, packed<std::uint16_t>({65, 66}), 4);
  const std::string other = element(6, number(1));
  const std::string complex =
      element(14, element(6, number(0x807) + number(0)) + element(5, packed<std::int32_t>({1, 1})) + element(1, "c") +
                      element(7, packed<float>({1.F})) + element(7, packed<float>({1.F})));
  expect_two_curves(read(mat_file(text + other + complex) + two_curves().substr(128)));
}

TEST(MatlabCurves, cut_off_anywhere_they_are_refused) {
  for (const bool packed_up : {true, false}) {
    const std::string whole = two_curves(packed_up);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const ErrorCode code = error_code(std::string_view(whole).substr(0, size));
      EXPECT_TRUE(code == ErrorCode::corrupt || (size < 19 && code == ErrorCode::unsupported)) << size;
    }
  }
}

TEST(MatlabCurves, with_wrong_bytes_they_are_refused_or_read_but_never_crash) {
  std::uint32_t state = 3;
  for (const bool packed_up : {true, false}) {
    const std::string whole = two_curves(packed_up);
    int refused = 0;
    for (int trial = 0; trial < 3000; ++trial) {
      std::string text = whole;
      for (int i = 0; i < 2; ++i) {
        state = state * 1664525U + 1013904223U;
        text[19 + (state >> 8) % (text.size() - 19)] = static_cast<char>(state);
      }
      const ErrorCode code = error_code(text);
      EXPECT_TRUE(code == ErrorCode::corrupt || code == ErrorCode::unsupported || code == ErrorCode::internal);
      if (code != ErrorCode::internal) ++refused;
    }
    EXPECT_GT(refused, 1000);
  }
}

TEST(MatlabCurves, that_lie_about_their_size_are_refused) {
  const std::string few = packed(brightnesses);
  EXPECT_EQ(error_code(mat_file(matrix("B", 2, 1 << 30, 7, few))), ErrorCode::corrupt);
  EXPECT_EQ(error_code(mat_file(matrix("B", 1 << 30, 1 << 30, 7, few))), ErrorCode::corrupt);
  EXPECT_EQ(error_code(mat_file(matrix("B", -2, -3, 7, few))), ErrorCode::corrupt);
  EXPECT_EQ(error_code(mat_file(matrix("B", 2, 4, 7, few))), ErrorCode::corrupt);
  EXPECT_EQ(error_code(mat_file(matrix("B", 2, 3, 11, few))), ErrorCode::corrupt) << "no such type";
  EXPECT_EQ(error_code(mat_file(number(14) + number(0xFFFFFFFFU))), ErrorCode::corrupt);
  EXPECT_EQ(error_code(mat_file(number(0x00050001U) + number(0))), ErrorCode::corrupt) << "5 bytes in 4";
  // 100 MB of zeros in 100 kB.
  EXPECT_EQ(error_code(mat_file(compressed(std::string(100U << 20, '\0')))), ErrorCode::unsupported);
}

TEST(MatlabCurves, without_the_two_matrices_are_refused) {
  EXPECT_EQ(error_code(mat_file("")), ErrorCode::corrupt);
  EXPECT_EQ(error_code(mat_file(matrix("B", 2, 3, 7, packed(brightnesses)))), ErrorCode::corrupt);
  EXPECT_EQ(
      error_code(mat_file(matrix("B", 2, 3, 7, packed(brightnesses)) + matrix("I", 3, 2, 7, packed(irradiances)))),
      ErrorCode::corrupt);
  EXPECT_EQ(error_code(mat_file("", "MI")), ErrorCode::unsupported);
}

const std::string two_texts =
    "agfa-futura\r\ngraph\r\nI =\r\n   0.0   5.0e-001   1.0\r\nB =\r\n 0 0.5 1\r\n"
    "\n\nkodak\ngraph\nI=\n0\t0.5\t1\nB =\n0 0.25 1";

TEST(TextCurves, are_read_with_their_names) {
  const ResponseCurveSet set = read(two_texts);
  expect_two_curves(set);
  EXPECT_EQ(set.curves[0].name(), "agfa-futura");
  EXPECT_EQ(set.curves[1].name(), "kodak");
}

TEST(TextCurves, that_are_damaged_are_refused) {
  const std::string head = "a\nb\nI =\n0 1\n";
  for (const std::string& rest : std::vector<std::string>{"", "B =", "B =\n0 0.5 1", "X =\n0 1", "B =\n0 one",
                                                          "B =\n0 1x", "B =\n0 1e", "B =\n0 1\nnext"}) {
    EXPECT_EQ(error_code(head + rest), ErrorCode::corrupt) << rest;
  }
  for (const std::string& other : std::vector<std::string>{"", "\n\n\n", "text\nof\nanother kind\n", "\xff\xd8\xff"}) {
    EXPECT_EQ(error_code(other), ErrorCode::unsupported) << other;
  }
  // Cut off in a number it may still be a curve.
  for (std::size_t size = 0; size < two_texts.size(); ++size) {
    const ErrorCode code = error_code(std::string_view(two_texts).substr(0, size));
    EXPECT_TRUE(code == ErrorCode::corrupt || code == ErrorCode::unsupported || code == ErrorCode::internal);
  }
}

TEST(MeasuredCurves, small_dips_are_levelled_and_useless_curves_left_out_with_a_remark) {
  const ResponseCurveSet set = read(
      "good\ng\nI =\n0 0.5 1\nB =\n0 0.5 1\n"
      "dips\ng\nI =\n0 0.25 0.5 1\nB =\n0 0.5 0.495 1\n"
      "falls\ng\nI =\n0 0.25 0.5 1\nB =\n0 0.5 0.3 1\n"
      "endless\ng\nI =\n0 0.5 1\nB =\n0 nan 1\n"
      "flat\ng\nI =\n0 0.5 1\nB =\n1 1 1\n"
      "backwards\ng\nI =\n1 0.5 0\nB =\n0 0.5 1\n");
  ASSERT_EQ(set.curves.size(), 2U);
  EXPECT_EQ(set.curves[1].brightness(0.4F), 0.5F);
  ASSERT_EQ(set.remarks.size(), 5U);
  const char* names[] = {"dips", "falls", "endless", "flat", "backwards"};
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(set.remarks[i].starts_with(names[i])) << set.remarks[i];
  EXPECT_EQ(error_code("flat\ng\nI =\n0 0.5 1\nB =\n1 1 1\n"), ErrorCode::corrupt);
}

TEST(CurveFiles, that_are_absent_or_folders_are_told_apart) {
  const auto code_of = [](const std::filesystem::path& path) {
    try {
      static_cast<void>(read_response_curves_file(path));
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  EXPECT_EQ(code_of("/nowhere/curves.mat"), ErrorCode::not_found);
  EXPECT_EQ(code_of("/"), ErrorCode::io);
}

TEST(MeasuredCurves, the_201_of_the_database_and_their_inverses_agree) {
  const auto folder = test::data_folder("profiles/crf");
  if (!folder) GTEST_SKIP() << test::no_data_message("profiles/crf");
  const ResponseCurveSet set = read_response_curves_file(*folder / "201_CRF_data.mat");
  const ResponseCurveSet inverse = read_response_curves_file(*folder / "dorfCurvesInv.mat");
  EXPECT_EQ(set.curves.size(), 201U);
  EXPECT_EQ(inverse.curves.size(), 201U);
  double sum = 0.0;
  for (std::size_t i = 0; i < std::min(set.curves.size(), inverse.curves.size()); ++i) {
    for (int k = 0; k <= 100; ++k) {
      const float brightness = static_cast<float>(k) / 100.F;
      // The steepest of them rises by a quarter in one step of 1/1023: slope 254 times a rounding of 6e-8.
      EXPECT_NEAR(set.curves[i].brightness(set.curves[i].irradiance(brightness)), brightness, 3e-5F) << i;
      sum += std::abs(set.curves[i].irradiance(brightness) - inverse.curves[i].irradiance(brightness));
    }
  }
  // The inverses are tables of nearest points: half a step of 1/1023 off in irradiance, and as much in brightness.
  EXPECT_LT(sum / (201 * 101), 2e-3) << "the file of inverses was made from the same curves";
}

}  // namespace
}  // namespace rdenoise
