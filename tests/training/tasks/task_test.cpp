// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tasks/task.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <rdenoise/camera_simulation.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/jpeg.hpp>

#include "data/stored_picture.hpp"
#include "support/formula_pictures.hpp"

namespace rdenoise::training {
namespace {

constexpr int patch_px = 32;

Recipe recipe(const std::string& input, const std::string& sections) {
  return parse_recipe("name = \"t\"\n[network]\nnetwork = \"dncnn\"\ninput = \"" + input +
                          "\"\ndepth = 3\nwidth = 8\n[data]\nfolders = [\"p\"]\n" + sections,
                      "test recipe");
}

std::unique_ptr<Task> task(const Recipe& of) {
  std::vector<std::string> remarks;
  return make_task(of, ".", remarks);
}

double root_mean_square(const Image& a, const Image& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.samples().size(); ++i)
    sum += std::pow(static_cast<double>(a.samples()[i]) - b.samples()[i], 2);
  return std::sqrt(sum / static_cast<double>(a.samples().size()));
}

void expect_equal(const Image& a, const Image& b, float tolerance = 0.F) {
  ASSERT_EQ(a.samples().size(), b.samples().size());
  for (std::size_t i = 0; i < a.samples().size(); ++i) ASSERT_NEAR(a.samples()[i], b.samples()[i], tolerance) << i;
}

TEST(task, every_kind_makes_patches_of_the_asked_size_from_its_crop) {
  for (const char* kind : {"denoise", "deblock", "super-resolution", "general", "denoise+demosaic", "camera"})
    for (const int side_px : {40, 50, 70}) {
      const auto made = task(recipe("rgb", "[task]\nkind = \"" + std::string(kind) + "\"\n"));
      PatchRandom random(1, 2);
      const int crop_px = made->crop_px(side_px);
      const Sample sample = made->make(test::formula_rgb(crop_px, crop_px), side_px, random, nullptr);
      for (const Image* image : {&sample.clean, &sample.noisy, &sample.sigma, &sample.told_variance}) {
        EXPECT_EQ(image->width_px(), side_px) << kind;
        EXPECT_EQ(image->height_px(), side_px) << kind;
      }
      EXPECT_FALSE(made->validation_levels().empty());
    }
}

TEST(task, deblocking_pairs_are_the_librarys_jpeg_with_blocks_that_begin_anywhere) {
  const auto deblock = task(recipe("gray", "[task]\nkind = \"deblock\"\n"));
  const Image crop = test::formula_gray(deblock->crop_px(patch_px), deblock->crop_px(patch_px));
  const Image compressed = jpeg_round_trip(crop, {.quality = 20});
  const ValidationLevel quality{"Q20", 0, 20.0};
  bool shifted_blocks = false;
  for (std::uint64_t n = 0; n < 4; ++n) {
    PatchRandom random(1, n);
    PatchRandom again(1, n);
    const Sample sample = deblock->make(crop, patch_px, random, &quality);
    const int x_px = again.below(17);
    const int y_px = again.below(17);
    expect_equal(sample.clean, cut(crop, x_px, y_px, patch_px));
    expect_equal(sample.noisy, cut(compressed, x_px, y_px, patch_px));
    EXPECT_NEAR(sample.sigma.samples()[0], root_mean_square(sample.noisy, sample.clean), 1e-6);
    shifted_blocks |= x_px % 8 != 0;
  }
  EXPECT_TRUE(shifted_blocks);
}

TEST(task, super_resolution_takes_fine_detail_away_and_keeps_what_is_smooth) {
  const auto enlarge = task(recipe("gray", "[task]\nkind = \"super-resolution\"\nfactors = [4]\n"));
  const int crop_px = enlarge->crop_px(patch_px);
  Image ramp(ColorModel::gray, crop_px, crop_px);
  Image checks(ColorModel::gray, crop_px, crop_px);
  for (int y = 0; y < crop_px; ++y)
    for (int x = 0; x < crop_px; ++x) {
      ramp.at(0, x, y) = 0.1F + 0.003F * static_cast<float>(x + 2 * y);
      checks.at(0, x, y) = (x + y) % 2 == 0 ? 0.2F : 0.8F;
    }
  PatchRandom random(1, 1);
  const Sample smooth = enlarge->make(ramp, patch_px, random, nullptr);
  // Keys' kernel reproduces straight lines; float rounding is left.
  expect_equal(smooth.noisy, smooth.clean, 1e-5F);
  const Sample fine = enlarge->make(checks, patch_px, random, nullptr);
  EXPECT_NEAR(fine.sigma.samples()[0], 0.3, 0.01) << "the checks become gray";
}

TEST(task, general_patches_are_of_each_task_by_its_share) {
  const auto only_jpeg = task(recipe("gray", "[task]\nkind = \"general\"\nshares = [0.0, 1.0, 0.0]\n"));
  EXPECT_EQ(only_jpeg->validation_levels().front().label, "Q10");
  EXPECT_EQ(only_jpeg->validation_levels().size(), 4u);
  const auto all = task(recipe("gray", "[task]\nkind = \"general\"\n[noise]\nmin_8bit = 25.0\nmax_8bit = 25.0\n"));
  EXPECT_EQ(all->validation_levels().size(), 1u + 4u + 3u);
  const Image crop = test::formula_gray(all->crop_px(patch_px), all->crop_px(patch_px));
  int noise = 0;
  for (std::uint64_t n = 0; n < 300; ++n) {
    PatchRandom random(1, n);
    noise += all->make(crop, patch_px, random, nullptr).sigma.samples()[0] == 25.F / 255.F;
  }
  // Five standard errors of a third of 300: 5·√(300·2/9) = 41.
  EXPECT_NEAR(noise, 100, 41);
}

TEST(task, validates_at_the_usual_levels_that_it_is_for_or_in_the_middle_of_its_range) {
  const auto labels = [](const std::string& range) {
    std::string all;
    for (const ValidationLevel& level : task(recipe("gray", "[noise]\n" + range))->validation_levels())
      all += level.label + " ";
    return all;
  };
  EXPECT_EQ(labels("min_8bit = 0.0\nmax_8bit = 75.0\n"), "σ15 σ25 σ50 ");
  EXPECT_EQ(labels("min_8bit = 0.0\nmax_8bit = 30.0\n"), "σ15 σ25 ");
  EXPECT_EQ(labels("min_8bit = 50.0\nmax_8bit = 50.0\n"), "σ50 ");
  EXPECT_EQ(labels("min_8bit = 30.0\nmax_8bit = 41.0\n"), "σ36 ");
}

TEST(task, demosaicing_starts_from_the_noisy_sites) {
  const auto demosaic = task(recipe("rgb", "[task]\nkind = \"denoise+demosaic\"\n"));
  constexpr int side_px = 96;
  const int crop_px = demosaic->crop_px(side_px);
  const ValidationLevel none{"σ0", 0, 0.0};
  const ValidationLevel some{"σ10", 0, 10.0};
  const Image flat = test::flat_picture(ColorModel::rgb, crop_px, crop_px, 0.5F);
  PatchRandom random(1, 1);
  const Sample silent = demosaic->make(flat, side_px, random, &none);
  expect_equal(silent.noisy, silent.clean, 1e-6F);
  const Sample noisy = demosaic->make(flat, side_px, random, &some);
  double red_sites = 0.0;
  double between = 0.0;
  for (int y = 0; y < side_px; y += 2)
    for (int x = 0; x < side_px; x += 2) {
      red_sites += std::pow(noisy.noisy.at(0, x, y) - 0.5, 2);
      between += std::pow(noisy.noisy.at(0, x + 1, y + 1) - 0.5, 2);
    }
  // 48² sites: five standard errors of a variance are 5·√(2/2304) = 15 %; the mean of four has a quarter of it.
  const double variance = 100.0 / (255.0 * 255.0);
  EXPECT_NEAR(red_sites / 2304.0 / variance, 1.0, 0.15);
  EXPECT_NEAR(between / 2304.0 / variance, 0.25, 0.25 * 0.15 * 2);
}

TEST(task, camera_pairs_are_the_simulators_and_their_sigma_is_that_of_the_development) {
  const auto camera = task(recipe("rgb", "[task]\nkind = \"camera\"\n[camera]\njpeg = 0.0\n"));
  constexpr int side_px = 48;
  const int crop_px = camera->crop_px(side_px);
  const Image flat = test::flat_picture(ColorModel::rgb, crop_px, crop_px, 0.5F);
  const CameraSimulator simulator(CameraKind::cbdnet);
  double measured = 0.0;
  double predicted = 0.0;
  for (std::uint64_t n = 0; n < 24; ++n) {
    // Strong noise is clipped by the development, which a first-order prediction does not know.
    const NoiseModel noise = simulator.draw(7, n).noise.channels[0];
    if (noise.sigma(0.3) > 0.05) continue;
    PatchRandom random(7, n);
    const Sample sample = camera->make(flat, side_px, random, nullptr);
    measured += std::pow(root_mean_square(sample.noisy, sample.clean), 2);
    predicted += std::pow(sample.sigma.at(1, 20, 20), 2) / 3 + std::pow(sample.sigma.at(0, 20, 20), 2) / 3 +
                 std::pow(sample.sigma.at(2, 20, 20), 2) / 3;
    EXPECT_NEAR(sample.told_variance.at(0, 20, 20),
                (std::pow(sample.sigma.at(0, 20, 20), 2) + std::pow(sample.sigma.at(1, 20, 20), 2) +
                 std::pow(sample.sigma.at(2, 20, 20), 2)) /
                    3,
                1e-6);
  }
  ASSERT_GT(predicted, 0.0);
  // First order in noise of up to 0.05 on curves with bends: 15 %.
  EXPECT_NEAR(std::sqrt(measured / predicted), 1.0, 0.15);
}

TEST(task, response_curves_of_the_recipe_are_read_and_missing_ones_named) {
  const Recipe wanted = recipe("rgb", "[task]\nkind = \"camera\"\n[camera]\ncurves = \"none.mat\"\n");
  try {
    (void)task(wanted);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("none.mat"), std::string::npos);
  }
}

