// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/batch_assembly.hpp"

#include <algorithm>
#include <cmath>

namespace rdenoise::training {
namespace {

void copy_to(const torch::Tensor& tensor, int index, std::span<const float> samples) {
  std::ranges::copy(samples, tensor.data_ptr<float>() + static_cast<std::size_t>(index) * samples.size());
}

}  // namespace

BatchAssembly::BatchAssembly(int n, int channels, int side_px, const Layer* map_layer, bool pinned)
    : side_px_(side_px),
      map_factor_(map_layer != nullptr ? map_layer->factor : 0),
      map_channels_(map_layer != nullptr ? map_layer->out_channels : 0) {
  const auto options = torch::TensorOptions(torch::kFloat).pinned_memory(pinned);
  for (torch::Tensor* tensor : {&batch_.clean, &batch_.noisy, &batch_.sigma})
    *tensor = torch::empty({n, channels, side_px, side_px}, options);
  if (map_factor_ > 0)
    batch_.noise_map = torch::empty({n, map_channels_, side_px / map_factor_, side_px / map_factor_}, options);
}

void BatchAssembly::put(int index, const Sample& sample) {
  copy_to(batch_.clean, index, sample.clean.samples());
  copy_to(batch_.noisy, index, sample.noisy.samples());
  copy_to(batch_.sigma, index, sample.sigma.samples());
  if (map_factor_ == 0) return;
  const int map_px = side_px_ / map_factor_;
  const float scale = 1.F / static_cast<float>(map_factor_ * map_factor_);
  // Channels stand one below the other in the told variance, as in the map: their rows follow each other.
  const int rows = map_channels_ * map_px;
  float* to = batch_.noise_map.data_ptr<float>() + static_cast<std::ptrdiff_t>(index) * rows * map_px;
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < map_px; ++x) {
      float sum = 0.F;
      for (int dy = 0; dy < map_factor_; ++dy)
        for (int dx = 0; dx < map_factor_; ++dx)
          sum += sample.told_variance.at(0, x * map_factor_ + dx, y * map_factor_ + dy);
      *to++ = std::sqrt(sum * scale);
    }
}

}  // namespace rdenoise::training
