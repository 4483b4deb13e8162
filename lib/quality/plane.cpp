// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quality/plane.hpp"

#include <algorithm>
#include <rdenoise/parallel.hpp>

namespace rdenoise {

Plane luma(const Image& image) {
  Plane plane{{}, image.width_px(), image.height_px()};
  const std::span<const float> first = image.plane(0);
  plane.samples.assign(first.begin(), first.end());
  if (image.color_model() != ColorModel::rgb) return plane;
  const std::span<const float> g = image.plane(1);
  const std::span<const float> b = image.plane(2);
  for (std::size_t i = 0; i < first.size(); ++i) plane.samples[i] = 0.299F * first[i] + 0.587F * g[i] + 0.114F * b[i];
  return plane;
}

Plane halved(const PlaneView& src, BeyondBorder beyond) {
  Plane dst{{}, (src.width_px + 1) / 2, (src.height_px + 1) / 2};
  dst.samples.resize(static_cast<std::size_t>(dst.width_px) * dst.height_px);
  const auto sample = [&src, beyond](int x, int y) {
    if (beyond == BeyondBorder::zero && (x >= src.width_px || y >= src.height_px)) return 0.F;
    return src.row(std::min(y, src.height_px - 1))[std::min(x, src.width_px - 1)];
  };
  float* mean = dst.samples.data();
  for (int y = 0; y < src.height_px; y += 2) {
    for (int x = 0; x < src.width_px; x += 2) {
      *mean++ = 0.25F * (sample(x, y) + sample(x + 1, y) + sample(x, y + 1) + sample(x + 1, y + 1));
    }
  }
  return dst;
}

Plane reduced(const PlaneView& src, int factor) {
  Plane dst{{}, (src.width_px + factor - 1) / factor, (src.height_px + factor - 1) / factor};
  dst.samples.resize(static_cast<std::size_t>(dst.width_px) * dst.height_px);
  const int before_px = (factor - 1) / 2;
  parallel_bands(dst.height_px, 1, 0, [&](int begin, int end) {
    for (int y = begin; y < end; ++y) {
      const int first_y = std::max(y * factor - before_px, 0);
      const int end_y = std::min(y * factor - before_px + factor, src.height_px);
      for (int x = 0; x < dst.width_px; ++x) {
        const int first_x = std::max(x * factor - before_px, 0);
        const int end_x = std::min(x * factor - before_px + factor, src.width_px);
        double sum = 0.0;
        for (int v = first_y; v < end_y; ++v) {
          for (const float sample : src.row(v).subspan(first_x, end_x - first_x)) sum += sample;
        }
        dst.samples[static_cast<std::size_t>(y) * dst.width_px + x] =
            static_cast<float>(sum / (static_cast<double>(factor) * factor));
      }
    }
  });
  return dst;
}

}  // namespace rdenoise
