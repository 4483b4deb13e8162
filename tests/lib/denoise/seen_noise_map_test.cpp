// SPDX-License-Identifier: LGPL-2.1-or-later
// The σ map that a network goes by, put together over tiles.
#include <gtest/gtest.h>

#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/explain.hpp>

#include "lib/denoise/frames.hpp"

namespace rdenoise {
namespace {

Model model_of(const NetworkSpec& spec) {
  return {.name = "test", .path = {}, .spec = spec, .weights = test::random_weights(spec, 5)};
}

NetworkSpec cbdnet() {
  return build_network({.network = "cbdnet", .input = InputDomain::rgb, .image_channels = 3, .depth = 3, .width = 8});
}

Image map_of(const NetworkSpec& spec, const Image& picture, const DenoiseOptions& options) {
  return noise_map(model_of(spec), picture.view(), test::different_noise(picture.color_model()), options);
}

TEST(NoiseMap, that_a_network_is_told_is_the_level_function_of_what_each_cell_covers) {
  const Image picture = test::random_picture(ColorModel::rgb, 38, 26);
  const NoiseProfile noise = test::different_noise(ColorModel::rgb);
  const Image map = map_of(test::ffdnet(InputDomain::rgb), picture, {.strength = 1.5, .tile_size_px = 8});
  ASSERT_EQ(map.color_model(), ColorModel::gray) << "one map for all channels";
  ASSERT_EQ(map.width_px(), 38);
  ASSERT_EQ(map.height_px(), 26);
  for (int y = 0; y < 26; ++y)
    for (int x = 0; x < 38; ++x) {
      double variance = 0.0;
      for (int c = 0; c < 3; ++c)
        for (int i = 0; i < 4; ++i) {
          const double signal = picture.at(c, x / 2 * 2 + i % 2, y / 2 * 2 + i / 2);
          variance += (noise.channels[c].a * std::max(signal, 0.0) + noise.channels[c].b) / 12.0;
        }
      // f32 sums of twelve: a few units in the last place.
      EXPECT_NEAR(map.at(0, x, y), 1.5 * std::sqrt(variance), 1e-6);
    }
}

TEST(NoiseMap, of_a_network_that_takes_channels_one_by_one_has_all_of_them) {
  const Image picture = test::random_picture(ColorModel::rgb, 20, 14);
  const Image map = map_of(test::ffdnet(InputDomain::gray), picture, {});
  ASSERT_EQ(map.color_model(), ColorModel::rgb);
  for (int c = 0; c < 3; ++c) {
    Image channel(ColorModel::gray, 20, 14);
    std::ranges::copy(picture.plane(c), channel.plane(0).begin());
    NoiseProfile noise = test::different_noise(ColorModel::gray);
    noise.channels[0] = test::different_noise(ColorModel::rgb).channels[c];
    const Image alone = noise_map(model_of(test::ffdnet(InputDomain::gray)), std::as_const(channel).view(), noise);
    EXPECT_TRUE(std::ranges::equal(map.plane(c), alone.plane(0)));
  }
}

TEST(NoiseMap, of_a_mosaic_has_the_noise_of_each_site) {
  // Of this phase red lies at (1, 1): the network's cells begin one pixel before the picture.
  const Image picture = test::random_picture(ColorModel::bayer, 23, 17, CfaPattern::bggr);
  const NoiseProfile noise = test::different_noise(ColorModel::bayer);
  const Image map = map_of(test::ffdnet(InputDomain::bayer), picture, {.tile_size_px = 8});
  ASSERT_EQ(map.color_model(), ColorModel::gray);
  ASSERT_EQ(map.width_px(), 23);
  ASSERT_EQ(map.height_px(), 17);
  for (int y = 0; y < 17; ++y)
    for (int x = 0; x < 23; ++x) {
      const NoiseModel& site = noise.channels[cfa_color_at(CfaPattern::bggr, x, y)];
      EXPECT_NEAR(map.at(0, x, y), std::sqrt(site.a * std::max(picture.at(0, x, y), 0.F) + site.b), 1e-6);
    }
}

TEST(NoiseMap, that_a_network_estimates_is_what_its_run_tells) {
  const NetworkSpec spec = cbdnet();
  const Image picture = test::random_picture(ColorModel::rgb, 32, 24);
  const auto run = make_plain_executor(spec, test::random_weights(spec, 5))->prepare(24, 32);
  std::ranges::copy(picture.samples(), run->image().data);
  run->run();
  const Image map = map_of(spec, picture, {.precision = Precision::f32, .tile_size_px = 12});
  ASSERT_EQ(map.color_model(), ColorModel::rgb);
  for (std::size_t i = 0; i < map.samples().size(); ++i)
    EXPECT_NEAR(map.samples()[i], run->noise_estimate().data[i], 1e-5);  // rounding of f32 sums
}

TEST(NoiseMap, does_not_depend_on_the_tiles) {
  const Image picture = test::random_picture(ColorModel::rgb, 75, 53);
  for (const NetworkSpec& spec : {cbdnet(), test::ffdnet(InputDomain::rgb)}) {
    const Image whole = map_of(spec, picture, {.precision = Precision::f32, .tile_size_px = 1000});
    const Image tiled = map_of(spec, picture, {.precision = Precision::f32, .tile_size_px = 12});
    for (std::size_t i = 0; i < whole.samples().size(); ++i)
      EXPECT_NEAR(whole.samples()[i], tiled.samples()[i], 1e-5);  // rounding of f32 sums
  }
}

TEST(NoiseMap, grows_with_the_strength) {
  const Image picture = test::random_picture(ColorModel::rgb, 32, 24);
  for (const NetworkSpec& spec : {cbdnet(), test::ffdnet(InputDomain::rgb)}) {
    const Image once = map_of(spec, picture, {.precision = Precision::f32});
    const Image twice = map_of(spec, picture, {.strength = 2.0, .precision = Precision::f32});
    EXPECT_GT(std::ranges::max(once.samples()), 0.F);
    // Doubling is exact in binary.
    for (std::size_t i = 0; i < once.samples().size(); ++i) EXPECT_EQ(twice.samples()[i], 2.F * once.samples()[i]);
    const Image none = map_of(spec, picture, {.strength = 0.0});
    for (const float sigma : none.samples()) EXPECT_EQ(sigma, 0.F);
  }
}

TEST(NoiseMap, is_an_error_where_there_is_none) {
  const Image picture = test::random_picture(ColorModel::gray, 16, 16);
  try {
    static_cast<void>(map_of(test::dncnn(), picture, {}));
    FAIL() << "a blind network has no map";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_NE(std::string(error.what()).find("blind"), std::string::npos);
  }
  test::Yuv420 yuv(16, 16);
  EXPECT_THROW(static_cast<void>(noise_map(model_of(test::ffdnet(InputDomain::gray)), yuv.view(),
                                           test::different_noise(ColorModel::yuv))),
               Error);
}

}  // namespace
}  // namespace rdenoise
