// SPDX-License-Identifier: LGPL-2.1-or-later
// The result does not depend on tiles or threads, for every network of the registry.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "lib/denoise/frames.hpp"
#include "lib/network/small_network.hpp"
#include "support/statistics.hpp"

namespace rdenoise {
namespace {

using test::denoised;
using test::different_noise;
using test::random_picture;

constexpr int untiled_px = 10000;

ColorModel frame_of(const NetworkSpec& spec) {
  switch (spec.params.input) {
    case InputDomain::rgb:
      return ColorModel::rgb;
    case InputDomain::bayer:
      return ColorModel::bayer;
    case InputDomain::yuv420:
      return ColorModel::yuv;
    case InputDomain::gray:
      break;
  }
  return ColorModel::gray;
}

std::string label(const NetworkParams& params) {
  return params.network + " " + std::string(to_string(params.input)) + " " + std::to_string(params.depth) + "x" +
         std::to_string(params.width);
}

struct Size {
  int width_px;
  int height_px;
};

/// Denoises with tiles of tile_size_px and without, and compares.
void compare(const NetworkParams& params, Size size, int tile_size_px, bool plain, float tolerance) {
  const NetworkSpec spec = build_network(params);
  const Weights weights = test::random_weights(spec, 5);
  const auto make = [&](int tile) {
    return FrameDenoiser(
        "test", spec, plain ? make_plain_executor(spec, weights) : make_onednn_executor(spec, weights, Precision::f32),
        {.tile_size_px = tile});
  };
  FrameDenoiser tiled = make(tile_size_px);
  FrameDenoiser untiled = make(untiled_px);
  ASSERT_EQ(untiled.plan(size.width_px, size.height_px).tiles.size(), 1U);

  const ColorModel model = frame_of(spec);
  const auto result = [&](FrameDenoiser& denoiser) {
    if (model == ColorModel::yuv) {
      test::Yuv420 src(size.width_px, size.height_px);
      return test::values(denoised(denoiser, src, different_noise(model)));
    }
    const Image src = random_picture(model, size.width_px, size.height_px, CfaPattern::gbrg);
    return test::values(denoised(denoiser, src, different_noise(model)));
  };
  EXPECT_LE(test::max_abs_difference(result(untiled), result(tiled)), tolerance)
      << label(params) << " at " << size.width_px << "x" << size.height_px << " with "
      << tiled.plan(size.width_px, size.height_px).tiles.size() << " tiles";
}

template <typename Visit>
void for_each_example(Visit visit) {
  for (const Architecture& architecture : architectures())
    for (const NetworkParams& params : architecture.examples)
      if (params.classes.empty()) visit(params);
}

TEST(TiledDenoise, equals_the_untiled_result_bit_by_bit_on_the_plain_executor) {
  // The plain executor sums the same numbers in the same order wherever a window lies. Strips keep it quick.
  for_each_example([](const NetworkParams& params) {
    // The halo is computed by the same walk at any depth.
    NetworkParams shallow = test::small(params, 4e3);
    while (shallow.depth > 1 && halo_px(build_network(shallow)) > 40) --shallow.depth;
    const int halo = halo_px(build_network(shallow));
    const int tile_px = std::max(8, halo / 2);
    for (const Size size : {Size{1, 1}, {2, 3}, {2 * halo + 17, 1}, {3, 2 * halo + 14}})
      compare(shallow, size, tile_px, true, 0.0F);
  });
}

TEST(TiledDenoise, a_plane_of_tiles_equals_the_untiled_result_bit_by_bit_on_the_plain_executor) {
  for_each_example([](const NetworkParams& params) {
    NetworkParams small = params;
    small.depth = 3;
    small.width = 4;
    for (const Size size : {Size{45, 37}, {32, 33}, {37, 64}}) compare(small, size, 7, true, 0.0F);
  });
}

TEST(TiledDenoise, equals_the_untiled_result_up_to_rounding_on_the_fast_executor) {
  // Direct convolutions give the same bits. Winograd rounds a pixel differently at each place in its 4×4 tiles, and the
  // place depends on the window: 7e-6 at most was measured, on signals of about 1. Whether the halo is exactly large
  // enough is the plain executor's test.
  for_each_example([](const NetworkParams& params) {
    for (const Size size : {Size{131, 97}, {1, 150}, {151, 2}}) compare(test::small(params), size, 40, false, 3e-5F);
  });
}

TEST(TiledDenoise, is_the_same_on_any_number_of_threads) {
  const NetworkSpec spec = test::ffdnet(InputDomain::gray);
  const Image src = random_picture(ColorModel::gray, 61, 47);
  std::vector<float> first;
  for (const int n_threads : {1, 2, 0}) {
    FrameDenoiser denoiser = test::plain_denoiser(spec, {.tile_size_px = 8, .n_threads = n_threads});
    const std::vector<float> result = test::values(denoised(denoiser, src, different_noise(ColorModel::gray)));
    if (first.empty()) first = result;
    EXPECT_EQ(result, first) << n_threads;
  }
}

TEST(TiledDenoise, chosen_tiles_give_the_untiled_result) {
  const NetworkSpec spec = test::dncnn();
  const Image src = random_picture(ColorModel::gray, 203, 199);
  FrameDenoiser chosen = test::plain_denoiser(spec, {});
  FrameDenoiser untiled = test::plain_denoiser(spec, {.tile_size_px = untiled_px});
  const NoiseProfile noise = different_noise(ColorModel::gray);
  EXPECT_EQ(test::values(denoised(chosen, src, noise)), test::values(denoised(untiled, src, noise)));
}

}  // namespace
}  // namespace rdenoise
