// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/gbtf_demosaicer.hpp"

#include <algorithm>

#include "isp/gbtf_kernels.hpp"

namespace rdenoise {
namespace {

/// Sites on either side of a half row. Each stage reads one or two beyond what it writes, so the margins that are
/// filled shrink from stage to stage.
constexpr int margin = 8;
constexpr int difference_margin = 7;
constexpr int gradient_margin = 6;
constexpr int weight_margin = 5;
constexpr int own_margin = 4;
constexpr int third_margin = 2;

/// Rows that later stages need at a time.
constexpr int mosaic_slots = 12;
constexpr int row_difference_slots = 3;
constexpr int column_difference_slots = 10;
constexpr int row_gradient_slots = 5;
constexpr int column_gradient_slots = 5;
constexpr int weight_slots = 5;
constexpr int own_slots = 9;
constexpr int third_slots = 3;

}  // namespace

GbtfDemosaicer::GbtfDemosaicer(const ConstFrameView& mosaic, const SampleScaling& scaling)
    : mosaic_(mosaic, scaling, mosaic_slots, margin),
      red_(red_phase(mosaic.cfa)),
      width_px_(mosaic.width_px),
      half_count_((mosaic.width_px + 1) / 2),
      half_stride_(half_count_ + 2 * margin),
      difference_along_row_(row_difference_slots, half_count_ + half_stride_, margin),
      difference_along_column_(column_difference_slots, half_count_ + half_stride_, margin),
      gradient_along_row_(row_gradient_slots, half_count_ + half_stride_, margin),
      gradient_along_column_(column_gradient_slots, half_count_ + half_stride_, margin),
      weight_along_column_(weight_slots, half_count_, margin),
      own_difference_(own_slots, half_count_, margin),
      third_difference_(third_slots, half_count_, margin),
      scratch_(2 * static_cast<std::size_t>(half_stride_)),
      colors_(3 * static_cast<std::size_t>(mosaic.width_px)) {}

SplitRow GbtfDemosaicer::difference_along_row(int y_px) {
  return split(difference_along_row_.row(y_px, [&](float* dst) {
    const SplitRow src = mosaic_.row(y_px);
    for (int parity = 0; parity < 2; ++parity) {
      const float* same = src.half[parity];
      const float* side = parity == 0 ? src.half[1] - 1 : src.half[0];
      gbtf::difference_along_line(same, {side, side + 1, same - 1, same + 1},
                                  parity == colored_parity(y_px) ? 1.F : -1.F,
                                  {-difference_margin, half_count_ + difference_margin}, half_of(dst, parity));
    }
  }));
}

SplitRow GbtfDemosaicer::difference_along_column(int y_px) {
  return split(difference_along_column_.row(y_px, [&](float* dst) {
    const auto rows = mosaic_.around(y_px);
    for (int parity = 0; parity < 2; ++parity) {
      gbtf::difference_along_line(
          rows[2].half[parity],
          {rows[1].half[parity], rows[3].half[parity], rows[0].half[parity], rows[4].half[parity]},
          parity == colored_parity(y_px) ? 1.F : -1.F, {-difference_margin, half_count_ + difference_margin},
          half_of(dst, parity));
    }
  }));
}

void GbtfDemosaicer::sum_columns(float* row) {
  const SplitRow src = split(scratch_.data() + margin);
  for (int parity = 0; parity < 2; ++parity) {
    gbtf::sum_of_five_columns(src.half[parity], parity == 0 ? src.half[1] - 1 : src.half[0],
                              {-weight_margin, half_count_ + weight_margin}, half_of(row, parity));
  }
}

SplitRow GbtfDemosaicer::gradient_along_row(int y_px) {
  return split(gradient_along_row_.row(y_px, [&](float* dst) {
    const SplitRow src = difference_along_row(y_px);
    for (int parity = 0; parity < 2; ++parity) {
      const float* side = parity == 0 ? src.half[1] - 1 : src.half[0];
      gbtf::gradient(side, side + 1, {-gradient_margin, half_count_ + gradient_margin},
                     half_of(scratch_.data() + margin, parity));
    }
    sum_columns(dst);
  }));
}

SplitRow GbtfDemosaicer::gradient_along_column(int y_px) {
  return split(gradient_along_column_.row(y_px, [&](float* dst) {
    const SplitRow above = difference_along_column(y_px - 1);
    const SplitRow below = difference_along_column(y_px + 1);
    for (int parity = 0; parity < 2; ++parity) {
      gbtf::gradient(above.half[parity], below.half[parity], {-gradient_margin, half_count_ + gradient_margin},
                     half_of(scratch_.data() + margin, parity));
    }
    sum_columns(dst);
  }));
}

const float* GbtfDemosaicer::weight_along_column(int y_px) {
  return weight_along_column_.row(y_px, [&](float* dst) {
    std::array<const float*, 5> rows;
    for (int r = 0; r < 5; ++r) rows[r] = gradient_along_column(y_px + r - 2).half[colored_parity(y_px)];
    gbtf::window_weight(rows, {-weight_margin, half_count_ + weight_margin}, dst);
  });
}

const float* GbtfDemosaicer::own_difference(int y_px) {
  return own_difference_.row(y_px, [&](float* dst) {
    const int parity = colored_parity(y_px);
    gbtf::BlendSources src{};
    src.weight_above = weight_along_column(y_px - 2);
    src.weight_below = weight_along_column(y_px + 2);
    for (int r = 0; r < 9; ++r) src.up_down[r] = difference_along_column(y_px + r - 4).half[parity];
    std::array<const float*, 5> rows;
    for (int r = 0; r < 5; ++r) rows[r] = gradient_along_row(y_px + r - 2).half[parity];
    float* weight = scratch_.data() + margin;
    gbtf::window_weight(rows, {-weight_margin, half_count_ + weight_margin}, weight);
    src.weight_in_row = weight;
    const SplitRow along_row = difference_along_row(y_px);
    src.same = along_row.half[parity];
    src.side = parity == 0 ? along_row.half[1] - 1 : along_row.half[0];
    gbtf::blend_differences(src, {-own_margin, half_count_ + own_margin}, dst);
  });
}

const float* GbtfDemosaicer::third_difference(int y_px) {
  return third_difference_.row(y_px, [&](float* dst) {
    // The rows at odd distance have their coloured sites in the other columns.
    const int to_side = colored_parity(y_px) == 0 ? -1 : 0;
    std::array<const float*, 4> side;
    for (int r = 0; r < 4; ++r) side[r] = own_difference(y_px + 2 * r - 3) + to_side;
    gbtf::third_color_difference(side, {-third_margin, half_count_ + third_margin}, dst);
  });
}

std::array<std::span<float>, 3> GbtfDemosaicer::row(int y_px) {
  const std::size_t width = static_cast<std::size_t>(width_px_);
  const std::array<std::span<float>, 3> rgb{std::span(colors_).subspan(0, width),
                                            std::span(colors_).subspan(width, width),
                                            std::span(colors_).subspan(2 * width, width)};
  const int colored = colored_parity(y_px);
  const int own_color = has_red(y_px) ? 0 : 2;
  const auto half = [&](int color, int parity) { return rgb[color].data() + (parity == 0 ? 0 : half_count_); };
  const auto count = [&](int parity) { return (width_px_ + 1 - parity) / 2; };

  // From above to below, as the stages fill.
  const float* third_above = third_difference(y_px - 1);
  const float* third = third_difference(y_px);
  const float* third_below = third_difference(y_px + 1);
  const float* own_above = own_difference(y_px - 1);
  const float* own = own_difference(y_px);
  const float* own_below = own_difference(y_px + 1);
  const SplitRow mosaic = mosaic_.row(y_px);

  std::copy_n(mosaic.half[colored], count(colored), half(own_color, colored));
  gbtf::colors_at_colored(mosaic.half[colored], own, third, count(colored), half(1, colored),
                          half(2 - own_color, colored));
  const int green = 1 - colored;
  const int to_side = green == 0 ? -1 : 0;
  std::copy_n(mosaic.half[green], count(green), half(1, green));
  gbtf::color_at_green(mosaic.half[green], own + to_side, third_above, third_below, count(green),
                       half(own_color, green));
  gbtf::color_at_green(mosaic.half[green], third + to_side, own_above, own_below, count(green),
                       half(2 - own_color, green));
  return rgb;
}

}  // namespace rdenoise
