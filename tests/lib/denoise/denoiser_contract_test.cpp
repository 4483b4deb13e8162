// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <rdenoise/denoise.hpp>
#include <rdenoise/error.hpp>

#include "denoise/window_limit.hpp"
#include "lib/denoise/frames.hpp"

namespace rdenoise {
namespace {

using test::denoised;
using test::different_noise;
using test::random_picture;
using test::values;

Model model_of(const NetworkSpec& spec) { return {"test", "", spec, test::random_weights(spec, 5)}; }

/// The message of the refusal; empty if there was none.
template <typename Call>
std::string refusal(Call call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    return error.what();
  }
  return {};
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(Denoiser, equals_the_plain_executors_result) {
  const NetworkSpec spec = test::ffdnet(InputDomain::gray, 5, 16);
  Denoiser denoiser(model_of(spec), {});
  FrameDenoiser plain = test::plain_denoiser(spec, {});
  const Image src = random_picture(ColorModel::gray, 51, 33);
  const NoiseProfile noise = different_noise(ColorModel::gray);
  Image fast(ColorModel::gray, 51, 33);
  denoiser.denoise(src.view(), fast.view(), noise);
  const Image expected = denoised(plain, src, noise);
  // Float sums of 144 products in another order, five layers deep, on signals of about 1.
  for (std::size_t i = 0; i < fast.samples().size(); ++i)
    ASSERT_NEAR(fast.samples()[i], expected.samples()[i], 1e-4F) << i;
  EXPECT_EQ(denoiser.model().name, "test");
  EXPECT_EQ(denoiser.precision(), Precision::f32);
}

TEST(Denoiser, strength_0_copies_bits) {
  FrameDenoiser denoiser = test::plain_denoiser(test::ffdnet(InputDomain::gray), {.strength = 0.0});
  // Not a number, the other zero, infinity: whatever a normalisation would not keep.
  Image src(ColorModel::gray, 3, 2);
  const float odd[] = {std::nanf("1"), -0.0F, INFINITY, -7.5F, 1e-42F, 2.0F};
  std::copy_n(odd, 6, src.samples().data());
  const Image dst = denoised(denoiser, src, different_noise(ColorModel::gray));
  EXPECT_EQ(std::memcmp(dst.samples().data(), odd, sizeof odd), 0);
}

TEST(Denoiser, strength_0_keeps_the_samples_of_interleaved_frames_and_touches_nothing_else) {
  FrameDenoiser denoiser = test::plain_denoiser(test::ffdnet(InputDomain::rgb), {.strength = 0.0});
  constexpr int width = 5;
  constexpr int height = 4;
  std::vector<std::uint8_t> src(width * height * 4);
  for (std::size_t i = 0; i < src.size(); ++i) src[i] = static_cast<std::uint8_t>(i * 37);
  std::vector<std::uint8_t> dst(src.size(), 0xAA);
  const auto frame = [&](std::vector<std::uint8_t>& memory) {
    FrameView view{ColorModel::rgb, width, height, CfaPattern::rggb, 3, {}};
    for (int c = 0; c < 3; ++c)
      view.channels[c] = {reinterpret_cast<std::byte*>(memory.data()) + c,
                          width,
                          height,
                          4 * width,
                          4,
                          {SampleType::u8, 8, 0},
                          {16, 235}};
    return view;
  };
  denoiser.denoise(frame(src), frame(dst), different_noise(ColorModel::rgb));
  for (std::size_t i = 0; i < src.size(); ++i) EXPECT_EQ(dst[i], i % 4 == 3 ? 0xAA : src[i]) << i;
}

TEST(Denoiser, strength_0_converts_between_formats) {
  FrameDenoiser denoiser = test::plain_denoiser(test::ffdnet(InputDomain::gray), {.strength = 0.0});
  std::vector<std::uint8_t> bytes(2000);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
  FrameView src{ColorModel::gray, 2000, 1, CfaPattern::rggb, 1, {}};
  src.channels[0] = {reinterpret_cast<std::byte*>(bytes.data()), 2000, 1, 2000, 1, {SampleType::u8, 8, 0}, {0, 255}};
  Image dst(ColorModel::gray, 2000, 1);
  denoiser.denoise(src, dst.view(), different_noise(ColorModel::gray));
  for (std::size_t i = 0; i < bytes.size(); ++i) ASSERT_EQ(dst.samples()[i], static_cast<float>(bytes[i]) / 255.0F);
}

TEST(Denoiser, frames_that_the_model_does_not_take_are_refused_saying_what_it_takes) {
  const auto message = [](InputDomain input, ColorModel model) {
    FrameDenoiser denoiser = test::plain_denoiser(test::ffdnet(input), {});
    const Image src = random_picture(model, 8, 6);
    return refusal([&] { (void)denoised(denoiser, src, different_noise(model)); });
  };
  const std::string text = message(InputDomain::rgb, ColorModel::bayer);
  EXPECT_TRUE(contains(text, "test") && contains(text, "rgb") && contains(text, "found bayer 8x6")) << text;
  EXPECT_FALSE(message(InputDomain::rgb, ColorModel::gray).empty());
  EXPECT_FALSE(message(InputDomain::bayer, ColorModel::rgb).empty());
  EXPECT_TRUE(message(InputDomain::gray, ColorModel::bayer).empty());
}

TEST(Denoiser, source_and_destination_that_differ_are_refused) {
  FrameDenoiser denoiser = test::plain_denoiser(test::ffdnet(InputDomain::gray), {});
  const Image src = random_picture(ColorModel::bayer, 8, 6);
  const auto message = [&](Image dst) {
    return refusal([&] { denoiser.denoise(src.view(), dst.view(), different_noise(ColorModel::bayer)); });
  };
  EXPECT_TRUE(contains(message(Image(ColorModel::bayer, 8, 7)), "found destination bayer 8x7"));
  EXPECT_FALSE(message(Image(ColorModel::gray, 8, 6)).empty());
  EXPECT_FALSE(message(Image(ColorModel::bayer, 8, 6, CfaPattern::bggr)).empty());
}

TEST(Denoiser, a_profile_of_another_colour_model_is_refused) {
  FrameDenoiser denoiser = test::plain_denoiser(test::ffdnet(InputDomain::rgb), {});
  const Image src = random_picture(ColorModel::rgb, 8, 6);
  const std::string text = refusal([&] { (void)denoised(denoiser, src, different_noise(ColorModel::gray)); });
  EXPECT_TRUE(contains(text, "3 channels") && contains(text, "found 1")) << text;
}

TEST(Denoiser, options_that_make_no_sense_are_refused) {
  const NetworkSpec spec = test::ffdnet(InputDomain::gray);
  for (const double strength : {-0.5, std::nan(""), static_cast<double>(INFINITY)})
    EXPECT_FALSE(refusal([&] { (void)test::plain_denoiser(spec, {.strength = strength}); }).empty()) << strength;
  EXPECT_FALSE(refusal([&] { (void)test::plain_denoiser(spec, {.tile_size_px = -1}); }).empty());
  EXPECT_FALSE(refusal([&] { (void)test::plain_denoiser(spec, {.n_threads = -1}); }).empty());
}

TEST(Denoiser, plan_is_that_of_the_padded_frame) {
  EXPECT_EQ(test::plain_denoiser(test::ffdnet(InputDomain::gray), {}).plan(31, 17).frame_width_px, 32);
  EXPECT_EQ(test::plain_denoiser(test::dncnn(), {}).plan(31, 17).frame_width_px, 31);
  EXPECT_EQ(test::plain_denoiser(test::ffdnet(InputDomain::bayer), {}).plan(31, 17).frame_height_px, 18);
}

constexpr double mebibyte = 1024.0 * 1024.0;

/// What a run of a network holds for a photograph of 24 megapixels.
double worker_mib(const NetworkParams& given, int n_threads) {
  NetworkParams params = given;
  params.batch_norm = false;  // folded
  const NetworkSpec spec = build_network(params);
  const int alignment = alignment_px(spec);
  const TilePlan plan = plan_tiles({.frame_width_px = 6000 / alignment * alignment,
                                    .frame_height_px = 4000 / alignment * alignment,
                                    .halo_px = halo_px(spec),
                                    .alignment_px = alignment,
                                    .n_threads = n_threads,
                                    .max_window_px = max_window_px(spec, n_threads)});
  // DRUNet's depth makes its halo and 128 MB of weights, but no activation more: one block at each size holds as much.
  if (params.network == "drunet") params.depth = 1;
  const NetworkSpec run_spec = build_network(params);
  Weights weights;
  for (const auto& [name, shape] : needed_tensors(run_spec)) {
    std::size_t count = 1;
    for (const std::int64_t extent : shape) count *= static_cast<std::size_t>(extent);
    weights.tensors[name] = {shape, std::vector<float>(count)};
  }
  const auto executor = make_onednn_executor(run_spec, weights, Precision::f32);
  return static_cast<double>(executor->prepare(plan.window_height_px, plan.window_width_px)->memory_bytes()) / mebibyte;
}

TEST(Denoiser, memory_of_four_workers_stays_below_800_mib) {
  for (const Architecture& architecture : architectures())
    for (const NetworkParams& params : architecture.examples) {
      // DRUNet has a bound of its own, below.
      if (halo_px(build_network(params)) > 100) continue;
      // 144 MiB each are aimed at. At some sizes Winograd transforms a window of 64 channels whole, which nobody can
      // tell beforehand, and takes up to a third more.
      EXPECT_LE(4 * worker_mib(params, 4), 800.0)
          << params.network << " of " << params.depth << " layers and " << params.width << " channels";
    }
}

TEST(Denoiser, a_worker_of_a_network_that_sees_192_px_stays_below_1_gib) {
  // Its window is that of four halos, (4·192 + 8)² pixels, whose core is a quarter of it: with less, DRUNet would
  // compute little but halo. Two activations of 64 channels and the skips are 1.0 KiB a pixel, with Winograd's
  // transforms 1.5.
  const NetworkParams params = find_architecture("drunet").examples[0];
  ASSERT_EQ(halo_px(build_network(params)), 192);
  EXPECT_LE(worker_mib(params, 4), 1024.0);
}

TEST(Denoiser, windows_are_some_halos_wide_however_many_workers_there_are) {
  for (const Architecture& architecture : architectures())
    for (const NetworkParams& params : architecture.examples) {
      const NetworkSpec spec = build_network(params);
      if (spec.is_classifier()) continue;
      for (const int n_threads : {1, 2, 16, 128}) {
        // A window of four halos keeps a quarter of its pixels, one of three a ninth; the plan makes them four.
        const double edge_px = std::sqrt(static_cast<double>(max_window_px(spec, n_threads)));
        EXPECT_GE(edge_px, (halo_px(spec) > 40 ? 3 : 8) * halo_px(spec)) << params.network << " " << n_threads;
      }
    }
}

TEST(Denoiser, an_error_of_the_network_reaches_the_caller_and_the_next_frame_is_fine) {
  bool fail = true;
  FrameDenoiser denoiser = test::fake_denoiser(test::ffdnet(InputDomain::gray),
                                               [&](ConstTensorView image, ConstTensorView map, TensorView output) {
                                                 if (fail) throw Error(ErrorCode::internal, "broken");
                                                 test::pass_through(image, map, output);
                                               },
                                               {.tile_size_px = 4});
  const Image src = random_picture(ColorModel::gray, 40, 40);
  EXPECT_THROW((void)denoised(denoiser, src, different_noise(ColorModel::gray)), Error);
  fail = false;
  EXPECT_EQ(values(denoised(denoiser, src, different_noise(ColorModel::gray))), values(src));
}

TEST(ModelChoice, default_models_accept_what_they_are_chosen_for) {
  EXPECT_EQ(default_model_name(ColorModel::gray), "ffdnet-gray");
  EXPECT_EQ(default_model_name(ColorModel::yuv), "ffdnet-gray");
  EXPECT_EQ(default_model_name(ColorModel::rgb), "ffdnet-color");
  EXPECT_EQ(default_model_name(ColorModel::bayer), "ffdnet-bayer");
  const NetworkSpec gray = test::ffdnet(InputDomain::gray);
  const NetworkSpec rgb = test::ffdnet(InputDomain::rgb);
  const NetworkSpec bayer = test::ffdnet(InputDomain::bayer);
  for (const ColorModel model : {ColorModel::gray, ColorModel::yuv, ColorModel::rgb, ColorModel::bayer}) {
    ConstFrameView frame;
    frame.color_model = model;
    EXPECT_TRUE(accepts(gray, frame));
    EXPECT_EQ(accepts(rgb, frame), model == ColorModel::rgb);
    EXPECT_EQ(accepts(bayer, frame), model == ColorModel::bayer);
  }
}

}  // namespace
}  // namespace rdenoise
