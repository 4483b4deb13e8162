// SPDX-License-Identifier: LGPL-2.1-or-later
// Noise that is weaker in some places: what becomes of the noise map.
#include <gtest/gtest.h>

#include <algorithm>
#include <rdenoise/error.hpp>

#include "lib/denoise/tiled_comparison.hpp"

namespace rdenoise {
namespace {

using test::different_noise;

/// Of a frame of this size; no cell is like another.
NoiseShare different_shares(int width_px, int height_px) {
  NoiseShare share{(width_px + 1) / 2, (height_px + 1) / 2, {}};
  for (int i = 0; i < share.width_cells * share.height_cells; ++i)
    share.sigma_share.push_back(0.2F + 0.7F * static_cast<float>(i % 97) / 97.F);
  return share;
}

NoiseShare same_share(int width_px, int height_px, float value) {
  NoiseShare share = different_shares(width_px, height_px);
  std::ranges::fill(share.sigma_share, value);
  return share;
}

int floored(int value, int divisor) { return value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor); }

/// The mean over all cells that have a pixel under the map's pixel.
double plain_share(const NoiseShare& share, const MapPlace& place, int x, int y) {
  double sum = 0.0;
  int count = 0;
  const auto clamped = [&](int px, int cells) { return std::clamp(floored(px, place.cell_px), 0, cells - 1); };
  const int x_px = place.x_px + x * place.factor;
  const int y_px = place.y_px + y * place.factor;
  for (int row = clamped(y_px, share.height_cells); row <= clamped(y_px + place.factor - 1, share.height_cells); ++row)
    for (int column = clamped(x_px, share.width_cells); column <= clamped(x_px + place.factor - 1, share.width_cells);
         ++column) {
      sum += share.row(row)[column];
      ++count;
    }
  return sum / count;
}

TEST(NoiseShare, weakens_a_map_by_the_mean_over_what_each_of_its_pixels_covers) {
  const NoiseShare share = different_shares(37, 25);
  for (const int factor : {1, 2, 4})
    for (const int cell_px : {1, 2})
      for (const auto& [x_px, y_px] : {std::pair{0, 0}, {8, 4}, {-1, -1}, {-6, 0}, {0, -8}, {36, 24}}) {
        const MapPlace place{x_px, y_px, factor, cell_px};
        std::vector<float> values(std::size_t{3} * 11 * 13, 2.F);
        weaken_noise_map(share, place, {values.data(), 3, 11, 13});
        for (int channel = 0; channel < 3; ++channel)
          for (int y = 0; y < 11; ++y)
            for (int x = 0; x < 13; ++x)
              ASSERT_NEAR(values[(channel * 11 + y) * 13 + x], 2.0 * plain_share(share, place, x, y), 1e-6)
                  << "map pixel " << x << "," << y << " at " << x_px << "," << y_px << ", " << factor
                  << " px each, cells of " << cell_px;
      }
}

std::vector<float> denoised_with(FrameDenoiser& denoiser, ColorModel model, const NoiseShare* share) {
  if (model == ColorModel::yuv) {
    test::Yuv420 src(51, 37);
    test::Yuv420 dst = src;
    denoiser.denoise(src.view(), dst.view(), different_noise(model), share);
    return test::values(dst);
  }
  const Image src = test::random_picture(model, 51, 37, CfaPattern::gbrg);
  Image dst = src;
  denoiser.denoise(src.view(), dst.view(), different_noise(model), share);
  return test::values(dst);
}

TEST(NoiseShare, of_half_everywhere_is_half_the_strength_on_every_schedule) {
  const float half = 0.5F;  // exact in the map's arithmetic
  const NoiseShare share = same_share(51, 37, half);
  for (const test::TiledCase& given : test::direct_cases()) {
    if (!given.spec.has_noise_map()) continue;
    for (const TileSchedule schedule : {TileSchedule::overlapping, TileSchedule::skewed, TileSchedule::lockstep}) {
      const test::TiledComparison comparison(given, schedule);
      FrameDenoiser denoiser = comparison.tiled(16, 2);
      const std::vector<float> weaker = denoised_with(denoiser, given.frame, &share);
      const std::vector<float> all = denoised_with(denoiser, given.frame, nullptr);
      denoiser.set_strength(half);
      EXPECT_EQ(weaker, denoised_with(denoiser, given.frame, nullptr));
      EXPECT_NE(weaker, all) << "the network looks at its map";
    }
  }
}

TEST(NoiseShare, is_the_same_for_a_pixel_wherever_tiles_lie) {
  for (const test::TiledCase& given : test::direct_cases()) {
    if (!given.spec.has_noise_map()) continue;
    const NoiseShare share = different_shares(51, 37);
    for (const TileSchedule schedule : {TileSchedule::overlapping, TileSchedule::skewed, TileSchedule::lockstep}) {
      const test::TiledComparison comparison(given, schedule);
      FrameDenoiser tiled = comparison.tiled(16, 2);
      FrameDenoiser whole = comparison.whole();
      EXPECT_EQ(denoised_with(tiled, given.frame, &share), denoised_with(whole, given.frame, &share))
          << to_string(given.spec.params.input);
    }
  }
}

TEST(NoiseShare, tells_nothing_to_a_blind_network) {
  FrameDenoiser denoiser = test::plain_denoiser(test::dncnn(), {});
  const NoiseShare share = different_shares(51, 37);
  EXPECT_EQ(denoised_with(denoiser, ColorModel::gray, &share), denoised_with(denoiser, ColorModel::gray, nullptr));
}

TEST(NoiseShare, of_another_size_is_refused) {
  FrameDenoiser denoiser = test::plain_denoiser(test::ffdnet(InputDomain::gray), {});
  const NoiseShare share = different_shares(51, 38);
  EXPECT_NO_THROW((void)denoised_with(denoiser, ColorModel::gray, &share)) << "19 rows of cells either way";
  const NoiseShare other = different_shares(53, 37);
  try {
    (void)denoised_with(denoiser, ColorModel::gray, &other);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "denoising with test: expected shares of noise for 26x19 cells, found 27x19");
  }
}

}  // namespace
}  // namespace rdenoise
