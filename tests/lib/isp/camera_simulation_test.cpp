// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <rdenoise/camera_simulation.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/resize.hpp>

#include "isp/camera_matrices.hpp"
#include "support/formula_pictures.hpp"
#include "support/statistics.hpp"

namespace rdenoise {
namespace {

using test::formula_rgb;
using test::max_abs_difference;

/// Every step does something.
CameraParameters full_camera() {
  CameraParameters camera;
  camera.exposure_ev = 0.4F;
  camera.gains = {2.1F, 1.F, 1.6F};
  camera.camera_to_srgb = balanced_camera_to_srgb(published_xyz_to_camera()[0]);
  camera.cfa = CfaPattern::gbrg;
  camera.response = ResponseCurve::power(2.2);
  camera.smoothstep = true;
  return camera;
}

/// Black, white, primaries and everything between.
Image colors() {
  Image image(ColorModel::rgb, 17 * 17, 17);
  for (int y = 0; y < 17; ++y) {
    for (int x = 0; x < 17 * 17; ++x) {
      image.at(0, x, y) = static_cast<float>(x % 17) / 16.F;
      image.at(1, x, y) = static_cast<float>(x / 17) / 16.F;
      image.at(2, x, y) = static_cast<float>(y) / 16.F;
    }
  }
  return image;
}

TEST(CameraChain, a_neutral_camera_only_makes_linear) {
  const Image picture = formula_rgb(20, 15);
  const Image linear = to_camera_rgb(picture, {});
  for (std::size_t i = 0; i < picture.samples().size(); ++i) {
    EXPECT_NEAR(linear.samples()[i], decode_tone(ToneCurve::srgb, picture.samples()[i]), 3e-6F);
  }
}

TEST(CameraChain, development_undoes_unprocessing) {
  for (const bool smoothstep : {false, true}) {
    for (const ResponseCurve& curve : plausible_response_curves()) {
      CameraParameters camera = full_camera();
      camera.smoothstep = smoothstep;
      camera.response = curve;
      const Image picture = colors();
      const Image back = develop_camera_rgb(to_camera_rgb(picture, camera), camera);
      for (std::size_t i = 0; i < picture.samples().size(); ++i) {
        // Roundings of 6e-8 of colours near 1 in the matrices (elements up to 2) leave 5e-7 of linear light, which the
        // curves amplify most near black: of y = x^(1/γ) the error is y·(Δx/x)/γ, so Δx^(1/γ) at worst, and less where
        // the step after it is flat.
        const float limit = picture.samples()[i] > 0.1F ? 3e-5F : 6e-3F;
        ASSERT_NEAR(back.samples()[i], picture.samples()[i], limit) << curve.name() << " sample " << i;
      }
    }
  }
}

TEST(CameraChain, without_a_matrix_development_undoes_unprocessing_to_the_last_digits) {
  CameraParameters camera = full_camera();
  camera.camera_to_srgb = CameraParameters{}.camera_to_srgb;
  for (const ResponseCurve& curve : plausible_response_curves()) {
    camera.response = curve;
    const Image picture = colors();
    EXPECT_LT(
        max_abs_difference(develop_camera_rgb(to_camera_rgb(picture, camera), camera).samples(), picture.samples()),
        1e-5F)
        << curve.name();
  }
}

TEST(CameraChain, with_highlights_kept_only_bright_pixels_come_back_brighter) {
  CameraParameters camera = full_camera();
  camera.keeps_highlights = true;
  const Image picture = colors();
  const Image linear = to_camera_rgb(picture, {.response = camera.response, .smoothstep = true});
  const Image back = develop_camera_rgb(to_camera_rgb(picture, camera), camera);
  int brighter = 0;
  for (int y = 0; y < picture.height_px(); ++y) {
    for (int x = 0; x < picture.width_px(); ++x) {
      // The mean is taken of camera colours; their matrix has rows that sum to 1, so grays show it.
      const bool gray = picture.at(0, x, y) == picture.at(1, x, y) && picture.at(1, x, y) == picture.at(2, x, y);
      const bool bright = linear.at(1, x, y) > 0.9F;
      for (int c = 0; c < 3; ++c) {
        if (gray && !bright && picture.at(c, x, y) > 0.1F) {
          EXPECT_NEAR(back.at(c, x, y), picture.at(c, x, y), 3e-5F);
        }
        if (gray && bright) {
          EXPECT_GE(back.at(c, x, y), picture.at(c, x, y) - 1e-6F);
        }
      }
      if (gray && bright) ++brighter;
    }
  }
  EXPECT_GT(brighter, 0);
  const Image white = to_camera_rgb(test::flat_picture(ColorModel::rgb, 1, 1, 1.F), camera);
  for (const float sample : white.samples()) EXPECT_NEAR(sample, 1.F, 1e-5F) << "white fills the sensor";
}

TEST(CameraChain, a_mosaic_holds_the_camera_colour_of_each_site) {
  const CameraParameters camera = full_camera();
  const Image picture = formula_rgb(21, 14);
  const Image rgb = to_camera_rgb(picture, camera);
  const Image mosaic = unprocess(picture, camera);
  EXPECT_EQ(mosaic.color_model(), ColorModel::bayer);
  EXPECT_EQ(mosaic.cfa(), camera.cfa);
  for (int y = 0; y < 14; ++y) {
    for (int x = 0; x < 21; ++x) EXPECT_EQ(mosaic.at(0, x, y), rgb.at(cfa_color_at(camera.cfa, x, y), x, y));
  }
}

TEST(CameraChain, a_mosaic_comes_back_at_its_own_colours) {
  CameraParameters camera = full_camera();
  camera.camera_to_srgb = CameraParameters{}.camera_to_srgb;  // it would mix in the interpolated ones
  const Image picture = formula_rgb(21, 14);
  for (const DemosaicMethod method : {DemosaicMethod::bilinear, DemosaicMethod::malvar}) {
    camera.demosaic = method;
    const Image back = process(unprocess(picture, camera), camera);
    for (int y = 0; y < 14; ++y) {
      for (int x = 0; x < 21; ++x) {
        const int color = cfa_color_at(camera.cfa, x, y);
        EXPECT_NEAR(back.at(color, x, y), picture.at(color, x, y), 1e-5F);
      }
    }
  }
}

TEST(CameraChain, a_flat_picture_comes_back_whole_through_its_mosaic) {
  Image picture(ColorModel::rgb, 12, 10);
  for (int c = 0; c < 3; ++c) std::ranges::fill(picture.plane(c), 0.3F + 0.2F * static_cast<float>(c));
  const CameraParameters camera = full_camera();
  const Image back = process(unprocess(picture, camera), camera);
  EXPECT_LT(max_abs_difference(back.samples(), picture.samples()), 3e-5F);
}

TEST(CameraChain, patches_in_place_equal_whole_pictures_on_any_number_of_threads) {
  CameraParameters camera = full_camera();
  camera.keeps_highlights = true;
  const Image picture = formula_rgb(60, 150);
  const Image one = to_camera_rgb(picture, camera, 1);
  EXPECT_TRUE(std::ranges::equal(one.samples(), to_camera_rgb(picture, camera, 0).samples()));
  Image patch = picture;
  to_camera_rgb(patch.plane(0), patch.plane(1), patch.plane(2), camera);
  // Vector code and what is left at the end of a row may round differently.
  EXPECT_LT(max_abs_difference(one.samples(), patch.samples()), 1e-6F);
  const Image developed = process(unprocess(picture, camera), camera, 1);
  EXPECT_TRUE(std::ranges::equal(developed.samples(), process(unprocess(picture, camera), camera, 0).samples()));
}

TEST(CameraChain, gray_counts_as_three_equal_channels) {
  const Image gray = test::formula_gray(9, 7);
  Image rgb(ColorModel::rgb, 9, 7);
  for (int c = 0; c < 3; ++c) std::ranges::copy(gray.plane(0), rgb.plane(c).begin());
  const CameraParameters camera = full_camera();
  EXPECT_TRUE(std::ranges::equal(unprocess(gray, camera).samples(), unprocess(rgb, camera).samples()));
}

TEST(Exposure, has_the_noise_of_the_model_and_depends_on_the_seed_alone) {
  CameraParameters camera;
  camera.noise.channels = {NoiseModel{0.01, 1e-4}, NoiseModel{0.004, 4e-4}, NoiseModel{0.0, 9e-4}};
  Image mosaic(ColorModel::bayer, 256, 256, camera.cfa);
  std::ranges::fill(mosaic.samples(), 0.4F);
  const Image noisy = expose(mosaic, camera, {5, 1});
  EXPECT_TRUE(std::ranges::equal(noisy.samples(), expose(mosaic, camera, {5, 1}).samples()));
  EXPECT_FALSE(std::ranges::equal(noisy.samples(), expose(mosaic, camera, {5, 2}).samples()));
  for (int color = 0; color < 3; ++color) {
    std::vector<float> samples;
    for (int y = 0; y < 256; ++y) {
      for (int x = 0; x < 256; ++x) {
        if (cfa_color_at(camera.cfa, x, y) == color) samples.push_back(noisy.at(0, x, y));
      }
    }
    // n samples scatter the variance by √(2/n), 1.1 % of 16384; four of them.
    EXPECT_NEAR(test::variance(samples) / camera.noise.channels[color].variance(0.4), 1.0, 0.045) << color;
  }
}

TEST(Exposure, rounds_to_the_sensors_numbers_and_clips_at_white_and_at_zero) {
  CameraParameters camera;
  camera.levels = Levels{16.F, 116.F};
  camera.noise.channels.fill(NoiseModel{0.0, 0.25});
  Image mosaic(ColorModel::bayer, 64, 64, camera.cfa);
  std::ranges::fill(mosaic.samples(), 0.5F);
  const Image noisy = expose(mosaic, camera, {1});
  for (const float sample : noisy.samples()) {
    const float dn = 16.F + 100.F * sample;
    ASSERT_NEAR(dn, std::round(dn), 1e-4F);
  }
  EXPECT_NEAR(std::ranges::max(noisy.samples()), 1.F, 1e-6F);
  EXPECT_NEAR(std::ranges::min(noisy.samples()), -0.16F, 1e-6F);
}

TEST(SimulatedPhotos, are_the_steps_one_after_another) {
  CameraParameters camera = full_camera();
  camera.noise.channels.fill(NoiseModel{1e-3, 1e-5});
  camera.resize_factor = 0.5F;
  camera.jpeg = JpegOptions{70, ChromaSubsampling::s420};
  const Image picture = formula_rgb(50, 41);
  const SimulatedPhoto photo = simulate_photo(picture, camera, {3, 4});
  const Image mosaic = expose(unprocess(picture, camera), camera, {3, 4});
  EXPECT_TRUE(std::ranges::equal(photo.noisy_mosaic.samples(), mosaic.samples()));
  const auto small = [](const Image& image) {
    Image reduced = resize(image, 25, 21, ResizeFilter::bicubic);
    for (float& sample : reduced.samples()) sample = std::clamp(sample, 0.F, 1.F);
    return reduced;
  };
  const Image noisy = jpeg_round_trip(small(process(mosaic, camera)), *camera.jpeg);
  EXPECT_TRUE(std::ranges::equal(photo.noisy.samples(), noisy.samples()));
  EXPECT_TRUE(std::ranges::equal(photo.clean.samples(), small(process(photo.clean_mosaic, camera)).samples()));
}

/// Correlation of a plane's deviation from its mean with itself one pixel to the right.
double neighbour_correlation(const Image& image, int plane) {
  const double mean = test::mean(image.plane(plane));
  double product = 0.0;
  double square = 0.0;
  for (int y = 0; y < image.height_px(); ++y) {
    for (int x = 0; x + 1 < image.width_px(); ++x) {
      product += (image.at(plane, x, y) - mean) * (image.at(plane, x + 1, y) - mean);
      square += std::pow(image.at(plane, x, y) - mean, 2);
    }
  }
  return product / square;
}

TEST(SimulatedPhotos, have_noise_that_neighbours_share_as_in_real_pictures) {
  CameraParameters camera = full_camera();
  camera.noise.channels.fill(NoiseModel{1e-3, 1e-5});
  camera.demosaic = DemosaicMethod::bilinear;
  const Image picture = test::flat_picture(ColorModel::rgb, 128, 128, 0.5F);
  // Three of four red samples are means of their neighbours, so most pairs share a site. Green, of which half is
  // measured, is mixed in by the matrix and takes part of that away.
  EXPECT_GT(neighbour_correlation(simulate_photo(picture, camera, {2}).noisy, 0), 0.3);
  // JPEG drops the fine part and keeps the coarse one.
  camera.jpeg = JpegOptions{40, ChromaSubsampling::s420};
  EXPECT_GT(neighbour_correlation(simulate_photo(picture, camera, {2}).noisy, 0), 0.3);
  Image white = picture;
  add_noise(picture.view(), white.view(), camera.noise, {2});
  // 16000 pairs scatter it by 0.008.
  EXPECT_NEAR(neighbour_correlation(white, 0), 0.0, 0.04);
}

TEST(SimulatedPhotos, of_every_size_are_finite_and_within_black_and_white) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 5}, {2, 1}, {3, 3}, {17, 2}}) {
    CameraParameters camera = full_camera();
    camera.noise.channels.fill(NoiseModel{0.05, 0.01});
    camera.jpeg = JpegOptions{};
    const SimulatedPhoto photo = simulate_photo(formula_rgb(width, height), camera, {1});
    EXPECT_EQ(photo.noisy.width_px(), width);
    EXPECT_EQ(photo.noisy.height_px(), height);
    for (const Image* image : {&photo.noisy, &photo.clean}) {
      for (const float sample : image->samples()) {
        EXPECT_GE(sample, 0.F);
        EXPECT_LE(sample, 1.F);
      }
    }
  }
}

