// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <limits>
#include <rdenoise/model_picture.hpp>
#include <rdenoise/quality.hpp>

namespace rdenoise {

FrameView view_of(ModelPicture& picture) {
  return std::visit([](auto& held) -> FrameView { return held.view(); }, picture);
}

ConstFrameView view_of(const ModelPicture& picture) {
  return std::visit([](const auto& held) -> ConstFrameView { return held.view(); }, picture);
}

const Image& measured_image(const ModelPicture& picture) {
  if (const auto* yuv = std::get_if<Yuv420Picture>(&picture)) return yuv->planes[0];
  return std::get<Image>(picture);
}

std::optional<double> psnr_yuv_db(const ModelPicture& reference, const ModelPicture& test) {
  const auto* one = std::get_if<Yuv420Picture>(&reference);
  const auto* other = std::get_if<Yuv420Picture>(&test);
  if (one == nullptr || other == nullptr) return std::nullopt;
  double squared_error = 0.0;
  double samples = 0.0;
  for (std::size_t c = 0; c < one->planes.size(); ++c) {
    const auto count = static_cast<double>(one->planes[c].samples().size());
    squared_error += count * l2(one->planes[c], other->planes[c]);
    samples += count;
  }
  return squared_error == 0.0 ? std::numeric_limits<double>::infinity() : -10.0 * std::log10(squared_error / samples);
}

void clip(ModelPicture& picture) {
  const auto clip_samples = [](Image& image) {
    for (float& sample : image.samples()) sample = std::clamp(sample, 0.F, 1.F);
  };
  if (auto* yuv = std::get_if<Yuv420Picture>(&picture))
    std::ranges::for_each(yuv->planes, clip_samples);
  else
    clip_samples(std::get<Image>(picture));
}

}  // namespace rdenoise
