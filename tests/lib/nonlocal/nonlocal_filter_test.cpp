// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/nonlocal.hpp>
#include <rdenoise/quality.hpp>

#include "noisy_pictures.hpp"
#include "nonlocal/block_matching.hpp"
#include "nonlocal/block_pass.hpp"
#include "support/formula_pictures.hpp"
#include "support/statistics.hpp"

namespace rdenoise {
namespace {

/// Haar by its definition: the mean of all, kept, then for each level the difference of the means of neighbouring
/// halves.
std::vector<double> shrunk(const std::vector<double>& values, double tau, double& energy) {
  if (values.size() == 1) {
    energy += 1.0;
    return values;
  }
  std::vector<double> sums;
  std::vector<double> details;
  for (std::size_t i = 0; i < values.size(); i += 2) {
    sums.push_back((values[i] + values[i + 1]) / std::sqrt(2.0));
    details.push_back((values[i] - values[i + 1]) / std::sqrt(2.0));
  }
  sums = shrunk(sums, tau, energy);
  std::vector<double> result;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const double factor = details[i] * details[i] / (details[i] * details[i] + tau * tau);
    const double detail = details[i] * factor;
    energy += factor * factor;
    result.push_back((sums[i] + detail) / std::sqrt(2.0));
    result.push_back((sums[i] - detail) / std::sqrt(2.0));
  }
  return result;
}

/// The filter as the paper describes it, pixel by pixel, on plain matching.
Image plain_filter(const Image& picture, const Image& guide, const BlockGrouping& grouping, double tau) {
  const MatchingPlane plane(guide.plane(0), guide.width_px(), guide.height_px());
  std::vector<double> sums(picture.plane(0).size());
  std::vector<double> weights(sums.size());
  for (const int y : block_origins(picture.height_px(), grouping.block_px, grouping.step_px))
    for (const int x : block_origins(picture.width_px(), grouping.block_px, grouping.step_px)) {
      const BlockGroup group = match_blocks_plain(plane, {x, y}, grouping);
      double energy = 0.0;
      std::vector<std::vector<double>> pixels;
      for (int r = 0; r < grouping.block_px; ++r)
        for (int c = 0; c < grouping.block_px; ++c) {
          std::vector<double> values;
          for (const BlockPosition& p : group.blocks()) values.push_back(picture.at(0, p.x_px + c, p.y_px + r));
          pixels.push_back(shrunk(values, tau, energy));
        }
      for (int b = 0; b < group.count; ++b)
        for (int r = 0; r < grouping.block_px; ++r)
          for (int c = 0; c < grouping.block_px; ++c) {
            const std::size_t place = static_cast<std::size_t>(group.positions[b].y_px + r) * picture.width_px() +
                                      group.positions[b].x_px + c;
            sums[place] += pixels[r * grouping.block_px + c][b] / energy;
            weights[place] += 1.0 / energy;
          }
    }
  Image result = picture;
  for (std::size_t i = 0; i < sums.size(); ++i) result.samples()[i] = static_cast<float>(sums[i] / weights[i]);
  return result;
}

TEST(NonlocalFilter, agrees_with_its_plain_twin) {
  const Image guide = test::with_noise(test::formula_gray(41, 37), 3.0);
  const Image picture = test::with_noise(test::formula_gray(41, 37), 6.0, 2);
  const BlockGrouping grouping = NonlocalFilter::paper_grouping();
  const Image fast = NonlocalFilter(guide, grouping).filter(picture, 6.0);
  // Sums of some hundred estimates below 1, each rounded at 2⁻²⁴ and through ten butterflies.
  EXPECT_LT(test::max_abs_difference(fast.samples(), plain_filter(picture, guide, grouping, 6.0 / 255).samples()),
            1e-5F);
}

TEST(NonlocalFilter, tau_0_changes_nothing_but_rounding) {
  const Image picture = test::with_noise(test::formula_rgb(40, 52), 20.0);
  const Image result = NonlocalFilter(picture).filter(picture, 0.0);
  EXPECT_LT(test::max_abs_difference(picture.samples(), result.samples()), 1e-5F);
}

TEST(NonlocalFilter, takes_faint_noise_from_a_picture_that_repeats) {
  const Image clean = test::formula_gray(96, 96);
  const Image noisy = test::with_noise(clean, 4.0);
  const Image result = NonlocalFilter(clean).filter(noisy, 4.0);
  EXPECT_GT(psnr_db(clean, result), psnr_db(clean, noisy) + 2.0);
}

TEST(NonlocalFilter, the_result_does_not_depend_on_the_threads) {
  const Image picture = test::with_noise(test::formula_rgb(60, 140), 10.0);
  const auto filtered = [&](int n_threads) {
    return NonlocalFilter(picture, NonlocalFilter::paper_grouping(), {.n_threads = n_threads}).filter(picture, 5.0);
  };
  EXPECT_TRUE(std::ranges::equal(filtered(1).samples(), filtered(0).samples()));
}

TEST(NonlocalFilter, takes_pictures_of_any_size) {
  for (const auto& [width_px, height_px] : {std::pair{1, 1}, {3, 50}, {10, 10}, {11, 9}}) {
    const Image picture = test::formula_gray(width_px, height_px);
    const Image result = NonlocalFilter(picture).filter(picture, 10.0);
    EXPECT_EQ(result.width_px(), width_px);
    EXPECT_EQ(result.height_px(), height_px);
    for (const float sample : result.samples()) EXPECT_TRUE(sample >= 0.F && sample <= 1.F);
  }
}

TEST(NonlocalFilter, refuses_pictures_unlike_the_guide) {
  const NonlocalFilter filter(test::formula_gray(20, 20));
  EXPECT_THROW((void)filter.filter(test::formula_gray(20, 21), 1.0), Error);
  EXPECT_THROW((void)filter.filter(test::formula_rgb(20, 20), 1.0), Error);
  EXPECT_THROW((void)filter.filter(test::formula_gray(20, 20), -1.0), Error);
  EXPECT_THROW(NonlocalFilter(test::formula_bayer(20, 20, CfaPattern::rggb)), Error);
}

}  // namespace
}  // namespace rdenoise
