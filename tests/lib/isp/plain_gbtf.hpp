// SPDX-License-Identifier: LGPL-2.1-or-later
// Gradient based threshold free demosaicing, equation by equation on whole planes: what the fast one is held against.
#pragma once

#include <cmath>
#include <rdenoise/isp.hpp>
#include <vector>

#include "isp/gbtf_constants.hpp"
#include "isp/mosaic_rows.hpp"

namespace rdenoise {

/// A plane that reaches beyond the frame on all sides.
class WidePlane {
 public:
  static constexpr int margin_px = 12;

  explicit WidePlane(const Image& frame)
      : width_px_(frame.width_px() + 2 * margin_px), height_px_(frame.height_px() + 2 * margin_px) {
    samples_.resize(static_cast<std::size_t>(width_px_) * height_px_);
  }
  double& at(int x, int y) {
    return samples_.at(static_cast<std::size_t>(y + margin_px) * width_px_ + (x + margin_px));
  }

  /// Sets every pixel up to `inset_px` from the outer edge to value(x, y).
  template <typename Value>
  void fill(int inset_px, Value&& value) {
    for (int y = inset_px - margin_px; y < height_px_ - margin_px - inset_px; ++y) {
      for (int x = inset_px - margin_px; x < width_px_ - margin_px - inset_px; ++x) at(x, y) = value(x, y);
    }
  }

 private:
  int width_px_;
  int height_px_;
  std::vector<double> samples_;
};

inline Image plain_gbtf(const Image& frame) {
  const auto color = [&](int x, int y) { return cfa_color_at(frame.cfa(), x & 1, y & 1); };
  WidePlane mosaic(frame);
  mosaic.fill(0, [&](int x, int y) {
    return frame.at(0, mirrored_index(x, frame.width_px()), mirrored_index(y, frame.height_px()));
  });

  // Green minus the line's other colour, the missing one by Hamilton and Adams along the line.
  WidePlane along_row(frame);
  WidePlane along_column(frame);
  const auto difference = [&](int x, int y, int dx, int dy) {
    const double site = mosaic.at(x, y);
    const double other = (mosaic.at(x - dx, y - dy) + mosaic.at(x + dx, y + dy)) / 2 +
                         (2 * site - mosaic.at(x - 2 * dx, y - 2 * dy) - mosaic.at(x + 2 * dx, y + 2 * dy)) / 4;
    return color(x, y) == 1 ? site - other : other - site;
  };
  along_row.fill(2, [&](int x, int y) { return difference(x, y, 1, 0); });
  along_column.fill(2, [&](int x, int y) { return difference(x, y, 0, 1); });

  // 1/(sum of gradients over 5×5)², at the windows' centres.
  WidePlane row_gradient(frame);
  WidePlane column_gradient(frame);
  row_gradient.fill(3, [&](int x, int y) { return std::abs(along_row.at(x - 1, y) - along_row.at(x + 1, y)); });
  column_gradient.fill(3,
                       [&](int x, int y) { return std::abs(along_column.at(x, y - 1) - along_column.at(x, y + 1)); });
  const auto weight = [](WidePlane& gradient, int x, int y) {
    double sum = gbtf::least_gradient_sum;
    for (int dy = -2; dy <= 2; ++dy) {
      for (int dx = -2; dx <= 2; ++dx) sum += gradient.at(x + dx, y + dy);
    }
    return 1.0 / (sum * sum);
  };

  WidePlane own(frame);  // green minus red or blue, where red or blue stand
  own.fill(7, [&](int x, int y) {
    if (color(x, y) == 1) return 0.0;
    double sum = 0.0;
    double weights = 0.0;
    const auto add = [&](WidePlane& plane, WidePlane& gradient, int dx, int dy) {
      double mean = 0.0;
      for (int k = 0; k <= 4; ++k) mean += gbtf::distance_weights[k] * plane.at(x + k * dx, y + k * dy);
      const double w = weight(gradient, x + 2 * dx, y + 2 * dy);
      sum += w * mean;
      weights += w;
    };
    add(along_column, column_gradient, 0, -1);
    add(along_column, column_gradient, 0, 1);
    add(along_row, row_gradient, -1, 0);
    add(along_row, row_gradient, 1, 0);
    return sum / weights;
  });

  WidePlane third(frame);  // green minus blue where red stands, and the other way round
  third.fill(10, [&](int x, int y) {
    double near = 0.0;
    double far = 0.0;
    for (const int dy : {-1, 1}) {
      for (const int dx : {-1, 1}) {
        near += own.at(x + dx, y + dy);
        far += own.at(x + 3 * dx, y + dy) + own.at(x + dx, y + 3 * dy);
      }
    }
    return (10 * near - far) / 32;
  });

  Image rgb(ColorModel::rgb, frame.width_px(), frame.height_px());
  for (int y = 0; y < frame.height_px(); ++y) {
    for (int x = 0; x < frame.width_px(); ++x) {
      const double site = mosaic.at(x, y);
      const int c = color(x, y);
      if (c == 1) {
        const double in_row = own.at(x - 1, y) + own.at(x + 1, y) + third.at(x, y - 1) + third.at(x, y + 1);
        const double in_column = own.at(x, y - 1) + own.at(x, y + 1) + third.at(x - 1, y) + third.at(x + 1, y);
        rgb.at(color(x + 1, y), x, y) = static_cast<float>(site - in_row / 4);
        rgb.at(color(x, y + 1), x, y) = static_cast<float>(site - in_column / 4);
        rgb.at(1, x, y) = static_cast<float>(site);
      } else {
        rgb.at(c, x, y) = static_cast<float>(site);
        rgb.at(1, x, y) = static_cast<float>(site + own.at(x, y));
        rgb.at(2 - c, x, y) = static_cast<float>(site + own.at(x, y) - third.at(x, y));
      }
    }
  }
  return rgb;
}

}  // namespace rdenoise
