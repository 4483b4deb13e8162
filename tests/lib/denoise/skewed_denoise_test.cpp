// SPDX-License-Identifier: LGPL-2.1-or-later
// Tiles that hand on their borders give what one window over the whole frame gives.
#include <gtest/gtest.h>

#include "lib/denoise/frames.hpp"
#include "support/statistics.hpp"

namespace rdenoise {
namespace {

using test::denoised;
using test::different_noise;
using test::random_picture;

constexpr int untiled_px = 10000;

struct Size {
  int width_px;
  int height_px;
};

struct Case {
  NetworkSpec spec;
  ColorModel frame;
  Precision precision = Precision::f32;
  bool stabilise_variance = false;
};

class Comparison {
 public:
  explicit Comparison(const Case& given)
      : case_(given),
        executor_(make_onednn_executor(given.spec, test::random_weights(given.spec, 5), given.precision)) {}

  [[nodiscard]] bool is_chain() const { return executor_->skewed_chain().has_value(); }

  [[nodiscard]] FrameDenoiser denoiser(TileSchedule schedule, int tile_size_px, int n_threads) const {
    DenoiseOptions options;
    options.schedule = schedule;
    options.tile_size_px = tile_size_px;
    options.n_threads = n_threads;
    options.stabilise_variance = case_.stabilise_variance;
    return {"test", case_.spec, executor_, options};
  }

  [[nodiscard]] std::vector<float> result(FrameDenoiser& denoiser, Size size) const {
    if (case_.frame == ColorModel::yuv) {
      test::Yuv420 src(size.width_px, size.height_px);
      return test::values(denoised(denoiser, src, different_noise(case_.frame)));
    }
    const Image src = random_picture(case_.frame, size.width_px, size.height_px, CfaPattern::gbrg);
    return test::values(denoised(denoiser, src, different_noise(case_.frame)));
  }

  void expect_equal(Size size, int tile_size_px, int n_threads, float tolerance) const {
    FrameDenoiser whole = denoiser(TileSchedule::overlapping, untiled_px, 1);
    FrameDenoiser skewed = denoiser(TileSchedule::skewed, tile_size_px, n_threads);
    const TilePlan plan = skewed.plan(size.width_px, size.height_px);
    if (plan.tiles.size() > 1) {
      EXPECT_GT(plan.skew_px, 0);
    }
    EXPECT_LE(test::max_abs_difference(result(whole, size), result(skewed, size)), tolerance)
        << case_.spec.params.network << " " << to_string(case_.spec.params.input) << " at " << size.width_px << "x"
        << size.height_px << " with " << plan.columns << "x" << plan.rows << " tiles on " << n_threads << " threads";
  }

 private:
  Case case_;
  std::shared_ptr<const Executor> executor_;
};

/// Direct convolutions sum the same numbers in the same order wherever a window lies.
constexpr float same_bits = 0.0F;
/// Winograd rounds a pixel differently at each place in its tiles; see TiledDenoise.
constexpr float same_up_to_rounding = 3e-5F;

std::vector<Case> direct_cases() {
  return {{test::dncnn(5, 16), ColorModel::gray},
          {test::ffdnet(InputDomain::gray, 5, 16), ColorModel::gray},
          {test::ffdnet(InputDomain::rgb, 4, 16), ColorModel::rgb},
          {test::ffdnet(InputDomain::bayer, 4, 16), ColorModel::bayer},
          {test::ffdnet(InputDomain::yuv420, 4, 16), ColorModel::yuv},
          {test::dncnn(4, 16), ColorModel::gray, Precision::bf16},
          {test::ffdnet(InputDomain::rgb, 4, 24), ColorModel::rgb, Precision::bf16},
          {test::dncnn(4, 16), ColorModel::gray, Precision::f32, true},
          {test::ffdnet(InputDomain::bayer, 4, 16), ColorModel::bayer, Precision::f32, true}};
}

TEST(SkewedDenoise, equals_the_untiled_result_bit_by_bit_at_any_size) {
  for (const Case& given : direct_cases()) {
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
    for (const Case& given :
         {Case{test::dncnn(5, width), ColorModel::gray}, {test::ffdnet(InputDomain::rgb, 5, width), ColorModel::rgb}}) {
      const Comparison comparison(given);
      for (const Size size : {Size{131, 97}, {150, 33}, {40, 151}})
        comparison.expect_equal(size, 40, 2, same_up_to_rounding);
    }
  }
}

TEST(SkewedDenoise, a_frame_leaves_nothing_behind_for_the_next) {
  const Comparison comparison({test::ffdnet(InputDomain::gray, 4, 16), ColorModel::gray});
  FrameDenoiser denoiser = comparison.denoiser(TileSchedule::skewed, 16, 2);
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
  FrameDenoiser skewed = comparison.denoiser(TileSchedule::skewed, 16, 2);
  FrameDenoiser whole = comparison.denoiser(TileSchedule::overlapping, untiled_px, 1);
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
    FrameDenoiser denoiser = comparison.denoiser(TileSchedule::skewed, 16, 2);
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
