// SPDX-License-Identifier: LGPL-2.1-or-later
// Tiles that hand on their borders give what one window over the whole frame gives.
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
  explicit Comparison(const TiledCase& given) : TiledComparison(given, TileSchedule::skewed) {}
};

TEST(SkewedDenoise, equals_the_untiled_result_bit_by_bit_at_any_size) {
  for (const TiledCase& given : test::direct_cases()) {
    const Comparison comparison(given);
    ASSERT_TRUE(comparison.is_chain());
    for (const Size size : {Size{1, 1}, {2, 3}, {67, 1}, {1, 71}, {3, 90}, {61, 47}, {96, 96}, {131, 97}})
      comparison.expect_equal(size, 24, 2, same_bits);
  }
}

TEST(SkewedDenoise, tiles_may_be_narrower_than_the_skew) {
  const Comparison comparison({test::dncnn(9, 16), ColorModel::gray});
  for (const int tile_size_px : {1, 2, 3, 7}) comparison.expect_equal({23, 19}, tile_size_px, 2, same_bits);
}

TEST(SkewedDenoise, does_not_depend_on_the_number_of_threads) {
  const Comparison comparison({test::ffdnet(InputDomain::gray, 5, 16), ColorModel::gray});
  for (const int n_threads : {1, 2, 3, 4}) comparison.expect_equal({150, 140}, 16, n_threads, same_bits);
}

TEST(SkewedDenoise, equals_the_untiled_result_up_to_rounding_with_winograd) {
  for (const int width : {32, 64}) {
    for (const TiledCase& given : {TiledCase{test::dncnn(5, width), ColorModel::gray},
                                   {test::ffdnet(InputDomain::rgb, 5, width), ColorModel::rgb}}) {
      const Comparison comparison(given);
      for (const Size size : {Size{131, 97}, {150, 33}, {40, 151}})
        comparison.expect_equal(size, 40, 2, same_up_to_rounding);
    }
  }
}

TEST(SkewedDenoise, a_frame_leaves_nothing_behind_for_the_next) {
  const Comparison comparison({test::ffdnet(InputDomain::gray, 4, 16), ColorModel::gray});
  FrameDenoiser denoiser = comparison.tiled(16, 2);
  const Size size{77, 61};
  const std::vector<float> first = comparison.result(denoiser, size);
  const Image other = random_picture(ColorModel::gray, 77, 61, CfaPattern::rggb);
  Image brighter = other;
  for (float& sample : brighter.samples()) sample += 3.0F;
  Image dst = other;
  denoiser.denoise(brighter.view(), dst.view(), different_noise(ColorModel::gray));
  EXPECT_EQ(comparison.result(denoiser, size), first);
}

TEST(SkewedDenoise, takes_a_new_strength_from_the_next_frame_on) {
  const Comparison comparison({test::ffdnet(InputDomain::gray, 4, 16), ColorModel::gray});
  FrameDenoiser skewed = comparison.tiled(16, 2);
  FrameDenoiser whole = comparison.whole();
  for (const double strength : {1.0, 0.5, 2.0}) {
    skewed.set_strength(strength);
    whole.set_strength(strength);
    EXPECT_EQ(comparison.result(skewed, {77, 61}), comparison.result(whole, {77, 61})) << strength;
  }
}

TEST(SkewedDenoise, denoises_a_picture_in_place) {
  // A tile reads only what no tile before it has written: outputs lie above and left of what later tiles read.
  for (const NetworkSpec& spec : {test::dncnn(5, 16), test::ffdnet(InputDomain::gray, 5, 16)}) {
    const Comparison comparison({spec, ColorModel::gray});
    FrameDenoiser denoiser = comparison.tiled(16, 2);
    const Image src = random_picture(ColorModel::gray, 77, 61);
    const NoiseProfile noise = different_noise(ColorModel::gray);
    Image in_place = src;
    denoiser.denoise(std::as_const(in_place).view(), in_place.view(), noise);
    EXPECT_EQ(test::values(in_place), test::values(denoised(denoiser, src, noise)));
  }
}

TEST(SkewedDenoise, networks_that_are_no_chain_are_tiled_with_overlap) {
  for (const std::string_view name : {"drunet", "cbdnet", "bfunet", "ircnn", "class-aware"}) {
    const Architecture* found = nullptr;
    for (const Architecture& architecture : architectures())
      if (architecture.name == name) found = &architecture;
    if (found == nullptr) continue;
    NetworkParams params = found->examples.front();
    params.width = std::min(params.width, 16);
    const NetworkSpec spec = build_network(params);
    EXPECT_FALSE(make_onednn_executor(spec, test::random_weights(spec, 5), Precision::f32)->skewed_chain()) << name;
  }
}

}  // namespace
}  // namespace rdenoise
