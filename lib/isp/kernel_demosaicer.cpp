// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/kernel_demosaicer.hpp"

#include "isp/demosaic_kernels.hpp"

namespace rdenoise {

KernelDemosaicer::KernelDemosaicer(const ConstFrameView& mosaic, DemosaicMethod method, const SampleScaling& scaling)
    : rows_(mosaic, scaling, 5, 1),
      method_(method),
      cfa_(mosaic.cfa),
      width_px_(mosaic.width_px),
      colors_(3 * static_cast<std::size_t>(mosaic.width_px)) {}

std::array<std::span<float>, 3> KernelDemosaicer::row(int y_px) {
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
      src.same[r] = rows[r].half[parity];
      src.side[r] = parity == 0 ? rows[r].half[1] - 1 : rows[r].half[0];
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

}  // namespace rdenoise
