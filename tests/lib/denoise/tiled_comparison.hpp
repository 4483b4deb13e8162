// SPDX-License-Identifier: LGPL-2.1-or-later
// One network on two schedules: the whole frame in one window, and cut.
#pragma once

#include <gtest/gtest.h>

#include "lib/denoise/frames.hpp"
#include "support/statistics.hpp"

namespace rdenoise::test {

struct Size {
  int width_px;
  int height_px;
};

struct TiledCase {
  NetworkSpec spec;
  ColorModel frame;
  Precision precision = Precision::f32;
  bool stabilise_variance = false;
};

/// Direct convolutions sum the same numbers in the same order wherever a window lies.
inline constexpr float same_bits = 0.0F;
/// Winograd rounds a pixel differently at each place in its tiles; see TiledDenoise.
inline constexpr float same_up_to_rounding = 3e-5F;

/// Networks that are computed by direct convolutions.
inline std::vector<TiledCase> direct_cases() {
  return {{dncnn(5, 16), ColorModel::gray},
          {ffdnet(InputDomain::gray, 5, 16), ColorModel::gray},
          {ffdnet(InputDomain::rgb, 4, 16), ColorModel::rgb},
          {ffdnet(InputDomain::bayer, 4, 16), ColorModel::bayer},
          {ffdnet(InputDomain::yuv420, 4, 16), ColorModel::yuv},
          {dncnn(4, 16), ColorModel::gray, Precision::bf16},
          {ffdnet(InputDomain::rgb, 4, 24), ColorModel::rgb, Precision::bf16},
          {dncnn(4, 16), ColorModel::gray, Precision::f32, true},
          {ffdnet(InputDomain::bayer, 4, 16), ColorModel::bayer, Precision::f32, true}};
}

class TiledComparison {
 public:
  TiledComparison(const TiledCase& given, TileSchedule schedule)
      : case_(given),
        schedule_(schedule),
        executor_(make_onednn_executor(given.spec, random_weights(given.spec, 5), given.precision)) {}

  [[nodiscard]] bool is_chain() const { return executor_->skewed_chain().has_value(); }

  [[nodiscard]] FrameDenoiser denoiser(TileSchedule schedule, int tile_size_px, int n_threads) const {
    DenoiseOptions options;
    options.schedule = schedule;
    options.tile_size_px = tile_size_px;
    options.n_threads = n_threads;
    options.stabilise_variance = case_.stabilise_variance;
    return {"test", case_.spec, executor_, options};
  }
  [[nodiscard]] FrameDenoiser tiled(int tile_size_px, int n_threads) const {
    return denoiser(schedule_, tile_size_px, n_threads);
  }
  [[nodiscard]] FrameDenoiser whole() const {
    constexpr int untiled_px = 10000;
    return denoiser(TileSchedule::overlapping, untiled_px, 1);
  }

  [[nodiscard]] std::vector<float> result(FrameDenoiser& denoiser, Size size) const {
    if (case_.frame == ColorModel::yuv) {
      Yuv420 src(size.width_px, size.height_px);
      return values(denoised(denoiser, src, different_noise(case_.frame)));
    }
    const Image src = random_picture(case_.frame, size.width_px, size.height_px, CfaPattern::gbrg);
    return values(denoised(denoiser, src, different_noise(case_.frame)));
  }

  void expect_equal(Size size, int tile_size_px, int n_threads, float tolerance) const {
    FrameDenoiser untiled = whole();
    FrameDenoiser cut = tiled(tile_size_px, n_threads);
    const TilePlan plan = cut.plan(size.width_px, size.height_px);
    EXPECT_EQ(plan.skew_px > 0, plan.tiles.size() > 1 && schedule_ == TileSchedule::skewed);
    EXPECT_EQ(plan.lockstep_depth > 0, plan.tiles.size() > 1 && schedule_ == TileSchedule::lockstep);
    EXPECT_LE(max_abs_difference(result(untiled, size), result(cut, size)), tolerance)
        << case_.spec.params.network << " " << to_string(case_.spec.params.input) << " at " << size.width_px << "x"
        << size.height_px << " with " << plan.columns << "x" << plan.rows << " tiles on " << n_threads << " threads";
  }

 private:
  TiledCase case_;
  TileSchedule schedule_;
  std::shared_ptr<const Executor> executor_;
};

}  // namespace rdenoise::test
