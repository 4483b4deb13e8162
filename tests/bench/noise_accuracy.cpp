// SPDX-License-Identifier: LGPL-2.1-or-later
// How well the noise estimator does on the public test sets, as CSV on stdout.
//
//   noise_accuracy [DATA]     DATA: folder with test-gray and test-color; else $RDENOISE_TEST_DATA
//
// white noise: mean absolute error, bias and greatest error of σ in 8-bit steps.
// bayer: clean sRGB pictures, decoded to linear and mosaiced, noise of real cameras added. For each colour of each
// picture the relative error of σ(x) at the level 0.1 … 0.6 where it is greatest; levels that less than 1 % of the
// pixels have do not count. The pictures' own grain and rounding count as error here, so the row of a = b = 0, in 8-bit
// steps, is the floor: what the "clean" pictures bring along. half = 1: pictures reduced 2×2 first.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <rdenoise/isp.hpp>
#include <rdenoise/noise.hpp>
#include <rdenoise/picture_file.hpp>
#include <string>
#include <vector>

using namespace rdenoise;

namespace {

std::vector<Image> pictures_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".png") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<Image> pictures;
  for (const auto& path : paths) pictures.push_back(read_picture(path).image);
  return pictures;
}

struct Errors {
  std::vector<double> values;
  double confidence = 0.0;
  double milliseconds = 0.0;
  int pictures = 0;

  NoiseProfile timed_estimate(const ConstFrameView& frame, EstimateMethod method) {
    const auto start = std::chrono::steady_clock::now();
    const NoiseProfile profile = estimate_noise(frame, {.method = method});
    milliseconds += std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    confidence += profile.confidence;
    ++pictures;
    return profile;
  }

  // mean absolute, median absolute, bias, greatest, share above 10 %, confidence, milliseconds
  void print() const {
    std::vector<double> magnitude(values.size());
    std::ranges::transform(values, magnitude.begin(), [](double e) { return std::abs(e); });
    std::ranges::sort(magnitude);
    const auto n = static_cast<double>(values.size());
    const auto beyond = std::ranges::count_if(magnitude, [](double e) { return e > 0.1; });
    std::printf("%.3f,%.3f,%+.3f,%.3f,%.2f,%.2f,%.2f\n", std::accumulate(magnitude.begin(), magnitude.end(), 0.0) / n,
                magnitude[magnitude.size() / 2], std::accumulate(values.begin(), values.end(), 0.0) / n,
                magnitude.back(), static_cast<double>(beyond) / n, confidence / pictures, milliseconds / pictures);
  }
};

void measure_white_noise(const std::filesystem::path& folder) {
  const std::vector<Image> pictures = pictures_in(folder);
  for (const EstimateMethod method : {EstimateMethod::poisson_gaussian, EstimateMethod::gaussian}) {
    for (const double sigma : {0.0, 5.0, 10.0, 15.0, 25.0, 50.0}) {
      Errors errors;
      for (std::size_t i = 0; i < pictures.size(); ++i) {
        Image noisy = pictures[i];
        add_noise(pictures[i].view(), noisy.view(), uniform_profile(noisy.color_model(), NoiseModel::gaussian(sigma)),
                  {42, static_cast<std::uint32_t>(i)});
        errors.values.push_back(sigma_8bit(errors.timed_estimate(noisy.view(), method)) - sigma);
      }
      std::printf("%s,%s,%g,", folder.filename().c_str(),
                  method == EstimateMethod::gaussian ? "gaussian" : "poisson_gaussian", sigma);
      errors.print();
    }
  }
}

Image linear_picture(const Image& encoded, bool half) {
  const int step = half ? 2 : 1;
  Image linear(ColorModel::rgb, encoded.width_px() / step, encoded.height_px() / step);
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < linear.height_px(); ++y) {
      for (int x = 0; x < linear.width_px(); ++x) {
        float sum = 0.F;
        for (int k = 0; k < step * step; ++k) {
          sum += decode_tone(ToneCurve::srgb, encoded.at(c, x * step + k % step, y * step + k / step));
        }
        linear.at(c, x, y) = sum / static_cast<float>(step * step);
      }
    }
  }
  return linear;
}

// The levels 0.1, 0.15 … 0.6 that at least 1 % of a colour's pixels have.
std::vector<double> levels_present(const Image& mosaic, int color) {
  std::vector<double> levels;
  for (double level = 0.1; level < 0.601; level += 0.05) {
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

double greatest_sigma_error(const NoiseModel& found, const NoiseModel& truth, const std::vector<double>& levels) {
  double greatest = 0.0;
  for (const double level : levels) {
    const double sigma = truth.sigma(level);
    const double error = sigma > 0.0 ? found.sigma(level) / sigma - 1.0 : 255.0 * found.sigma(level);
    if (std::abs(error) > std::abs(greatest)) greatest = error;
  }
  return greatest;
}

void measure_bayer(const std::filesystem::path& folder) {
  const std::vector<Image> pictures = pictures_in(folder);
  // Typical of ISO 100, 400, 1600, 6400 of an interchangeable-lens camera, ISO 6400 of a telephone, and darker still.
  const NoiseModel cameras[] = {{0.0, 0.0},       {4e-6, 1e-8},     {1.5e-5, 5e-8}, {6e-5, 3e-7},
                                {2.5e-4, 2.5e-6}, {7.6e-4, 2.7e-6}, {3e-3, 1e-5},   {1e-2, 2e-4}};
  for (const bool half : {false, true}) {
    for (const NoiseModel& noise : cameras) {
      Errors errors;
      for (std::size_t i = 0; i < pictures.size(); ++i) {
        const Image clean = mosaic_from_rgb(linear_picture(pictures[i], half), CfaPattern::rggb);
        Image noisy = clean;
        add_noise(clean.view(), noisy.view(), uniform_profile(ColorModel::bayer, noise),
                  {7, static_cast<std::uint32_t>(i)});
        const NoiseProfile found = errors.timed_estimate(noisy.view(), EstimateMethod::poisson_gaussian);
        for (int c = 0; c < 3; ++c) {
          errors.values.push_back(
              greatest_sigma_error(found.channels[static_cast<std::size_t>(c)], noise, levels_present(clean, c)));
        }
      }
      std::printf("%s,%d,%g,%g,", folder.filename().c_str(), half ? 1 : 0, noise.a, noise.b);
      errors.print();
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const char* const variable = std::getenv("RDENOISE_TEST_DATA");
  if (argc < 2 && variable == nullptr) {
    std::fprintf(stderr, "usage: noise_accuracy DATA\n");
    return 2;
  }
  const std::filesystem::path data = argc > 1 ? argv[1] : variable;
  const std::string columns = "mean_abs,median_abs,bias,greatest,share_above_0.1,confidence,ms";
  std::printf("set,method,sigma,%s\n", columns.c_str());
  for (const char* set : {"test-gray/set12", "test-gray/bsd68"}) measure_white_noise(data / set);
  std::printf("\nset,half,a,b,%s\n", columns.c_str());
  for (const char* set : {"test-color/kodak24", "train/div2k-test-lrx4"}) {
    if (std::filesystem::is_directory(data / set)) measure_bayer(data / set);
  }
  return 0;
}
