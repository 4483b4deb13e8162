// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/jpeg.hpp>
#include <rdenoise/picture_file.hpp>

#include "support/formula_pictures.hpp"
#include "support/statistics.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

using test::formula_gray;
using test::formula_rgb;
using test::max_abs_difference;

Image through_a_file(const Image& picture, const JpegOptions& options) {
  const test::TemporaryFolder folder;
  write_picture(folder / "a.jpg", {.image = picture},
                {.jpeg_quality = options.quality, .chroma_subsampling = options.chroma_subsampling});
  return read_picture(folder / "a.jpg").image;
}

double mean_square(const Image& a, const Image& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.samples().size(); ++i) sum += std::pow(a.samples()[i] - b.samples()[i], 2);
  return sum / static_cast<double>(a.samples().size());
}

TEST(JpegRoundTrip, equals_the_way_through_a_file) {
  for (const Image& picture : {formula_rgb(61, 47), formula_gray(61, 47)}) {
    for (const ChromaSubsampling subsampling :
         {ChromaSubsampling::s444, ChromaSubsampling::s422, ChromaSubsampling::s420}) {
      for (const int quality : {1, 30, 89, 95, 100}) {
        const JpegOptions options{quality, subsampling};
        EXPECT_EQ(
            max_abs_difference(jpeg_round_trip(picture, options).samples(), through_a_file(picture, options).samples()),
            0.F)
            << quality << " " << to_string(subsampling);
      }
    }
  }
}

TEST(JpegRoundTrip, files_keep_their_chroma_from_quality_90_on_unless_told_otherwise) {
  const test::TemporaryFolder folder;
  const Image picture = formula_rgb(64, 48);
  for (const int quality : {89, 90}) {
    write_picture(folder / "a.jpg", {.image = picture}, {.jpeg_quality = quality});
    const ChromaSubsampling expected = quality < 90 ? ChromaSubsampling::s420 : ChromaSubsampling::s444;
    EXPECT_EQ(max_abs_difference(read_picture(folder / "a.jpg").image.samples(),
                                 jpeg_round_trip(picture, {quality, expected}).samples()),
              0.F)
        << quality;
  }
}

TEST(JpegRoundTrip, at_full_quality_and_chroma_is_near_the_picture) {
  const Image picture = formula_rgb(64, 48);
  // Samples, the two colour conversions (×1.8 at most) and coefficients (σ 0.3 step) are each rounded.
  EXPECT_LE(max_abs_difference(jpeg_round_trip(picture, {100, ChromaSubsampling::s444}).samples(), picture.samples()),
            5.F / 255.F);
}

TEST(JpegRoundTrip, loses_more_with_less_quality_and_less_chroma) {
  const Image picture = formula_rgb(96, 80);
  double last = 0.0;
  for (const int quality : {95, 75, 40, 10}) {
    const double error = mean_square(picture, jpeg_round_trip(picture, {quality, ChromaSubsampling::s444}));
    EXPECT_GT(error, last) << quality;
    last = error;
  }
  // A chroma edge in each column: 4:2:2 loses it, and 4:2:0 no more; in each row only 4:2:0 does.
  Image stripes(ColorModel::rgb, 32, 32);
  for (const bool columns : {true, false}) {
    for (int y = 0; y < 32; ++y) {
      for (int x = 0; x < 32; ++x) {
        const bool odd = ((columns ? x : y) & 1) != 0;
        stripes.at(0, x, y) = odd ? 0.7F : 0.3F;
        stripes.at(1, x, y) = 0.5F;
        stripes.at(2, x, y) = odd ? 0.3F : 0.7F;
      }
    }
    const auto loss = [&](ChromaSubsampling subsampling) {
      return mean_square(stripes, jpeg_round_trip(stripes, {95, subsampling}));
    };
    EXPECT_LT(loss(ChromaSubsampling::s444), 1e-3);
    EXPECT_GT(loss(ChromaSubsampling::s420), 1e-2);
    EXPECT_EQ(loss(ChromaSubsampling::s422) > 1e-2, columns);
  }
}

TEST(JpegRoundTrip, keeps_every_size) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 17}, {17, 1}, {7, 9}, {8, 8}, {16, 16}, {33, 15}}) {
    for (const Image& picture : {formula_rgb(width, height), formula_gray(width, height)}) {
      const Image decoded = jpeg_round_trip(picture, {90, ChromaSubsampling::s420});
      EXPECT_EQ(decoded.width_px(), width);
      EXPECT_EQ(decoded.height_px(), height);
      EXPECT_EQ(decoded.color_model(), picture.color_model());
      EXPECT_LT(mean_square(picture, decoded), 0.01);
    }
  }
}

TEST(JpegRoundTrip, a_large_picture_outgrows_its_first_memory) {
  const Image picture = formula_rgb(600, 500);
  const JpegOptions options{100, ChromaSubsampling::s444};
  EXPECT_LT(mean_square(picture, jpeg_round_trip(picture, options)), 1e-4);
}

TEST(JpegRoundTrip, clips_and_survives_what_is_no_number) {
  Image picture = test::flat_picture(ColorModel::rgb, 16, 16, 0.5F);
  for (float& sample : picture.plane(0)) sample = 3.F;
  for (float& sample : picture.plane(1)) sample = -3.F;
  for (float& sample : picture.plane(2)) sample = std::nanf("");
  const Image decoded = jpeg_round_trip(picture, {90, ChromaSubsampling::s444});
  for (const float sample : decoded.samples()) {
    EXPECT_GE(sample, 0.F);
    EXPECT_LE(sample, 1.F);
  }
}

TEST(JpegRoundTrip, refuses_what_is_no_picture_and_no_quality) {
  const auto code_of = [](const Image& picture, int quality) {
    try {
      static_cast<void>(jpeg_round_trip(picture, {quality, ChromaSubsampling::s444}));
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  EXPECT_EQ(code_of(Image(), 90), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(Image(ColorModel::bayer, 8, 8), 90), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(formula_gray(8, 8), 0), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(formula_gray(8, 8), 101), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(Image(ColorModel::gray, 65536, 1), 90), ErrorCode::unsupported);
}

}  // namespace
}  // namespace rdenoise
