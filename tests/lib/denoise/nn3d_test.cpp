// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/nn3d.hpp>
#include <rdenoise/quality.hpp>
#include <vector>

#include "lib/network/random_weights.hpp"
#include "support/formula_pictures.hpp"
#include "support/statistics.hpp"

namespace rdenoise {
namespace {

Image with_noise(const Image& clean, double sigma_8bit) {
  Image noisy = clean;
  add_noise(clean.view(), noisy.view(), uniform_profile(clean.color_model(), NoiseModel::gaussian(sigma_8bit)),
            {.seed = 3});
  return noisy;
}

/// In place of a network: the mean of 3×3 pixels.
Image box_filter(const Image& picture) {
  Image result = picture;
  for (int plane = 0; plane < picture.plane_count(); ++plane)
    for (int y = 0; y < picture.height_px(); ++y)
      for (int x = 0; x < picture.width_px(); ++x) {
        float sum = 0.F;
        for (int dy = -1; dy <= 1; ++dy)
          for (int dx = -1; dx <= 1; ++dx)
            sum += picture.at(plane, std::clamp(x + dx, 0, picture.width_px() - 1),
                              std::clamp(y + dy, 0, picture.height_px() - 1));
        result.at(plane, x, y) = sum / 9.F;
      }
  return result;
}

TEST(Nn3d, runs_the_algorithm_of_the_paper_step_by_step) {
  const Image noisy = with_noise(test::formula_gray(48, 40), 30.0);
  std::vector<double> told;
  const Image result = nn3d(noisy, 30.0,
                            [&](const Image& picture, double sigma_8bit) {
                              told.push_back(sigma_8bit);
                              return box_filter(picture);
                            },
                            {.iterations = 3});
  EXPECT_EQ(told, (std::vector<double>{30.0, 15.0, 10.0}));

  const Image first = box_filter(noisy);
  const NonlocalFilter filter(first);
  Image estimate = filter.filter(first, 7.5);
  for (const int k : {2, 3}) {
    for (std::size_t i = 0; i < estimate.samples().size(); ++i)
      estimate.samples()[i] = noisy.samples()[i] / static_cast<float>(k) +
                              estimate.samples()[i] * static_cast<float>(k - 1) / static_cast<float>(k);
    estimate = filter.filter(box_filter(estimate), 7.5 / k);
  }
  // Both sides round each sample a few times; the filter's slope is below 2.
  EXPECT_LT(test::max_abs_difference(result.samples(), estimate.samples()), 1e-5F);
}

TEST(Nn3d, a_network_of_one_noise_level_is_run_once_and_its_estimates_are_mixed) {
  const Image noisy = with_noise(test::formula_gray(48, 40), 30.0);
  int calls = 0;
  const Image result = nn3d(noisy, 30.0,
                            [&](const Image& picture, double) {
                              ++calls;
                              return box_filter(picture);
                            },
                            {.adapts_to_sigma = false});
  EXPECT_EQ(calls, 1);

  const Image first = box_filter(noisy);
  const NonlocalFilter filter(first);
  Image estimate = filter.filter(first, 7.5);
  for (std::size_t i = 0; i < estimate.samples().size(); ++i)
    estimate.samples()[i] = (first.samples()[i] + estimate.samples()[i]) / 2.F;
  EXPECT_LT(test::max_abs_difference(result.samples(), filter.filter(estimate, 3.75).samples()), 1e-5F);
}

/// Anything blind and not linear.
Model blind_model() {
  const NetworkParams params{.network = "dncnn", .image_channels = 1, .depth = 3, .width = 8, .residual = true};
  Model model;
  model.name = "blind";
  model.spec = build_network(params);
  model.weights = test::random_weights(model.spec, 4);
  model.weights.metadata = to_metadata(params);
  return model;
}

TEST(Nn3d, a_blind_network_adapts_where_it_was_trained_on_less_noise_too) {
  const Image noisy = with_noise(test::formula_gray(48, 40), 30.0);
  const auto with_range = [](const char* range, double least_8bit) {
    Model model = blind_model();
    if (range != nullptr) model.weights.metadata["noise_range_8bit"] = range;
    model.noise_range_8bit[0] = least_8bit;
    return model;
  };
  const auto by = [&](Model model) {
    Denoiser denoiser(std::move(model), {});
    return nn3d(noisy, 30.0, denoiser);
  };
  const auto by_callback = [&](bool adapts) {
    Denoiser denoiser(blind_model(), {});
    return nn3d(noisy, 30.0,
                [&](const Image& picture, double sigma_8bit) {
                  Image result = picture;
                  denoiser.denoise(picture.view(), result.view(),
                                   uniform_profile(ColorModel::gray, NoiseModel::gaussian(sigma_8bit)));
                  return result;
                },
                {.adapts_to_sigma = adapts});
  };
  const Image adapted = by_callback(true);
  const Image mixed = by_callback(false);
  EXPECT_FALSE(std::ranges::equal(adapted.samples(), mixed.samples()));
  // The second of two turns has half the noise: 15.
  EXPECT_TRUE(std::ranges::equal(by(with_range("15,55", 15.0)).samples(), adapted.samples()));
  EXPECT_TRUE(std::ranges::equal(by(with_range("25,25", 25.0)).samples(), mixed.samples()));
  EXPECT_TRUE(std::ranges::equal(by(with_range(nullptr, 0.0)).samples(), mixed.samples())) << "nothing is known";
}

TEST(Nn3d, gains_over_its_network_where_the_picture_repeats) {
  Image clean(ColorModel::gray, 128, 128);
  // Stripes 5 pixels wide, whose fine detail a small network cannot tell from noise but a group of blocks can.
  for (int y = 0; y < 128; ++y)
    for (int x = 0; x < 128; ++x) clean.at(0, x, y) = 0.5F + 0.2F * std::sin(1.2566F * (x + y));
  const Image noisy = with_noise(clean, 25.0);
  Denoiser denoiser(load_model("ffdnet-gray"), {.precision = Precision::f32, .n_threads = 1});
  Image alone = noisy;
  denoiser.denoise(noisy.view(), alone.view(), uniform_profile(ColorModel::gray, NoiseModel::gaussian(25.0)));
  EXPECT_GT(psnr_db(clean, nn3d(noisy, 25.0, denoiser)), psnr_db(clean, alone) + 0.3);
}

TEST(Nn3d, takes_colour_and_any_size) {
  const auto network = [](const Image& picture, double) { return box_filter(picture); };
  for (const auto& [width_px, height_px] : {std::pair{1, 1}, {2, 30}, {23, 17}}) {
    const Image result = nn3d(test::formula_rgb(width_px, height_px), 10.0, network);
    EXPECT_EQ(result.color_model(), ColorModel::rgb);
    EXPECT_EQ(result.width_px(), width_px);
    for (const float sample : result.samples()) EXPECT_TRUE(std::isfinite(sample));
  }
}

TEST(Nn3d, the_result_does_not_depend_on_the_threads) {
  const Image noisy = with_noise(test::formula_gray(60, 120), 20.0);
  const auto network = [](const Image& picture, double) { return box_filter(picture); };
  EXPECT_TRUE(std::ranges::equal(nn3d(noisy, 20.0, network, {.n_threads = 1}).samples(),
                                 nn3d(noisy, 20.0, network, {.n_threads = 0}).samples()));
}

TEST(Nn3d, refuses_what_makes_no_sense) {
  const auto network = [](const Image& picture, double) { return picture; };
  const Image gray = test::formula_gray(12, 12);
  EXPECT_THROW((void)nn3d(gray, -1.0, network), Error);
  EXPECT_THROW((void)nn3d(gray, 10.0, network, {.iterations = 0}), Error);
  EXPECT_THROW((void)nn3d(gray, 10.0, network, {.tau_per_sigma = std::nan("")}), Error);
  EXPECT_THROW((void)nn3d(test::formula_bayer(12, 12, CfaPattern::rggb), 10.0, network), Error);
  EXPECT_TRUE(std::ranges::equal(nn3d(gray, 0.0, network).samples(), gray.samples()));
}

}  // namespace
}  // namespace rdenoise