TEST(DevelopedSigma, is_that_of_the_developed_picture) {
  CameraParameters camera = full_camera();
  camera.noise.channels = {NoiseModel{2e-4, 1e-6}, NoiseModel{1e-4, 2e-6}, NoiseModel{3e-4, 1e-6}};
  Image picture(ColorModel::rgb, 256, 256);
  for (int c = 0; c < 3; ++c) std::ranges::fill(picture.plane(c), 0.4F + 0.1F * static_cast<float>(c));
  for (const DemosaicMethod method : demosaic_methods) {
    camera.demosaic = method;
    const Image sigma = developed_sigma(to_camera_rgb(picture, camera), camera);
    const Image developed = process(expose(unprocess(picture, camera), camera, {9}), camera);
    for (int c = 0; c < 3; ++c) {
      // 65536 samples, correlated over about five, know σ to 0.6 %, of which four; the gain of gbtf is right to 1 %,
      // and the curve bends by less over ±σ.
      EXPECT_NEAR(std::sqrt(test::variance(developed.plane(c))) / sigma.at(c, 0, 0), 1.0, 0.04)
          << to_string(method) << " " << c;
    }
  }
}

TEST(DevelopedSigma, is_less_where_white_clips) {
  CameraParameters camera;
  camera.noise.channels.fill(NoiseModel{0.0, 1e-4});
  const Image gray = developed_sigma(to_camera_rgb(test::flat_picture(ColorModel::rgb, 1, 1, 0.9F), camera), camera);
  const Image white = developed_sigma(to_camera_rgb(test::flat_picture(ColorModel::rgb, 1, 1, 1.F), camera), camera);
  EXPECT_NEAR(white.at(0, 0, 0), 0.45F * gray.at(0, 0, 0), 0.1F * gray.at(0, 0, 0));
}