TEST(task, a_patch_of_4_2_0_counts_cells_of_two_by_two_pixels_and_validates_with_equal_noise_in_all_planes) {
  const auto denoise =
      task(parse_recipe("name = \"t\"\n[network]\nnetwork = \"ffdnet\"\ninput = \"yuv420\"\ndepth = "
                        "3\nwidth = 8\n[data]\nfolders = [\"p\"]\n",
                        "test recipe"));
  EXPECT_EQ(denoise->crop_px(patch_px), 2 * patch_px);
  PatchRandom random(1, 1);
  const ValidationLevel level{"σ25", 0, 25.0};
  const Sample sample = denoise->make(test::formula_rgb(2 * patch_px, 2 * patch_px), patch_px, random, &level);
  for (const Image* planes : {&sample.clean, &sample.noisy, &sample.sigma}) {
    EXPECT_EQ(planes->width_px(), patch_px);
    EXPECT_EQ(planes->height_px(), 6 * patch_px);
  }
  EXPECT_EQ(sample.told_variance.height_px(), 3 * patch_px);
  for (const float sigma : sample.sigma.samples()) ASSERT_FLOAT_EQ(sigma, 25.F / 255.F);
  for (const float variance : sample.told_variance.samples()) ASSERT_NEAR(variance, std::pow(25.0 / 255.0, 2), 1e-8);
}

TEST(task, mosaics_are_noisy_by_the_recipe_and_never_the_same_camera_twice) {
  const auto denoise =
      task(parse_recipe("name = \"t\"\n[network]\nnetwork = \"ffdnet\"\ninput = \"bayer\"\ndepth = 3\nwidth = 8\n"
                        "[data]\nfolders = [\"p\"]\n[noise]\nmin_8bit = 10.0\nmax_8bit = 10.0\n",
                        "test recipe"));
  const Image picture = test::formula_rgb(patch_px, patch_px);
  PatchRandom first(1, 1);
  PatchRandom second(1, 2);
  const Sample a = denoise->make(picture, patch_px, first, nullptr);
  const Sample b = denoise->make(picture, patch_px, second, nullptr);
  EXPECT_EQ(a.clean.color_model(), ColorModel::bayer);
  EXPECT_EQ(a.clean.cfa(), CfaPattern::rggb);
  EXPECT_GT(root_mean_square(a.clean, b.clean), 0.001);
  // 1024 values: five standard errors of a standard deviation are 5/√2048 = 11 %.
  EXPECT_NEAR(root_mean_square(a.noisy, a.clean) * 255.0, 10.0, 1.1);
}

}  // namespace
}  // namespace rdenoise::training
