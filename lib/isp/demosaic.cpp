// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/error.hpp>
#include <rdenoise/isp.hpp>
#include <string>

#include "base/vector_clones.hpp"
#include "isp/demosaic_kernels.hpp"
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

std::string_view to_string(DemosaicMethod method) noexcept {
  return method == DemosaicMethod::bilinear ? "bilinear" : "malvar";
}

void interleave(std::span<const float> halves, std::span<float> row) {
  const std::size_t pair_count = row.size() / 2;
  const std::size_t even_count = row.size() - pair_count;
  interleave_pairs(halves.data(), halves.data() + even_count, static_cast<int>(pair_count), row.data());
  if (even_count > pair_count) row.back() = halves[even_count - 1];
}

RowDemosaicer::RowDemosaicer(const ConstFrameView& mosaic, DemosaicMethod method, const SampleScaling& scaling)
    : rows_(mosaic, scaling),
      method_(method),
      cfa_(mosaic.cfa),
      width_px_(mosaic.width_px),
      colors_(3 * static_cast<std::size_t>(mosaic.width_px)) {}

std::array<std::span<float>, 3> RowDemosaicer::row(int y_px) {
  const auto rows = rows_.around(y_px);
  const std::size_t width = static_cast<std::size_t>(width_px_);
  const std::array<std::span<float>, 3> rgb{std::span(colors_).subspan(0, width),
                                            std::span(colors_).subspan(width, width),
                                            std::span(colors_).subspan(2 * width, width)};
  const CfaPhase red = red_phase(cfa_);
  const bool red_row = (y_px & 1) == red.y_px;
  const int colored_parity = red_row ? red.x_px : 1 - red.x_px;
  for (int parity = 0; parity < 2; ++parity) {
    SiteNeighbourhood src;
    for (int r = 0; r < 5; ++r) {
      src.same[r] = parity == 0 ? rows[r].even : rows[r].odd;
      src.side[r] = parity == 0 ? rows[r].odd - 1 : rows[r].even;
    }
    const int count = (width_px_ + 1 - parity) / 2;
    const int first = parity == 0 ? 0 : (width_px_ + 1) / 2;
    const SiteColors dst{rgb[red_row ? 0 : 2].data() + first, rgb[1].data() + first,
                         rgb[red_row ? 2 : 0].data() + first};
    if (parity == colored_parity) {
      interpolate_colored_sites(method_, src, count, dst);
    } else {
      interpolate_green_sites(method_, src, count, dst);
    }
  }
  return rgb;
}

Image demosaic(const ConstFrameView& src, DemosaicMethod method) {
  if (src.color_model != ColorModel::bayer) {
    throw Error(ErrorCode::invalid_argument,
                "demosaicing: expected a bayer frame, found " + std::string(to_string(src.color_model)));
  }
  Image dst(ColorModel::rgb, src.width_px, src.height_px);
  RowDemosaicer demosaicer(src, method, {});
  const std::size_t width = static_cast<std::size_t>(src.width_px);
  for (int y = 0; y < src.height_px; ++y) {
    const auto rgb = demosaicer.row(y);
    for (int c = 0; c < 3; ++c) interleave(rgb[c], dst.plane(c).subspan(y * width, width));
  }
  return dst;
}

}  // namespace rdenoise
