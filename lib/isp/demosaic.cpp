// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/error.hpp>
#include <rdenoise/isp.hpp>
#include <rdenoise/parallel.hpp>
#include <string>

#include "base/vector_clones.hpp"
#include "isp/gbtf_demosaicer.hpp"
#include "isp/kernel_demosaicer.hpp"
#include "isp/row_demosaicer.hpp"

namespace rdenoise {
namespace {

RDENOISE_VECTOR_CLONES void interleave_pairs(const float* __restrict even, const float* __restrict odd, int count,
                                             float* __restrict row) {
  for (int i = 0; i < count; ++i) {
    row[2 * i] = even[i];
    row[2 * i + 1] = odd[i];
  }
}

}  // namespace

void interleave(std::span<const float> halves, std::span<float> row) {
  const std::size_t pair_count = row.size() / 2;
  const std::size_t even_count = row.size() - pair_count;
  interleave_pairs(halves.data(), halves.data() + even_count, static_cast<int>(pair_count), row.data());
  if (even_count > pair_count) row.back() = halves[even_count - 1];
}

std::unique_ptr<RowDemosaicer> make_row_demosaicer(const ConstFrameView& mosaic, DemosaicMethod method,
                                                   const SampleScaling& scaling) {
  if (method == DemosaicMethod::gbtf) return std::make_unique<GbtfDemosaicer>(mosaic, scaling);
  return std::make_unique<KernelDemosaicer>(mosaic, method, scaling);
}

int least_band_px(DemosaicMethod method) noexcept { return method == DemosaicMethod::gbtf ? 96 : 32; }

Image demosaic(const ConstFrameView& src, DemosaicMethod method, int n_threads) {
  if (src.color_model != ColorModel::bayer) {
    throw Error(ErrorCode::invalid_argument,
                "demosaicing: expected a bayer frame, found " + std::string(to_string(src.color_model)));
  }
  Image dst(ColorModel::rgb, src.width_px, src.height_px);
  const std::size_t width = static_cast<std::size_t>(src.width_px);
  parallel_bands(src.height_px, least_band_px(method), n_threads, [&](int begin_y_px, int end_y_px) {
    const auto demosaicer = make_row_demosaicer(src, method, {});
    for (int y = begin_y_px; y < end_y_px; ++y) {
      const auto rgb = demosaicer->row(y);
      for (int c = 0; c < 3; ++c) interleave(rgb[c], dst.plane(c).subspan(y * width, width));
    }
  });
  return dst;
}

}  // namespace rdenoise
