// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise/picture_stabiliser.hpp"

#include <algorithm>
#include <rdenoise/stage_times.hpp>

namespace rdenoise {
namespace {

// Sites with the same noise share a stabiliser, so its table is made once.
std::array<VarianceStabiliser, 4> cell_stabilisers(const CellNoise& noise) {
  const auto make = [&](int site) { return VarianceStabiliser(noise[site], StabilisedScale::unit_signal); };
  const VarianceStabiliser first = make(0);
  const auto of = [&](int site) { return noise[site] == noise[0] ? first : make(site); };
  return {first, of(1), of(2), of(3)};
}

// Calls change(row, site) on every row; where the two sites of a row differ in noise, on each by itself.
template <typename Change>
void change_sites(const TensorView& picture, int plane, const CellNoise& noise, std::span<float> scratch,
                  const Change& change) {
  for (int y = 0; y < picture.height; ++y) {
    float* const row = picture.row(plane, y);
    const int left = 2 * (y & 1);
    if (noise[left] == noise[left + 1]) {
      change(std::span<float>(row, static_cast<std::size_t>(picture.width)), left);
      continue;
    }
    for (int parity = 0; parity < 2; ++parity) {
      const std::span<float> pixels = scratch.first(static_cast<std::size_t>((picture.width + 1 - parity) / 2));
      for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = row[parity + 2 * i];
      change(pixels, left + parity);
      for (std::size_t i = 0; i < pixels.size(); ++i) row[parity + 2 * i] = pixels[i];
    }
  }
}

}  // namespace

void PictureStabiliser::prepare(std::span<const CellNoise> noise) {
  if (std::ranges::equal(noise, noise_)) return;
  noise_.clear();
  stabilised_.clear();
  stabilisers_.clear();
  for (const CellNoise& cell : noise) {
    stabilisers_.push_back(cell_stabilisers(cell));
    CellNoise& white = stabilised_.emplace_back();
    for (int site = 0; site < 4; ++site) {
      const double sigma = stabilisers_.back()[site].sigma();
      white[site].b = sigma * sigma;
    }
  }
  noise_.assign(noise.begin(), noise.end());
}

void PictureStabiliser::stabilise(TensorView picture, std::span<float> scratch) const {
  const StageScope timed(FrameStage::noise_map);
  for (int plane = 0; plane < picture.channels; ++plane)
    change_sites(picture, plane, noise_[plane], scratch,
                 [&](std::span<float> pixels, int site) { stabilisers_[plane][site].stabilise(pixels); });
}

void PictureStabiliser::restore(ConstTensorView denoised, TensorView picture, std::span<float> scratch) const {
  const StageScope timed(FrameStage::scatter);
  for (int plane = 0; plane < picture.channels; ++plane) {
    for (int y = 0; y < picture.height; ++y) std::copy_n(denoised.row(plane, y), picture.width, picture.row(plane, y));
    change_sites(picture, plane, noise_[plane], scratch,
                 [&](std::span<float> pixels, int site) { stabilisers_[plane][site].restore(pixels); });
  }
}

}  // namespace rdenoise
