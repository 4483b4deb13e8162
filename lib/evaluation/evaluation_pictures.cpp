// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <rdenoise/error.hpp>
#include <rdenoise/evaluation.hpp>
#include <rdenoise/isp.hpp>
#include <rdenoise/picture_file.hpp>
#include <string_view>

namespace rdenoise {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> sorted_pictures(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> paths;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->is_regular_file() && picture_type_for_name(entry->path())) paths.push_back(entry->path());
  }
  if (error) throw Error(ErrorCode::not_found, folder.string() + ": cannot be listed: " + error.message());
  std::ranges::sort(paths);
  return paths;
}

std::vector<EvalItem> pairs_in_two_folders(const fs::path& folder) {
  std::vector<EvalItem> items;
  for (const fs::path& noisy : sorted_pictures(folder / "noisy")) {
    items.push_back({noisy.filename().string(), folder / "mean" / noisy.filename(), noisy});
  }
  return items;
}

std::vector<EvalItem> pairs_by_suffix(const fs::path& folder) {
  constexpr std::string_view noisy_suffix = "_real";
  std::vector<EvalItem> items;
  for (const fs::path& noisy : sorted_pictures(folder)) {
    std::string stem = noisy.stem().string();
    if (!stem.ends_with(noisy_suffix)) continue;
    stem.resize(stem.size() - noisy_suffix.size());
    items.push_back({stem, folder / (stem + "_mean" + noisy.extension().string()), noisy});
  }
  return items;
}

Image to_luma(const Image& image) {
  if (image.color_model() != ColorModel::rgb) return image;
  Image luma(ColorModel::gray, image.width_px(), image.height_px());
  const auto r = image.plane(0);
  const auto g = image.plane(1);
  const auto b = image.plane(2);
  // The weights of MATLAB's rgb2gray, with which the published gray tables were made.
  std::ranges::generate(luma.plane(0), [&, i = std::size_t{0}]() mutable {
    const float y = 0.2989F * r[i] + 0.5870F * g[i] + 0.1140F * b[i];
    ++i;
    return y;
  });
  return luma;
}

Image to_linear_mosaic(Image rgb) {
  for (float& sample : rgb.samples()) sample = decode_tone(ToneCurve::srgb, sample);
  return mosaic_from_rgb(rgb, CfaPattern::rggb);
}

}  // namespace

std::vector<EvalItem> list_clean_pictures(const fs::path& folder) {
  std::vector<EvalItem> items;
  for (const fs::path& path : sorted_pictures(folder)) items.push_back({path.filename().string(), path, {}});
  if (items.empty()) throw Error(ErrorCode::not_found, folder.string() + ": expected pictures, found none");
  return items;
}

std::vector<EvalItem> list_pairs(const fs::path& folder) {
  std::vector<EvalItem> items =
      fs::is_directory(folder / "noisy") ? pairs_in_two_folders(folder) : pairs_by_suffix(folder);
  if (items.empty()) {
    throw Error(ErrorCode::not_found,
                folder.string() + ": expected pairs noisy/X and mean/X, or X_real and X_mean; found none");
  }
  return items;
}

ModelPicture read_in_domain(const fs::path& path, InputDomain domain) {
  Image image = read_picture(path).image;
  if (domain == InputDomain::gray) return to_luma(image);
  if (image.color_model() != ColorModel::rgb) {
    throw Error(ErrorCode::unsupported, path.string() + ": expected a colour picture for a model of " +
                                            std::string(to_string(domain)) + ", found a gray one");
  }
  if (domain == InputDomain::yuv420) return yuv420_from_rgb(image);
  return domain == InputDomain::bayer ? to_linear_mosaic(std::move(image)) : image;
}

}  // namespace rdenoise
