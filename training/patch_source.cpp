// SPDX-License-Identifier: LGPL-2.1-or-later
#include "patch_source.hpp"

#include <algorithm>
#include <rdenoise/error.hpp>
#include <rdenoise/isp.hpp>
#include <rdenoise/noise.hpp>
#include <rdenoise/picture_file.hpp>

namespace rdenoise::training {
namespace {

namespace fs = std::filesystem;

constexpr int draws_per_patch = 16;
constexpr std::uint64_t validation_seed = 0x76616c6964ULL;
constexpr std::int64_t validation_px = 128;
constexpr std::size_t validation_pictures = 12;

std::vector<fs::path> pictures_below(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    throw Error(ErrorCode::not_found, "reading training data: expected folder " + folder.string() + ", found none");
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && picture_type_for_name(entry.path())) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// [c, h, w] float with the wished number of channels; gray is BT.601 luma, as in the papers.
torch::Tensor to_channels(const Image& image, bool gray) {
  const auto source = torch::from_blob(const_cast<float*>(image.samples().data()),
                                       {image.plane_count(), image.height_px(), image.width_px()}, torch::kFloat);
  if (!gray) return source.size(0) == 3 ? source.clone() : source.expand({3, -1, -1}).clone();
  if (source.size(0) == 1) return source.clone();
  return (source[0] * 0.299 + source[1] * 0.587 + source[2] * 0.114).unsqueeze(0);
}

torch::Tensor rescaled(const torch::Tensor& picture, double scale) {
  if (scale == 1.0) return picture;
  namespace F = torch::nn::functional;
  const std::vector<std::int64_t> size{static_cast<std::int64_t>(picture.size(1) * scale + 0.5),
                                       static_cast<std::int64_t>(picture.size(2) * scale + 0.5)};
  return F::interpolate(
             picture.unsqueeze(0),
             F::InterpolateFuncOptions().size(size).mode(torch::kBicubic).align_corners(false).antialias(true))[0]
      .clamp(0.0, 1.0);
}

torch::Tensor to_bytes(const torch::Tensor& picture) { return (picture * 255.0 + 0.5).to(torch::kUInt8); }

/// Linear light of each 8-bit sRGB value.
torch::Tensor linear_of_srgb_bytes() {
  torch::Tensor table = torch::empty({256});
  for (int i = 0; i < 256; ++i)
    table.data_ptr<float>()[i] = decode_tone(ToneCurve::srgb, static_cast<float>(i) / 255.F);
  return table;
}

}  // namespace

PatchSource::PatchSource(const Recipe& recipe, const NetworkSpec& spec, const fs::path& data, torch::Device device,
                         BatchShare share)
    : recipe_(recipe), spec_(spec), device_(device), share_(share), linear_(linear_of_srgb_bytes().to(device)) {
  if (recipe.data.batch % share.count != 0)
    throw Error(ErrorCode::invalid_argument,
                "sharing a batch: expected one that " + std::to_string(share.count) +
                    " processes can share evenly, found data.batch = " + std::to_string(recipe.data.batch));
  const bool gray = spec.params.input == InputDomain::gray;
  const std::int64_t patch = recipe.data.patch_px;
  for (const std::string& folder : recipe.data.folders) {
    const std::vector<fs::path> paths = pictures_below(data / folder);
    if (paths.empty())
      throw Error(ErrorCode::not_found,
                  "reading training data: expected pictures in " + (data / folder).string() + ", found none");
    for (std::size_t i = 0; i < paths.size(); ++i) {
      const torch::Tensor full = to_channels(read_picture(paths[i]).image, gray);
      const bool hold_out = i % static_cast<std::size_t>(recipe.data.hold_out_every) == 0;
      if (hold_out) {
        if (held_out_.size() < validation_pictures && full.size(1) >= validation_px && full.size(2) >= validation_px)
          held_out_.push_back(to_bytes(full).to(device));
        continue;
      }
      for (const double scale : recipe.data.scales) {
        const torch::Tensor picture = to_bytes(rescaled(full, scale)).to(device);
        if (picture.size(1) < patch || picture.size(2) < patch) continue;
        pictures_.push_back(picture);
        const double area = static_cast<double>(picture.size(1)) * static_cast<double>(picture.size(2));
        cumulative_area_.push_back((cumulative_area_.empty() ? 0.0 : cumulative_area_.back()) + area);
      }
    }
  }
  if (pictures_.empty() || held_out_.empty())
    throw Error(ErrorCode::not_found, "reading training data below " + data.string() +
                                          ": expected pictures of at least " +
                                          std::to_string(std::max(patch, validation_px)) + " px, found none");
}

torch::Tensor PatchSource::to_domain(const torch::Tensor& patch, const std::array<double, 3>& draw) const {
  if (spec_.params.input != InputDomain::bayer) return patch.to(torch::kFloat) / 255.0;
  // Unprocessing, after Brooks et al., "Unprocessing images for learned raw denoising" (CVPR 2019): undo tone curve and
  // white balance; a random exposure spreads the levels.
  const torch::Tensor linear = linear_.index({patch.to(torch::kLong)});
  const double exposure = 0.25 + 0.75 * draw[0];
  const double red_gain = 1.2 + 1.3 * draw[1];
  const double blue_gain = 1.2 + 1.0 * draw[2];
  torch::Tensor mosaic = torch::empty({1, patch.size(1), patch.size(2)}, linear.options());
  using torch::indexing::None;
  using torch::indexing::Slice;
  for (int y = 0; y < 2; ++y)
    for (int x = 0; x < 2; ++x) {
      const int color = cfa_color_at(CfaPattern::rggb, x, y);
      const double gain = exposure / (color == 0 ? red_gain : color == 2 ? blue_gain : 1.0);
      mosaic.index_put_({0, Slice(y, None, 2), Slice(x, None, 2)},
                        linear.index({color, Slice(y, None, 2), Slice(x, None, 2)}) * gain);
    }
  return mosaic;
}

Batch PatchSource::finish(const torch::Tensor& clean, const std::vector<NoiseModel>& models, std::uint64_t seed,
                          std::uint64_t first_patch) const {
  Batch batch;
  const NoiseTensors noise = to_tensors(models, device_);
  batch.clean = clean;
  batch.noisy = add_noise(clean, models, seed, first_patch);
  batch.sigma = variance(clean, noise).sqrt();
  if (const Layer* map = spec_.noise_map_layer()) batch.noise_map = noise_map(batch.noisy, noise, *map);
  return batch;
}

Batch PatchSource::training_batch(std::int64_t step) const {
  const std::int64_t patch = recipe_.data.patch_px;
  std::vector<torch::Tensor> patches;
  std::vector<NoiseModel> models;
  const int own_patches = recipe_.data.batch / share_.count;
  const std::uint64_t first_patch = static_cast<std::uint64_t>(step) * static_cast<std::uint64_t>(recipe_.data.batch) +
                                    static_cast<std::uint64_t>(share_.index * own_patches);
  for (int i = 0; i < own_patches; ++i) {
    const std::uint64_t number = first_patch + static_cast<std::uint64_t>(i);
    // Stream 0xFFFFFFFF would need 2^32 patches to meet the noise's own streams.
    const auto draw = [&](int k) {
      return random_uniform({recipe_.seed, 0xFFFFFFFFU}, number * draws_per_patch + static_cast<std::uint64_t>(k));
    };
    const double area = draw(0) * cumulative_area_.back();
    const auto chosen = static_cast<std::size_t>(
        std::upper_bound(cumulative_area_.begin(), cumulative_area_.end() - 1, area) - cumulative_area_.begin());
    const torch::Tensor& picture = pictures_[chosen];
    const auto y = static_cast<std::int64_t>(draw(1) * static_cast<double>(picture.size(1) - patch + 1));
    const auto x = static_cast<std::int64_t>(draw(2) * static_cast<double>(picture.size(2) - patch + 1));
    torch::Tensor crop = picture.narrow(1, y, patch).narrow(2, x, patch);
    const int turn = static_cast<int>(draw(3) * 8.0);
    if (turn & 4) crop = crop.flip({2});
    if (turn & 3) crop = torch::rot90(crop, turn & 3, {1, 2});
    patches.push_back(to_domain(crop, {draw(4), draw(5), draw(6)}));
    models.push_back(draw_noise(recipe_.noise, spec_.params.input, {draw(7), draw(8), draw(9)}));
  }
  return finish(torch::stack(patches), models, recipe_.seed, first_patch);
}

Batch PatchSource::validation_batch(double sigma_8bit) const {
  std::vector<torch::Tensor> patches;
  for (const torch::Tensor& picture : held_out_) {
    const torch::Tensor crop = picture.narrow(1, (picture.size(1) - validation_px) / 2, validation_px)
                                   .narrow(2, (picture.size(2) - validation_px) / 2, validation_px);
    patches.push_back(to_domain(crop, {0.5, 0.5, 0.5}));
  }
  const std::vector<NoiseModel> models(patches.size(), NoiseModel::gaussian(sigma_8bit));
  return finish(torch::stack(patches), models, validation_seed, 0);
}

}  // namespace rdenoise::training