TEST(CameraParameters, that_cannot_be_computed_with_are_refused) {
  const Image picture = formula_rgb(8, 8);
  const auto refused = [&](const std::function<void(CameraParameters&)>& spoil) {
    CameraParameters camera = full_camera();
    spoil(camera);
    try {
      static_cast<void>(simulate_photo(picture, camera, {}));
    } catch (const Error& error) {
      return error.code() == ErrorCode::invalid_argument;
    }
    return false;
  };
  EXPECT_FALSE(refused([](CameraParameters&) {}));
  EXPECT_TRUE(refused([](CameraParameters& camera) { camera.gains[1] = 0.F; }));
  EXPECT_TRUE(refused([](CameraParameters& camera) { camera.gains[2] = std::nanf(""); }));
  EXPECT_TRUE(refused([](CameraParameters& camera) { camera.exposure_ev = 99.F; }));
  EXPECT_TRUE(refused([](CameraParameters& camera) { camera.camera_to_srgb.fill(1.F); }));
  EXPECT_TRUE(refused([](CameraParameters& camera) { camera.camera_to_srgb[4] = std::nanf(""); }));
  EXPECT_TRUE(refused([](CameraParameters& camera) { camera.levels = Levels{100.F, 100.F}; }));
  EXPECT_TRUE(refused([](CameraParameters& camera) { camera.resize_factor = 0.F; }));
  EXPECT_TRUE(refused([](CameraParameters& camera) { camera.jpeg = JpegOptions{0, ChromaSubsampling::s420}; }));
  EXPECT_TRUE(refused([](CameraParameters& camera) { camera.noise.channel_count = 1; }));
}

TEST(CameraChain, refuses_pictures_of_another_kind) {
  const CameraParameters camera = full_camera();
  const Image mosaic(ColorModel::bayer, 8, 8, CfaPattern::rggb);
  EXPECT_THROW(static_cast<void>(to_camera_rgb(mosaic, camera)), Error);
  EXPECT_THROW(static_cast<void>(unprocess(Image(), camera)), Error);
  EXPECT_THROW(static_cast<void>(process(mosaic, camera)), Error) << "the camera's pattern is another";
  EXPECT_THROW(static_cast<void>(process(formula_rgb(8, 8), camera)), Error);
  EXPECT_THROW(static_cast<void>(develop_camera_rgb(mosaic, camera)), Error);
  EXPECT_THROW(static_cast<void>(expose(formula_rgb(8, 8), camera, {})), Error);
  std::vector<float> three(3);
  std::vector<float> two(2);
  EXPECT_THROW(to_camera_rgb(three, three, two, camera), Error);
}

}  // namespace
}  // namespace rdenoise
