// SPDX-License-Identifier: LGPL-2.1-or-later
// How well σ of white noise is estimated on folders of pictures, beside two classics; CSV on stdout.
//
//   white_noise_accuracy FOLDER...
//
// Noise is neither clipped nor rounded. Errors in 8-bit steps, of the mean over channels of σ. The pictures' own grain
// counts as error: the row of σ = 0 tells how much there is.
//   immerkaer    Immerkær, "Fast noise variance estimation", CVIU 1996, eq. 5
//   mad_wavelet  median of the finest diagonal Haar coefficients over 0.6745: Donoho and Johnstone, Biometrika 1994
#include <chrono>
#include <cstdio>
#include <numbers>
#include <rdenoise/noise.hpp>
#include <string>
#include <string_view>

#include "picture_set.hpp"

using namespace rdenoise;

namespace {

double immerkaer_sigma(const Image& picture, int plane) {
  const int width = picture.width_px();
  const int height = picture.height_px();
  double sum = 0.0;
  for (int y = 1; y + 1 < height; ++y) {
    for (int x = 1; x + 1 < width; ++x) {
      const auto row = [&](int dy) {
        return picture.at(plane, x - 1, y + dy) - 2.F * picture.at(plane, x, y + dy) + picture.at(plane, x + 1, y + dy);
      };
      sum += std::abs(row(-1) - 2.F * row(0) + row(1));
    }
  }
  return std::sqrt(std::numbers::pi / 2.0) * sum / (6.0 * (width - 2) * (height - 2));
}

double mad_wavelet_sigma(const Image& picture, int plane) {
  std::vector<float> diagonal;
  for (int y = 0; y + 1 < picture.height_px(); y += 2) {
    for (int x = 0; x + 1 < picture.width_px(); x += 2) {
      diagonal.push_back(0.5F * std::abs(picture.at(plane, x, y) - picture.at(plane, x + 1, y) -
                                         picture.at(plane, x, y + 1) + picture.at(plane, x + 1, y + 1)));
    }
  }
  const auto middle = diagonal.begin() + static_cast<std::ptrdiff_t>(diagonal.size() / 2);
  std::ranges::nth_element(diagonal, middle);
  return *middle / 0.6745;
}

// Root of the mean variance over planes, in 8-bit steps.
template <typename Estimate>
double over_planes(const Image& picture, const Estimate& estimate) {
  double variance = 0.0;
  for (int c = 0; c < picture.plane_count(); ++c) variance += std::pow(estimate(picture, c), 2) / picture.plane_count();
  return 255.0 * std::sqrt(variance);
}

double ours(const Image& picture, EstimateMethod method) {
  return sigma_8bit(estimate_noise(picture.view(), {.method = method}));
}

struct Contestant {
  std::string_view name;
  double (*sigma_8bit)(const Image&);
};

constexpr Contestant contestants[] = {
    {"automatic", [](const Image& p) { return ours(p, EstimateMethod::automatic); }},
    {"gaussian", [](const Image& p) { return ours(p, EstimateMethod::gaussian); }},
    {"poisson_gaussian", [](const Image& p) { return ours(p, EstimateMethod::poisson_gaussian); }},
    {"immerkaer", [](const Image& p) { return over_planes(p, immerkaer_sigma); }},
    {"mad_wavelet", [](const Image& p) { return over_planes(p, mad_wavelet_sigma); }},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: white_noise_accuracy FOLDER...\n");
    return 2;
  }
  std::printf("set,method,sigma,mean_abs,median_abs,worst,bias,ms\n");
  for (int i = 1; i < argc; ++i) {
    const std::filesystem::path folder = argv[i];
    const std::vector<Image> pictures = bench::pictures_in(folder);
    for (const Contestant& contestant : contestants) {
      for (const double sigma : {0.0, 1.0, 5.0, 10.0, 15.0, 25.0, 35.0, 50.0}) {
        std::vector<double> errors;
        double ms = 0.0;
        for (std::size_t k = 0; k < pictures.size(); ++k) {
          Image noisy = pictures[k];
          add_noise(pictures[k].view(), noisy.view(), uniform_profile(noisy.color_model(), NoiseModel::gaussian(sigma)),
                    {42, static_cast<std::uint32_t>(k)});
          const auto start = std::chrono::steady_clock::now();
          errors.push_back(contestant.sigma_8bit(noisy) - sigma);
          ms += std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
        }
        const bench::ErrorFigures figures = bench::figures_of(errors);
        std::printf("%s,%s,%g,%.3f,%.3f,%.3f,%+.3f,%.2f\n", folder.filename().c_str(),
                    std::string(contestant.name).c_str(), sigma, figures.mean, figures.median, figures.worst,
                    figures.bias, ms / static_cast<double>(pictures.size()));
      }
    }
  }
  return 0;
}
