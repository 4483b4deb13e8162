// SPDX-License-Identifier: LGPL-2.1-or-later
// How frames of each colour model, phase, size and sample format reach the network and come back.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "lib/denoise/frames.hpp"

namespace rdenoise {
namespace {

using test::denoised;
using test::different_noise;
using test::random_picture;
using test::values;

constexpr CfaPattern all_patterns[] = {CfaPattern::rggb, CfaPattern::grbg, CfaPattern::gbrg, CfaPattern::bggr};

TEST(FramePasses, a_network_that_changes_nothing_gives_the_frame_back) {
  const std::pair<InputDomain, ColorModel> pairs[] = {{InputDomain::gray, ColorModel::gray},
                                                      {InputDomain::gray, ColorModel::rgb},
                                                      {InputDomain::gray, ColorModel::bayer},
                                                      {InputDomain::rgb, ColorModel::rgb},
                                                      {InputDomain::bayer, ColorModel::bayer}};
  for (const auto& [input, model] : pairs) {
    FrameDenoiser denoiser = test::fake_denoiser(test::ffdnet(input), test::pass_through, {.tile_size_px = 6});
    for (const CfaPattern cfa : all_patterns)
      for (int width = 1; width < 40; width += width < 6 ? 1 : 11)
        for (int height = 1; height < 40; height += height < 6 ? 1 : 10) {
          const Image src = random_picture(model, width, height, cfa);
          ASSERT_EQ(values(denoised(denoiser, src, different_noise(model))), values(src))
              << to_string(input) << " on " << to_string(model) << " " << to_string(cfa) << " " << width << "x"
              << height;
        }
  }
}

TEST(FramePasses, a_bayer_network_sees_red_at_the_origin_and_the_border_mirrored) {
  for (const CfaPattern cfa : all_patterns)
    for (const auto& [width, height] : {std::pair{6, 4}, {5, 7}, {2, 2}, {3, 2}}) {
      const Image src = random_picture(ColorModel::bayer, width, height, cfa);
      const CfaPhase red = red_phase(cfa);
      FrameDenoiser denoiser =
          test::fake_denoiser(test::ffdnet(InputDomain::bayer),
                              [&](ConstTensorView image, ConstTensorView map, TensorView output) {
                                test::pass_through(image, map, output);
                                ASSERT_EQ(image.width % 2, 0);
                                ASSERT_EQ(image.height % 2, 0);
                                for (int y = 0; y < image.height; ++y)
                                  for (int x = 0; x < image.width; ++x) {
                                    // c b | a b c | b a, written out.
                                    int from_x = std::abs(x - red.x_px);
                                    int from_y = std::abs(y - red.y_px);
                                    if (from_x >= width) from_x = 2 * (width - 1) - from_x;
                                    if (from_y >= height) from_y = 2 * (height - 1) - from_y;
                                    ASSERT_EQ(image.row(0, y)[x], src.at(0, from_x, from_y)) << x << " " << y;
                                    ASSERT_EQ(cfa_color_at(cfa, from_x, from_y), cfa_color_at(CfaPattern::rggb, x, y));
                                  }
                              },
                              {});
      (void)denoised(denoiser, src, different_noise(ColorModel::bayer));
    }
}

TEST(FramePasses, every_cfa_phase_gives_the_rggb_result_of_the_shifted_mosaic) {
  FrameDenoiser denoiser = test::plain_denoiser(test::ffdnet(InputDomain::bayer), {.tile_size_px = 8});
  const NoiseProfile noise = different_noise(ColorModel::bayer);
  for (const CfaPattern cfa : all_patterns)
    for (const auto& [width, height] : {std::pair{24, 18}, {23, 18}, {24, 19}, {25, 17}}) {
      const CfaPhase red = red_phase(cfa);
      const Image src = random_picture(ColorModel::bayer, width, height, cfa);
      const int even_width = (width + red.x_px + 1) / 2 * 2;
      const int even_height = (height + red.y_px + 1) / 2 * 2;
      Image shifted_src(ColorModel::bayer, even_width, even_height, CfaPattern::rggb);
      for (int y = 0; y < even_height; ++y)
        for (int x = 0; x < even_width; ++x) {
          const int from_x = std::abs(x - red.x_px);
          const int from_y = std::abs(y - red.y_px);
          shifted_src.at(0, x, y) = src.at(0, from_x < width ? from_x : 2 * (width - 1) - from_x,
                                           from_y < height ? from_y : 2 * (height - 1) - from_y);
        }
      const Image expected = denoised(denoiser, shifted_src, noise);
      const Image found = denoised(denoiser, src, noise);
      for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
          ASSERT_EQ(found.at(0, x, y), expected.at(0, x + red.x_px, y + red.y_px))
              << to_string(cfa) << " " << width << "x" << height << " at " << x << "," << y;
    }
}

TEST(FramePasses, odd_gray_frames_are_replicated_to_even_sizes) {
  const Image src = random_picture(ColorModel::gray, 5, 3);
  FrameDenoiser denoiser =
      test::fake_denoiser(test::ffdnet(InputDomain::gray),
                          [&](ConstTensorView image, ConstTensorView map, TensorView output) {
                            test::pass_through(image, map, output);
                            ASSERT_EQ(image.width, 6);
                            ASSERT_EQ(image.height, 4);
                            for (int y = 0; y < 4; ++y)
                              for (int x = 0; x < 6; ++x)
                                ASSERT_EQ(image.row(0, y)[x], src.at(0, std::min(x, 4), std::min(y, 2)));
                          },
                          {});
  (void)denoised(denoiser, src, different_noise(ColorModel::gray));
}

TEST(FramePasses, a_gray_network_denoises_each_channel_as_a_gray_picture) {
  FrameDenoiser denoiser = test::plain_denoiser(test::ffdnet(InputDomain::gray), {.tile_size_px = 8});
  const auto expect_alike = [&](const ConstFrameView& src, const FrameView& dst) {
    const NoiseProfile noise = different_noise(src.color_model);
    denoiser.denoise(src, dst, noise);
    for (int c = 0; c < src.channel_count; ++c) {
      NoiseProfile own;
      own.channel_count = 1;
      own.channels[0] = channel_noise(noise, src.color_model, src.cfa, c);
      EXPECT_EQ(values(test::as_gray(dst.channels[c])), values(denoised(denoiser, test::as_gray(src.channels[c]), own)))
          << to_string(src.color_model) << " channel " << c;
    }
  };
  test::Yuv420 yuv(41, 27);
  test::Yuv420 yuv_result(41, 27);
  expect_alike(yuv.view(), yuv_result.view());
  for (const ColorModel model : {ColorModel::rgb, ColorModel::bayer}) {
    Image src = random_picture(model, 29, 35, CfaPattern::grbg);
    Image dst(model, 29, 35, CfaPattern::grbg);
    expect_alike(src.view(), dst.view());
  }
}

/// A gray frame over memory of the test's own.
template <typename Stored>
FrameView gray_frame(std::vector<Stored>& memory, int width_px, int height_px, SampleFormat sample, Levels levels) {
  FrameView frame{ColorModel::gray, width_px, height_px, CfaPattern::rggb, 1, {}};
  frame.channels[0] = {reinterpret_cast<std::byte*>(memory.data()),
                       width_px,
                       height_px,
                       static_cast<std::ptrdiff_t>(width_px * sizeof(Stored)),
                       sizeof(Stored),
                       sample,
                       levels};
  return frame;
}

TEST(FramePasses, the_same_signal_in_8_16_bit_and_float_gives_the_same_result) {
  constexpr int width = 33;
  constexpr int height = 21;
  std::vector<std::uint8_t> bytes(width * height);
  std::vector<std::uint16_t> words(bytes.size());
  Image floats(ColorModel::gray, width, height);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>((i * 7919) % 256);
    words[i] = static_cast<std::uint16_t>(257 * bytes[i]);
    // k/255 = 257k/65535, and the quotient of two exact floats is rounded correctly.
    floats.samples()[i] = static_cast<float>(bytes[i]) / 255.0F;
  }
  const SampleFormat u8{SampleType::u8, 8, 0};
  const SampleFormat u16{SampleType::u16, 16, 0};
  FrameDenoiser denoiser = test::plain_denoiser(test::ffdnet(InputDomain::gray), {});
  const NoiseProfile noise = different_noise(ColorModel::gray);
  const Image expected = denoised(denoiser, floats, noise);

