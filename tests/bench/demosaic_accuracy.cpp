// SPDX-License-Identifier: LGPL-2.1-or-later
// How well the demosaicing methods do on the public test sets, as CSV on stdout.
//
//   demosaic_accuracy [DATA]     DATA: folder with test-color, train and raw; else $RDENOISE_TEST_DATA
//
// CPSNR in dB, peak 255, over all pixels and the three colours, of the pictures rounded to 8 bit; mean over a set.
//
//   srgb    clean sRGB pictures, mosaiced as they are: what papers measure.
//   noisy   the same with white noise of σ 5 (8-bit steps) on the mosaic; nothing denoises.
//   linear  the pictures decoded to linear light, mosaiced and developed: what happens to RAW photos.
//   raw     linear RAW photos, white balanced, demosaiced and reduced 4×4, so that each pixel knows its three colours;
//           then as linear. Measured after the sRGB curve.
//
// To compare with, on the 24 whole Kodak pictures (768×512): adaptive residual interpolation (Monno et al. 2015) 39.94,
// AMaZE 0.8 less, both as measured in darktable's pull request 20800. The set kodak24 here is the 500×500 crops, whose
// figures differ by some tenths; srgb: bilinear 29.90, malvar 35.39, gbtf 40.18.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <rdenoise/isp.hpp>
#include <rdenoise/noise.hpp>
#include <rdenoise/picture_file.hpp>
#include <rdenoise/raw.hpp>
#include <string>
#include <utility>
#include <vector>

#include "support/cpsnr.hpp"

using namespace rdenoise;
using rdenoise::test::cpsnr_db;

namespace {

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  if (!std::filesystem::is_directory(folder)) return paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path());
  std::ranges::sort(paths);
  return paths;
}

std::vector<Image> pictures_in(const std::filesystem::path& folder) {
  std::vector<Image> pictures;
  for (const auto& path : files_in(folder)) {
    if (path.extension() == ".png") pictures.push_back(read_picture(path).image);
  }
  return pictures;
}

Image reduced(const RawFrame& frame) {
  constexpr int step = 4;
  const Image full = demosaic(frame.view(), DemosaicMethod::malvar);
  Image small(ColorModel::rgb, full.width_px() / step, full.height_px() / step);
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < small.height_px(); ++y) {
      for (int x = 0; x < small.width_px(); ++x) {
        float sum = 0.F;
        for (int k = 0; k < step * step; ++k) sum += full.at(c, step * x + k % step, step * y + k / step);
        small.at(c, x, y) = std::clamp(sum / (step * step) * frame.metadata.as_shot_gains[c], 0.F, 1.F);
      }
    }
  }
  return small;
}

std::vector<Image> reduced_raw_photos(const std::filesystem::path& folder) {
  std::vector<Image> pictures;
  for (const char* camera : {"canon-crw-10bit", "canon-kissx4-dng-14bit", "gopro-dng-crops"}) {
    for (const auto& path : files_in(folder / camera)) pictures.push_back(reduced(read_raw_file(path)));
  }
  return pictures;
}

Image decoded(Image encoded) {
  for (float& sample : encoded.samples()) sample = decode_tone(ToneCurve::srgb, sample);
  return encoded;
}

Image encoded(Image linear) {
  for (float& sample : linear.samples()) sample = encode_tone(ToneCurve::srgb, sample);
  return linear;
}

Image developed(const Image& mosaic, DemosaicMethod method, DemosaicDomain domain) {
  Image rgb(ColorModel::rgb, mosaic.width_px(), mosaic.height_px());
  develop(mosaic.view(), rgb.view(), {.demosaic = method, .demosaic_domain = domain});
  return rgb;
}

void print_row(const std::string& set, const char* kind, DemosaicMethod method, const char* domain,
               const std::vector<Image>& references, const std::function<Image(const Image&, std::size_t)>& restore) {
  double whole = 0.0;
  double inner = 0.0;
  for (std::size_t i = 0; i < references.size(); ++i) {
    const Image result = restore(references[i], i);
    whole += cpsnr_db(references[i], result, 0);
    inner += cpsnr_db(references[i], result, 8);
  }
  const auto n = static_cast<double>(references.size());
  std::printf("%s,%s,%s,%s,%zu,%.2f,%.2f\n", set.c_str(), kind, std::string(to_string(method)).c_str(), domain,
              references.size(), whole / n, inner / n);
  std::fflush(stdout);
}

void measure_encoded(const std::string& set, const std::vector<Image>& pictures, DemosaicMethod method) {
  print_row(set, "srgb", method, "as it is", pictures, [&](const Image& picture, std::size_t) {
    const Image mosaic = mosaic_from_rgb(picture, CfaPattern::rggb);
    return demosaic(mosaic.view(), method);
  });
  print_row(set, "noisy", method, "as it is", pictures, [&](const Image& picture, std::size_t i) {
    const Image clean = mosaic_from_rgb(picture, CfaPattern::rggb);
    Image noisy = clean;
    add_noise(clean.view(), noisy.view(), uniform_profile(ColorModel::bayer, NoiseModel::gaussian(5.0)),
              {1, static_cast<std::uint32_t>(i)});
    return demosaic(std::as_const(noisy).view(), method);
  });
}

/// pictures  encoded; they come from linear light
void measure_developed(const std::string& set, const char* kind, const std::vector<Image>& pictures,
                       DemosaicMethod method) {
  for (const DemosaicDomain domain : {DemosaicDomain::linear, DemosaicDomain::square_root}) {
    print_row(set, kind, method, domain == DemosaicDomain::linear ? "linear" : "square root", pictures,
              [&](const Image& picture, std::size_t) {
                return developed(mosaic_from_rgb(decoded(picture), CfaPattern::rggb), method, domain);
              });
  }
}

}  // namespace

int main(int argc, char** argv) {
  const char* const variable = std::getenv("RDENOISE_TEST_DATA");
  if (argc < 2 && variable == nullptr) {
    std::fprintf(stderr, "usage: demosaic_accuracy DATA\n");
    return 2;
  }
  const std::filesystem::path data = argc > 1 ? argv[1] : variable;
  std::printf("set,kind,method,domain,pictures,cpsnr_db,cpsnr_db_without_8_px_border\n");
  for (const char* set : {"test-color/kodak24", "test-color/cbsd68", "train/div2k-test-lrx4"}) {
    const std::vector<Image> pictures = pictures_in(data / set);
    for (const DemosaicMethod method : demosaic_methods) {
      measure_encoded(set, pictures, method);
      measure_developed(set, "linear", pictures, method);
    }
  }
  std::vector<Image> photos = reduced_raw_photos(data / "raw");
  for (Image& photo : photos) photo = encoded(std::move(photo));
  for (const DemosaicMethod method : demosaic_methods) measure_developed("raw", "raw", photos, method);
  return 0;
}
