// SPDX-License-Identifier: LGPL-2.1-or-later
// Demosaicing on real photographs, beside what papers report.
#include <gtest/gtest.h>

#include <rdenoise/isp.hpp>
#include <rdenoise/picture_file.hpp>
#include <string>
#include <vector>

#include "support/cpsnr.hpp"
#include "support/data_folder.hpp"

namespace rdenoise {
namespace {

constexpr const char* kodak = "test-color/kodak24";

std::vector<Image> pictures_in(const std::filesystem::path& folder) {
  std::vector<Image> pictures;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".png") pictures.push_back(read_picture(entry.path()).image);
  }
  return pictures;
}

double mean_cpsnr_db(const std::vector<Image>& pictures, CfaPattern cfa, DemosaicMethod method) {
  double sum = 0.0;
  for (const Image& picture : pictures) {
    const Image mosaic = mosaic_from_rgb(picture, cfa);
    sum += test::cpsnr_db(picture, demosaic(mosaic.view(), method), 0);
  }
  return sum / static_cast<double>(pictures.size());
}

TEST(DemosaicKodak, gbtf_reaches_40_db_in_every_phase) {
  const auto folder = test::data_folder(kodak);
  if (!folder) GTEST_SKIP() << test::no_data_message(kodak);
  const auto pictures = pictures_in(*folder);
  ASSERT_EQ(pictures.size(), 24U);
  for (const CfaPattern cfa : {CfaPattern::rggb, CfaPattern::grbg, CfaPattern::gbrg, CfaPattern::bggr}) {
    EXPECT_GT(mean_cpsnr_db(pictures, cfa, DemosaicMethod::gbtf), 40.0) << to_string(cfa);
  }
}

TEST(DemosaicKodak, methods_are_listed_from_worst_to_best) {
  const auto folder = test::data_folder(kodak);
  if (!folder) GTEST_SKIP() << test::no_data_message(kodak);
  const auto pictures = pictures_in(*folder);
  double last_db = 0.0;
  for (const DemosaicMethod method : demosaic_methods) {
    const double db = mean_cpsnr_db(pictures, CfaPattern::rggb, method);
    EXPECT_GT(db, last_db) << to_string(method);
    last_db = db;
  }
}

TEST(DevelopKodak, roots_are_better_than_linear_light_by_far) {
  const auto folder = test::data_folder(kodak);
  if (!folder) GTEST_SKIP() << test::no_data_message(kodak);
  for (const char* name : {"kodim05.png", "kodim19.png"}) {
    const Image picture = read_picture(*folder / name).image;
    Image linear = picture;
    for (float& sample : linear.samples()) sample = decode_tone(ToneCurve::srgb, sample);
    const Image mosaic = mosaic_from_rgb(linear, CfaPattern::rggb);
    std::array<double, 2> db{};
    for (const DemosaicDomain domain : {DemosaicDomain::linear, DemosaicDomain::square_root}) {
      Image rgb(ColorModel::rgb, picture.width_px(), picture.height_px());
      develop(mosaic.view(), rgb.view(), {.demosaic_domain = domain});
      db[domain == DemosaicDomain::square_root] = test::cpsnr_db(picture, rgb, 0);
    }
    EXPECT_GT(db[1], db[0] + 3.0) << name;
  }
}

}  // namespace
}  // namespace rdenoise