  Image from_bytes(ColorModel::gray, width, height);
  denoiser.denoise(gray_frame(bytes, width, height, u8, {0, 255}), from_bytes.view(), noise);
  EXPECT_EQ(values(from_bytes), values(expected));
  Image from_words(ColorModel::gray, width, height);
  denoiser.denoise(gray_frame(words, width, height, u16, {0, 65535}), from_words.view(), noise);
  EXPECT_EQ(values(from_words), values(expected));

  // Into 8 bits: rounded to nearest, clipped; 0.501 for the float product.
  std::vector<std::uint8_t> result(bytes.size());
  denoiser.denoise(floats.view(), gray_frame(result, width, height, u8, {0, 255}), noise);
  for (std::size_t i = 0; i < result.size(); ++i)
    ASSERT_NEAR(result[i], std::clamp(expected.samples()[i], 0.0F, 1.0F) * 255.0F, 0.501F) << i;
}

TEST(FramePasses, black_level_is_signal_0_and_below_black_reaches_the_network_unclipped) {
  std::vector<std::uint16_t> words{0, 256, 1023, 64};
  float seen[4] = {};
  FrameDenoiser denoiser = test::fake_denoiser(test::ffdnet(InputDomain::gray),
                                               [&](ConstTensorView image, ConstTensorView map, TensorView output) {
                                                 test::pass_through(image, map, output);
                                                 std::copy_n(image.data, 4, seen);
                                               },
                                               {});
  std::vector<std::uint16_t> result(4);
  const SampleFormat u10{SampleType::u16, 10, 0};
  const Levels levels{64, 1023};
  denoiser.denoise(gray_frame(words, 2, 2, u10, levels), gray_frame(result, 2, 2, u10, levels),
                   different_noise(ColorModel::gray));
  EXPECT_FLOAT_EQ(seen[0], -64.0F / 959.0F);
  EXPECT_FLOAT_EQ(seen[1], 192.0F / 959.0F);
  EXPECT_EQ(seen[2], 1.0F);
  EXPECT_EQ(seen[3], 0.0F);
  EXPECT_EQ(result, words);
}

}  // namespace
}  // namespace rdenoise
