// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>

#include "isp/demosaic_probe.hpp"
#include "isp/tone_moments.hpp"

namespace rdenoise {
namespace {

Demosaicer demosaicer_of(DemosaicMethod method) {
  return [method](const Image& mosaic) { return demosaic(mosaic.view(), method); };
}

TEST(DemosaicNoise, of_the_bilinear_method_follows_from_its_means) {
  const DemosaicNoise& noise = demosaic_noise(DemosaicMethod::bilinear);
  const auto variance = [&](int site, int color) { return noise.covariance(site, {1.0, 1.0, 1.0})[4 * color]; };
  // Sites R G / G B; the mean of n sites has 1/n of their variance.
  const double red[] = {1.0, 0.5, 0.5, 0.25};
  const double green[] = {0.25, 1.0, 1.0, 0.25};
  for (int site = 0; site < 4; ++site) {
    EXPECT_NEAR(variance(site, 0), red[site], 1e-6);
    EXPECT_NEAR(variance(site, 1), green[site], 1e-6);
    EXPECT_NEAR(variance(site, 2), red[3 - site], 1e-6);
  }
  // Colours share no sites, so nothing is correlated.
  EXPECT_NEAR(noise.covariance(0, {1.0, 1.0, 1.0})[1], 0.0, 1e-6);
}

TEST(DemosaicNoise, colours_of_malvar_are_correlated) {
  const DemosaicNoise& noise = demosaic_noise(DemosaicMethod::malvar);
  // Green at a red site: ½·r + ¼ of four greens − ⅛ of four reds. Red there is r.
  const DemosaicNoise::Covariance at_red = noise.covariance(0, {1.0, 1.0, 1.0});
  EXPECT_NEAR(at_red[0], 1.0, 1e-6);
  EXPECT_NEAR(at_red[1], 0.5, 1e-6);
  EXPECT_NEAR(at_red[4], 0.25 + 4.0 / 16 + 4.0 / 64, 1e-6);
}

TEST(DemosaicNoise, probing_by_noise_finds_what_impulses_tell) {
  for (const DemosaicMethod method : {DemosaicMethod::bilinear, DemosaicMethod::malvar}) {
    EXPECT_TRUE(is_linear(demosaicer_of(method)));
    const DemosaicNoise exact = probe_by_impulses(demosaicer_of(method));
    const DemosaicNoise sampled = probe_by_noise(demosaicer_of(method));
    for (int site = 0; site < 4; ++site) {
      for (int color = 0; color < 3; ++color) {
        for (int i = 0; i < 9; ++i) {
          // 120² sites: a product of unit normals to 1.2 %; five of them. Cross terms of the draws count as well.
          EXPECT_NEAR(sampled.covariance_gain[site][color][i], exact.covariance_gain[site][color][i], 0.06);
        }
      }
    }
  }
}

TEST(DemosaicNoise, a_method_that_looks_at_edges_is_not_linear) {
  const Demosaicer adaptive = [](const Image& mosaic) {
    Image rgb = demosaic(mosaic.view(), DemosaicMethod::bilinear);
    for (float& sample : rgb.samples()) sample = std::max(sample, 0.5F);
    return rgb;
  };
  EXPECT_FALSE(is_linear(adaptive));
}

TEST(ToneMomentTable, equals_the_moments_computed_directly) {
  for (const ToneCurve curve : {ToneCurve::srgb, ToneCurve::bt709, ToneCurve::linear}) {
    for (const bool clipped : {true, false}) {
      const ToneOutput output{curve, clipped};
      const ToneMomentTable table(output);
      const DirectToneMoments direct(output);
      for (double mean = -0.01; mean < 1.1; mean += 0.0137) {
        for (double sigma = 0.0003; sigma < 0.2; sigma *= 1.7) {
          const FirstTwoMoments expected = direct(mean, sigma);
          const FirstTwoMoments found = table(mean, sigma);
          // BT.709 has a kink at its foot; the others keep to 1 %. Where nearly all is clipped, 1 % of what is left
          // means nothing: 0.2 % of the unclipped σ.
          const ToneOutput whole{curve, false};
          const double slope = (whole(mean + sigma) - whole(mean - sigma)) / (2 * sigma);
          EXPECT_NEAR(std::sqrt(found.variance()), std::sqrt(expected.variance()),
                      (curve == ToneCurve::bt709 ? 0.03 : 0.01) * std::sqrt(expected.variance()) +
                          0.002 * sigma * std::max(1.0, slope))
              << to_string(curve) << " " << clipped << " mean " << mean << " sigma " << sigma;
        }
      }
    }
  }
}

TEST(GaussianMoments, clipped_above_in_closed_form_are_those_of_the_nodes) {
  for (const double mean : {-0.2, 0.0, 0.7, 0.95, 1.0, 1.2}) {
    for (const double sigma : {0.01, 0.1, 0.3}) {
      const FirstTwoMoments exact = moments_clipped_above(mean, sigma, 1.0);
      const FirstTwoMoments nodes = gaussian_moments(mean, sigma, [](double x) { return std::min(x, 1.0); });
      // The kink between two nodes: step²/12 times its density, at most (9/64)²/12·0.4 of σ.
      EXPECT_NEAR(nodes.mean, exact.mean, 7e-4 * sigma);
      EXPECT_NEAR(nodes.variance(), exact.variance(), 2e-3 * sigma * sigma);
    }
  }
}

}  // namespace
}  // namespace rdenoise
