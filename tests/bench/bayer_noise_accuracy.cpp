// SPDX-License-Identifier: LGPL-2.1-or-later
// How well the noise of mosaics is estimated on folders of clean colour pictures; CSV on stdout.
//
//   bayer_noise_accuracy FOLDER...
//
// sRGB pictures are decoded to linear light, given the gains of a daylight white balance and mosaicked; noise as of
// real cameras is added. sigma: relative error of σ(x) for each picture, colour and level 0.05, 0.1 … 0.9 that at least
// 1 % of the colour's pixels are near. whitened: variance of the added noise over the estimated one, all pixels of a
// picture. The pictures' own grain and rounding count as error: the row of a = b = 0, in 8-bit steps, is the floor.
#include <chrono>
#include <cstdio>
#include <rdenoise/isp.hpp>
#include <rdenoise/noise.hpp>

#include "picture_set.hpp"

using namespace rdenoise;

namespace {

// Variances of ISO 100, 400, 1600, 6400, 25600: photon transfer of full-frame and APS-C sensors as calibrated by Wei et
// al. (CVPR 2020), then as medians of the camera profiles that darktable ships, uncorrected (lower).
constexpr NoiseModel cameras[] = {{0.0, 0.0},     {1e-5, 4e-8},   {3.5e-5, 1e-7}, {1.2e-4, 4e-7},
                                  {4.5e-4, 3e-6}, {1.8e-3, 2e-5}, {3.1e-6, 3e-9}, {9.4e-6, 2e-8},
                                  {3.5e-5, 1e-7}, {1.2e-4, 5e-7}, {3.4e-4, 2e-6}};

Image linear_mosaic(const Image& encoded) {
  Image linear = encoded;
  for (float& x : linear.samples()) x = decode_tone(ToneCurve::srgb, x);
  for (float& x : linear.plane(0)) x /= 2.0F;
  for (float& x : linear.plane(2)) x /= 1.6F;
  return mosaic_from_rgb(linear, CfaPattern::rggb);
}

std::vector<double> levels_present(const Image& mosaic, int color) {
  std::vector<double> levels;
  for (double level = 0.05; level < 0.901; level += 0.05) {
    int near = 0;
    int all = 0;
    for (int y = 0; y < mosaic.height_px(); ++y) {
      for (int x = 0; x < mosaic.width_px(); ++x) {
        if (cfa_color_at(mosaic.cfa(), x, y) != color) continue;
        ++all;
        near += std::abs(mosaic.at(0, x, y) - level) < 0.025;
      }
    }
    if (near > all / 100) levels.push_back(level);
  }
  return levels;
}

double whitened_variance(const Image& clean, const Image& noisy, const NoiseProfile& profile) {
  double sum = 0.0;
  for (int y = 0; y < clean.height_px(); ++y) {
    for (int x = 0; x < clean.width_px(); ++x) {
      const double noise = noisy.at(0, x, y) - clean.at(0, x, y);
      const double variance =
          profile.channels[static_cast<std::size_t>(cfa_color_at(clean.cfa(), x, y))].variance(clean.at(0, x, y));
      sum += noise * noise / (variance + 1e-12);
    }
  }
  return sum / static_cast<double>(clean.samples().size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bayer_noise_accuracy FOLDER...\n");
    return 2;
  }
  std::printf(
      "set,a,b,sigma_median,sigma_p90,sigma_bias,whitened_median,whitened_bias,whitened_p90_error,confidence,ms\n");
  for (int i = 1; i < argc; ++i) {
    const std::filesystem::path folder = argv[i];
    std::vector<Image> mosaics;
    for (const Image& picture : bench::pictures_in(folder)) mosaics.push_back(linear_mosaic(picture));
    std::vector<double> all_sigma_errors;
    for (const NoiseModel& noise : cameras) {
      std::vector<double> sigma_errors;
      std::vector<double> whitened;
      double confidence = 0.0;
      double ms = 0.0;
      for (std::size_t k = 0; k < mosaics.size(); ++k) {
        Image noisy = mosaics[k];
        add_noise(mosaics[k].view(), noisy.view(), uniform_profile(ColorModel::bayer, noise),
                  {7, static_cast<std::uint32_t>(k)});
        const auto start = std::chrono::steady_clock::now();
        const NoiseProfile found = estimate_noise(noisy.view());
        ms += std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
        confidence += found.confidence;
        for (int c = 0; c < 3; ++c) {
          for (const double level : levels_present(mosaics[k], c)) {
            const double sigma = found.channels[static_cast<std::size_t>(c)].sigma(level);
            sigma_errors.push_back(noise.b > 0.0 ? sigma / noise.sigma(level) - 1.0 : 255.0 * sigma);
          }
        }
        whitened.push_back(whitened_variance(mosaics[k], noisy, found) - 1.0);
      }
      const auto count = static_cast<double>(mosaics.size());
      const bench::ErrorFigures sigma = bench::figures_of(sigma_errors);
      const bench::ErrorFigures white = bench::figures_of(whitened);
      std::ranges::sort(whitened);
      std::printf("%s,%g,%g,%.3f,%.3f,%+.3f,%.3f,%+.3f,%.3f,%.2f,%.2f\n", folder.filename().c_str(), noise.a, noise.b,
                  sigma.median, sigma.percentile_90, sigma.bias, 1.0 + whitened[whitened.size() / 2], white.bias,
                  white.percentile_90, confidence / count, ms / count);
      std::fflush(stdout);
      if (noise.b > 0.0) all_sigma_errors.insert(all_sigma_errors.end(), sigma_errors.begin(), sigma_errors.end());
    }
    const bench::ErrorFigures all = bench::figures_of(all_sigma_errors);
    std::printf("%s,all,,%.3f,%.3f,%+.3f,,,,,\n", folder.filename().c_str(), all.median, all.percentile_90, all.bias);
  }
  return 0;
}
