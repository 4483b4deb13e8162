// SPDX-License-Identifier: LGPL-2.1-or-later
// Bands that show each other their borders, layer by layer, give what one window over the whole frame gives.
#include <rdenoise/error.hpp>
#include <rdenoise/lockstep_network.hpp>

#include "lib/denoise/tiled_comparison.hpp"

namespace rdenoise {
namespace {

using test::denoised;
using test::different_noise;
using test::random_picture;
using test::same_bits;
using test::same_up_to_rounding;
using test::Size;
using test::TiledCase;

class Comparison : public test::TiledComparison {
 public:
  explicit Comparison(const TiledCase& given) : TiledComparison(given, TileSchedule::lockstep) {}
};

TEST(LockstepDenoise, equals_the_untiled_result_bit_by_bit_at_any_size) {
  for (const TiledCase& given : test::direct_cases()) {
    const Comparison comparison(given);
    ASSERT_TRUE(comparison.is_chain());
    for (const Size size : {Size{1, 1}, {2, 3}, {67, 1}, {1, 71}, {3, 90}, {61, 47}, {96, 96}, {131, 97}})
      comparison.expect_equal(size, 24, 2, same_bits);
  }
}

TEST(LockstepDenoise, bands_may_be_as_low_as_three_rows) {
  const Comparison comparison({test::dncnn(9, 16), ColorModel::gray});
  for (const int tile_size_px : {1, 3, 4, 5, 7}) {
    comparison.expect_equal({23, 29}, tile_size_px, 2, same_bits);
    comparison.expect_equal({31, 22}, tile_size_px, 2, same_bits);
  }
}

TEST(LockstepDenoise, depends_neither_on_the_number_of_bands_nor_of_threads) {
  const Comparison comparison({test::ffdnet(InputDomain::gray, 5, 16), ColorModel::gray});
  // 1 … 5 and 13 bands of the 75 rows of cells, and a width that is odd.
  for (const int tile_size_px : {150, 80, 50, 38, 30, 12})
    for (const int n_threads : {1, 2, 3, 4}) comparison.expect_equal({141, 150}, tile_size_px, n_threads, same_bits);
}

TEST(LockstepDenoise, equals_the_untiled_result_up_to_rounding_with_winograd) {
  for (const int width : {32, 64}) {
    for (const TiledCase& given : {TiledCase{test::dncnn(5, width), ColorModel::gray},
                                   {test::ffdnet(InputDomain::rgb, 5, width), ColorModel::rgb}}) {
      const Comparison comparison(given);
      for (const Size size : {Size{131, 97}, {150, 33}, {40, 151}})
        comparison.expect_equal(size, 40, 2, same_up_to_rounding);
    }
  }
}

TEST(LockstepDenoise, a_frame_leaves_nothing_behind_for_the_next) {
  const Comparison comparison({test::ffdnet(InputDomain::gray, 4, 16), ColorModel::gray});
  FrameDenoiser denoiser = comparison.tiled(16, 2);
  const Size size{77, 61};
  const std::vector<float> first = comparison.result(denoiser, size);
  Image brighter = random_picture(ColorModel::gray, size.width_px, size.height_px);
  for (float& sample : brighter.samples()) sample += 3.0F;
  (void)denoised(denoiser, brighter, different_noise(ColorModel::gray));
  EXPECT_EQ(comparison.result(denoiser, size), first);
}

TEST(LockstepDenoise, takes_a_new_strength_from_the_next_frame_on) {
  const Comparison comparison({test::ffdnet(InputDomain::gray, 4, 16), ColorModel::gray});
  FrameDenoiser lockstep = comparison.tiled(16, 2);
  FrameDenoiser whole = comparison.whole();
  for (const double strength : {1.0, 0.5, 2.0}) {
    lockstep.set_strength(strength);
    whole.set_strength(strength);
    EXPECT_EQ(comparison.result(lockstep, {77, 61}), comparison.result(whole, {77, 61})) << strength;
  }
}

TEST(LockstepDenoise, denoises_a_picture_in_place) {
  // A band writes its core when its neighbours have read theirs; whoever is further away reads nothing of it.
  for (const NetworkSpec& spec : {test::dncnn(3, 16), test::ffdnet(InputDomain::gray, 5, 16)})
    for (const int tile_size_px : {3, 16}) {
      const Comparison comparison({spec, ColorModel::gray});
      FrameDenoiser denoiser = comparison.tiled(tile_size_px, 3);
      const Image src = random_picture(ColorModel::gray, 61, 77);
      const NoiseProfile noise = different_noise(ColorModel::gray);
      Image in_place = src;
      denoiser.denoise(std::as_const(in_place).view(), in_place.view(), noise);
      EXPECT_EQ(test::values(in_place), test::values(denoised(denoiser, src, noise)));
    }
}

TEST(LockstepDenoise, frames_of_a_quarter_megapixel_on_two_threads_are_taken_in_lockstep) {
  const Comparison comparison({test::ffdnet(InputDomain::gray, 15, 64), ColorModel::gray});
  const TilePlan plan = comparison.denoiser(TileSchedule::automatic, 0, 2).plan(512, 512);
  EXPECT_GT(plan.lockstep_depth, 0);
  // Of 256 rows of cells: for each band two at its borders, and less than one since bands are alike.
  EXPECT_LE(plan.halo_overhead(), 3.0 * static_cast<double>(plan.tiles.size()) / 256);
}

TEST(LockstepDenoise, large_frames_are_not_since_all_bands_lie_in_memory_at_once) {
  const Comparison comparison({test::ffdnet(InputDomain::gray, 15, 64), ColorModel::gray});
  EXPECT_EQ(comparison.denoiser(TileSchedule::automatic, 0, 2).plan(6000, 4000).lockstep_depth, 0);
}

TEST(LockstepDenoise, networks_that_are_no_chain_cannot_be_prepared_for_it) {
  const NetworkSpec spec = build_network(find_architecture("bfunet").examples.front());
  const auto executor = make_onednn_executor(spec, test::random_weights(spec, 5), Precision::f32);
  EXPECT_THROW((void)executor->prepare_lockstep({}), Error);
}

}  // namespace
}  // namespace rdenoise
