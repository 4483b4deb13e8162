// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/dng_preview.hpp"

#include <algorithm>
#include <rdenoise/isp.hpp>
#include <rdenoise/parallel.hpp>
#include <utility>

#include "image/interleaved_samples.hpp"

namespace rdenoise {
namespace {

/// A mosaic of the same phase, each side shorter by the least whole factor that brings it to most_px.
///
/// sample  signal at (x, y) of the large mosaic
template <typename Sample>
Image reduced_mosaic(int width_px, int height_px, CfaPattern cfa, int most_px, int n_threads, const Sample& sample) {
  const int longest_px = std::max(width_px, height_px);
  const int shortest_cells = std::min(width_px, height_px) / 2;
  const int factor = std::clamp((longest_px + most_px - 1) / most_px, 1, shortest_cells);
  Image small(ColorModel::bayer, width_px / 2 / factor * 2, height_px / 2 / factor * 2, cfa);
  const auto mean = [&](int x_px, int y_px) {
    double sum = 0.0;
    for (int j = 0; j < factor; ++j) {
      for (int i = 0; i < factor; ++i) {
        sum += sample(2 * (x_px / 2 * factor + i) + x_px % 2, 2 * (y_px / 2 * factor + j) + y_px % 2);
      }
    }
    return static_cast<float>(sum / (factor * factor));
  };
  parallel_bands(small.height_px(), 16, n_threads, [&](int begin, int end) {
    for (int y = begin; y < end; ++y) {
      for (int x = 0; x < small.width_px(); ++x) small.at(0, x, y) = mean(x, y);
    }
  });
  return small;
}

DngPreview developed_jpeg(const Image& mosaic, const RawMetadata& metadata, int n_threads, const std::string& name) {
  Image rgb(ColorModel::rgb, mosaic.width_px(), mosaic.height_px());
  develop(mosaic.view(), rgb.view(),
          {.gains = metadata.as_shot_gains,
           .camera_to_srgb = metadata.camera_to_srgb,
           .demosaic = DemosaicMethod::malvar,
           .n_threads = n_threads});
  constexpr int quality = 85;
  return {
      rgb.width_px(), rgb.height_px(),
      encode_jpeg(from_image(rgb, 8), {.quality = quality, .chroma_subsampling = ChromaSubsampling::s420}, {}, name)};
}

}  // namespace

DngPreview make_preview(const RawFrame& frame, int most_px, int n_threads, const std::string& name) {
  const auto& black_dn = frame.metadata.black_level_dn;
  const float white_dn = frame.metadata.white_level_dn;
  const auto signal = [&](int x, int y) {
    const float black = black_dn[static_cast<std::size_t>(2 * (y % 2) + x % 2)];
    return (frame.mosaic[static_cast<std::size_t>(y) * frame.width_px + x] - black) / (white_dn - black);
  };
  const Image small = reduced_mosaic(frame.width_px, frame.height_px, frame.cfa, most_px, n_threads, signal);
  return developed_jpeg(small, frame.metadata, n_threads, name);
}

DngPreview make_preview(const Image& rgb, const RawMetadata& metadata, int most_px, int n_threads,
                        const std::string& name) {
  constexpr CfaPattern cfa = CfaPattern::rggb;
  const auto signal = [&](int x, int y) { return rgb.at(cfa_color_at(cfa, x % 2, y % 2), x, y); };
  const Image small = reduced_mosaic(rgb.width_px(), rgb.height_px(), cfa, most_px, n_threads, signal);
  return developed_jpeg(small, metadata, n_threads, name);
}

}  // namespace rdenoise
