// SPDX-License-Identifier: LGPL-2.1-or-later
// Networks on the six planes of 4:2:0 video: what reaches them, and what comes back.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <rdenoise/error.hpp>
#include <rdenoise/variance_stabilisation.hpp>
#include <string>
#include <utility>

#include "lib/denoise/frames.hpp"

namespace rdenoise {
namespace {

using test::denoised;
using test::different_noise;
using test::values;
using test::Yuv420;

constexpr int untiled_px = 100000;
constexpr std::pair<int, int> sizes[] = {{1, 1}, {2, 1}, {1, 2}, {3, 3}, {16, 12}, {17, 12}, {16, 13}, {33, 27}};

/// The sample of plane (Y00, Y01, Y10, Y11, U, V) at a cell of the frame.
float plane_sample(const Yuv420& frame, int plane, int cell_x, int cell_y) {
  const Image& chroma = frame.planes[1];
  return yuv420_planes(
      frame)[(static_cast<std::size_t>(plane) * chroma.height_px() + cell_y) * chroma.width_px() + cell_x];
}

TEST(Yuv420Denoise, the_network_sees_the_phases_of_luma_then_chroma) {
  // Wider than the pieces in which rows are worked on, as well.
  for (const auto& [width, height] : {std::pair{1, 1}, {6, 4}, {7, 5}, {2 * 1024 + 6, 2}, {4 * 1024 + 1, 3}}) {
    Yuv420 src(width, height);
    std::vector<float> seen;
    FrameDenoiser denoiser = test::fake_denoiser(test::ffdnet(InputDomain::yuv420),
                                                 [&](ConstTensorView image, ConstTensorView map, TensorView output) {
                                                   test::pass_through(image, map, output);
                                                   ASSERT_EQ(image.width, (width + 1) / 2);
                                                   ASSERT_EQ(image.height, (height + 1) / 2);
                                                   seen.assign(image.data, image.row(image.channels, 0));
                                                 },
                                                 {.tile_size_px = untiled_px});
    (void)denoised(denoiser, src, different_noise(ColorModel::yuv));
    EXPECT_EQ(seen, yuv420_planes(src)) << width << "x" << height;
  }
}

TEST(Yuv420Denoise, a_network_that_changes_nothing_gives_the_frame_back) {
  for (const int tile_px : {6, untiled_px}) {
    FrameDenoiser denoiser =
        test::fake_denoiser(test::ffdnet(InputDomain::yuv420), test::pass_through, {.tile_size_px = tile_px});
    for (const auto& [width, height] : sizes) {
      Yuv420 src(width, height);
      EXPECT_EQ(values(denoised(denoiser, src, different_noise(ColorModel::yuv))), values(src))
          << width << "x" << height << " in tiles of " << tile_px;
    }
  }
}

TEST(Yuv420Denoise, a_network_of_larger_alignment_sees_the_last_cells_repeated) {
  NetworkSpec spec = test::ffdnet(InputDomain::yuv420);
  spec.layers.push_back({.kind = LayerKind::pixel_unshuffle,
                         .inputs = {static_cast<int>(spec.layers.size()) - 1},
                         .out_channels = 6 * 16,
                         .factor = 4});
  spec.layers.push_back({.kind = LayerKind::pixel_shuffle,
                         .inputs = {static_cast<int>(spec.layers.size()) - 1},
                         .out_channels = 6,
                         .factor = 4});
  Yuv420 src(11, 7);
  FrameDenoiser denoiser = test::fake_denoiser(
      spec,
      [&](ConstTensorView image, ConstTensorView map, TensorView output) {
        test::pass_through(image, map, output);
        ASSERT_EQ(image.width, 8);
        ASSERT_EQ(image.height, 4);
        for (int plane = 0; plane < 6; ++plane)
          for (int y = 0; y < 4; ++y)
            for (int x = 0; x < 8; ++x)
              ASSERT_EQ(image.row(plane, y)[x], plane_sample(src, plane, std::min(x, 5), std::min(y, 3)));
      },
      {.tile_size_px = untiled_px});
  EXPECT_EQ(values(denoised(denoiser, src, different_noise(ColorModel::yuv))), values(src));
}

TEST(Yuv420Denoise, equals_the_plain_executor_run_on_the_six_planes) {
  const NetworkSpec spec = test::ffdnet(InputDomain::yuv420);
  const auto executor = make_plain_executor(spec, test::random_weights(spec, 5));
  const NoiseProfile noise = uniform_profile(ColorModel::yuv, NoiseModel::gaussian(20));
  for (const auto& [width, height] : sizes) {
    Yuv420 src(width, height);
    const auto run = executor->prepare((height + 1) / 2, (width + 1) / 2);
    std::ranges::copy(yuv420_planes(src), run->image().data);
    const TensorView map = run->noise_map();
    std::fill(map.data, map.row(map.channels, 0), 20.0F / 255.0F);
    run->run();
    const ConstTensorView expected = run->output();

    FrameDenoiser denoiser = test::plain_denoiser(spec, {.tile_size_px = 8});
    const Yuv420 found = denoised(denoiser, src, noise);
    for (int plane = 0; plane < 6; ++plane) {
      const Image& channel = found.planes[plane < 4 ? 0 : plane - 3];
      for (int y = 0; y < expected.height; ++y)
        for (int x = 0; x < expected.width; ++x) {
          const int frame_x = plane < 4 ? 2 * x + plane % 2 : x;
          const int frame_y = plane < 4 ? 2 * y + plane / 2 : y;
          if (frame_x >= channel.width_px() || frame_y >= channel.height_px()) continue;
          // The map's σ is computed in float from σ²: a relative 1e-7 on inputs of about 1, three layers deep.
          ASSERT_NEAR(channel.at(0, frame_x, frame_y), expected.row(plane, y)[x], 1e-6F)
              << width << "x" << height << " plane " << plane << " at " << x << "," << y;
        }
    }
  }
}

TEST(Yuv420Denoise, the_noise_map_is_that_of_the_cell_for_luma_and_chromas_own) {
  const NoiseProfile noise = different_noise(ColorModel::yuv);
  constexpr double strength = 1.5;
  Yuv420 src(22, 15);
  FrameDenoiser denoiser = test::fake_denoiser(
      test::ffdnet(InputDomain::yuv420),
      [&](ConstTensorView image, ConstTensorView map, TensorView output) {
        test::pass_through(image, map, output);
        ASSERT_EQ(map.channels, 3);
        for (int y = 0; y < map.height; ++y)
          for (int x = 0; x < map.width; ++x) {
            double luma_variance = 0.0;
            for (int phase = 0; phase < 4; ++phase)
              luma_variance += noise.channels[0].variance(plane_sample(src, phase, x, y)) / 4.0;
            // Computed in double and stored as float: relative error 6e-8, on σ below 0.2.
            ASSERT_NEAR(map.row(0, y)[x], strength * std::sqrt(luma_variance), 1e-7);
            for (int c = 1; c < 3; ++c)
              ASSERT_NEAR(map.row(c, y)[x], strength * noise.channels[c].sigma(plane_sample(src, c + 3, x, y)), 1e-7);
          }
      },
      {.strength = strength, .tile_size_px = untiled_px});
  (void)denoised(denoiser, src, noise);
}

TEST(Yuv420Denoise, a_map_of_one_channel_is_the_mean_over_all_six_planes) {
  NetworkSpec spec = test::ffdnet(InputDomain::yuv420);
  spec.layers[1].out_channels = 1;
  spec.layers[2].out_channels = 7;
  const NoiseProfile noise = different_noise(ColorModel::yuv);
  Yuv420 src(8, 6);
  FrameDenoiser denoiser =
      test::fake_denoiser(spec,
                          [&](ConstTensorView image, ConstTensorView map, TensorView output) {
                            test::pass_through(image, map, output);
                            ASSERT_EQ(map.channels, 1);
                            double variance = 0.0;
                            for (int plane = 0; plane < 6; ++plane)
                              variance += noise.channels[std::max(plane - 3, 0)].variance(image.row(plane, 2)[3]) / 6.0;
                            EXPECT_NEAR(map.row(0, 2)[3], std::sqrt(variance), 1e-7);
                          },
                          {});
  (void)denoised(denoiser, src, noise);
}

TEST(Yuv420Denoise, a_map_of_two_channels_is_refused) {
  NetworkSpec spec = test::ffdnet(InputDomain::yuv420);
  spec.layers[1].out_channels = 2;
  spec.layers[2].out_channels = 8;
  try {
    (void)test::fake_denoiser(spec, test::pass_through, {});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
  }
}

TEST(Yuv420Denoise, variance_is_stabilised_by_each_channels_noise) {
  const NoiseProfile noise = different_noise(ColorModel::yuv);
  FrameDenoiser denoiser = test::fake_denoiser(test::ffdnet(InputDomain::yuv420), test::pass_through,
                                               {.tile_size_px = 8, .stabilise_variance = true});
  Yuv420 src(13, 9);
  Yuv420 expected = src;
  for (int c = 0; c < 3; ++c) {
    const VarianceStabiliser stabiliser(noise.channels[c], StabilisedScale::unit_signal);
    stabiliser.stabilise(expected.planes[c].samples());
    stabiliser.restore(expected.planes[c].samples());
  }
  EXPECT_EQ(values(denoised(denoiser, src, noise)), values(expected));
}

// ---- formats -------------------------------------------------------------------------------------------------------

/// Memory of a format: rows and planes lie apart by padding that nobody may touch.
struct PaddedFrame {
  PaddedFrame(const PixelFormat& pixel_format, int width_px, int height_px) : format(pixel_format) {
    const int sample_bytes = sample_size_bytes(format.sample.type);
    for (int plane = 0; plane < format.plane_count; ++plane) {
      const bool is_luma = plane == 0;
      const int columns = is_luma ? width_px : (width_px + 1) / 2 * (format.plane_count == 2 ? 2 : 1);
      const int rows = is_luma ? height_px : (height_px + 1) / 2;
      stride_bytes[plane] = columns * sample_bytes + 6;
      bytes[plane].assign(static_cast<std::size_t>(rows) * stride_bytes[plane], std::byte{0xAA});
    }
  }
  FrameView view(int width_px, int height_px) {
    std::vector<PlaneMemory> planes;
    for (int plane = 0; plane < format.plane_count; ++plane)
      planes.push_back({bytes[plane].data(), stride_bytes[plane]});
    return make_frame_view(format, width_px, height_px, planes, default_levels(format, /*limited_range=*/true));
  }
  PixelFormat format;
  std::array<std::vector<std::byte>, 3> bytes;
  std::array<int, 3> stride_bytes{};
};

TEST(Yuv420Denoise, every_420_format_comes_back_as_it_was_and_its_padding_is_left_alone) {
  FrameDenoiser denoiser =
      test::fake_denoiser(test::ffdnet(InputDomain::yuv420), test::pass_through, {.tile_size_px = 10});
  for (const char* name : {"I420", "YV12", "NV12", "I420_10LE", "P010_10LE"})
    for (const auto& [width, height] : sizes) {
      Yuv420 scene(width, height);
      PaddedFrame src(*find_pixel_format(name), width, height);
      for (int c = 0; c < 3; ++c)
        for (int y = 0; y < scene.planes[c].height_px(); ++y)
          write_row(src.view(width, height).channels[c], y, 0,
                    scene.planes[c].plane(0).subspan(static_cast<std::size_t>(y) * scene.planes[c].width_px(),
                                                     scene.planes[c].width_px()));
      PaddedFrame dst(*find_pixel_format(name), width, height);
      denoiser.denoise(src.view(width, height), dst.view(width, height), different_noise(ColorModel::yuv));
      EXPECT_EQ(dst.bytes, src.bytes) << name << " " << width << "x" << height;
    }
}

TEST(Yuv420Denoise, neutral_chroma_of_limited_range_is_signal_one_half) {
  PaddedFrame src(*find_pixel_format("NV12"), 2, 2);
  src.bytes[1][0] = std::byte{128};
  src.bytes[1][1] = std::byte{240};
  FrameDenoiser denoiser = test::fake_denoiser(test::ffdnet(InputDomain::yuv420),
                                               [](ConstTensorView image, ConstTensorView map, TensorView output) {
                                                 test::pass_through(image, map, output);
                                                 EXPECT_EQ(image.row(4, 0)[0], 0.5F);
                                                 EXPECT_EQ(image.row(5, 0)[0], 1.0F);
                                               },
                                               {});
  PaddedFrame dst = src;
  denoiser.denoise(src.view(2, 2), dst.view(2, 2), different_noise(ColorModel::yuv));
}

TEST(Yuv420Denoise, other_frames_are_refused_saying_what_is_taken) {
  const auto message = [](const ConstFrameView& src, const FrameView& dst) -> std::string {
    FrameDenoiser denoiser = test::fake_denoiser(test::ffdnet(InputDomain::yuv420), test::pass_through, {});
    try {
      denoiser.denoise(src, dst, different_noise(src.color_model));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
      return error.what();
    }
    return "";
  };
  const std::string taken = "expected a yuv frame of 4:2:0 sampling (I420, YV12, NV12, I420_10LE, P010_10LE)";
  for (const ColorModel model : {ColorModel::gray, ColorModel::rgb, ColorModel::bayer}) {
    const Image src = test::random_picture(model, 8, 6);
    Image dst = src;
    const std::string text = message(src.view(), dst.view());
    EXPECT_NE(text.find(taken), std::string::npos) << text;
    EXPECT_NE(text.find("found " + std::string(to_string(model)) + " 8x6"), std::string::npos) << text;
  }
  for (const auto& [name, chroma] : {std::pair{"Y42B", "4x6"}, {"Y444", "8x6"}}) {
    std::vector<std::byte> memory(3 * 8 * 6);
    const PixelFormat& format = *find_pixel_format(name);
    std::vector<PlaneMemory> planes;
    for (int plane = 0; plane < 3; ++plane)
      planes.push_back({memory.data() + std::ptrdiff_t{plane} * 8 * 6, plane == 0 || chroma[0] == '8' ? 8 : 4});
    const FrameView frame = make_frame_view(format, 8, 6, planes, default_levels(format, true));
    const std::string text = message(frame, frame);
    EXPECT_NE(text.find(taken), std::string::npos) << text;
    EXPECT_NE(text.find(std::string("found yuv 8x6 with chroma ") + chroma), std::string::npos) << text;
  }
}

TEST(Yuv420Denoise, plans_are_in_cells_and_tile_sizes_in_pixels_of_the_frame) {
  FrameDenoiser denoiser =
      test::fake_denoiser(test::ffdnet(InputDomain::yuv420), test::pass_through, {.tile_size_px = 40});
  const TilePlan plan = denoiser.plan(301, 200);
  EXPECT_EQ(plan.frame_width_px, 151);
  EXPECT_EQ(plan.frame_height_px, 100);
  EXPECT_EQ(plan.halo_px, 3);
  // Cores of 20 cells, widened at most by what makes the cores of a row equal.
  EXPECT_LE(plan.window_width_px, 20 + 2 * 3);
  EXPECT_GT(plan.window_width_px, 10 + 2 * 3);
}

}  // namespace
}  // namespace rdenoise
