// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/residual.hpp>
#include <span>
#include <vector>

namespace rdenoise {
namespace {

struct Sums {
  double squares = 0.0;
  double products_x = 0.0;
  double products_y = 0.0;
  double products_xy = 0.0;
  double box_squares = 0.0;
  double count = 0.0;
};

/// The residual of a channel about its mean, row by row.
std::vector<float> residual_of(const ConstChannelView& noisy, const ConstChannelView& denoised) {
  const auto width = static_cast<std::size_t>(noisy.width_px);
  std::vector<float> residual(width * static_cast<std::size_t>(noisy.height_px));
  std::vector<float> kept(width);
  double sum = 0.0;
  for (int y = 0; y < noisy.height_px; ++y) {
    const std::span<float> row = std::span(residual).subspan(static_cast<std::size_t>(y) * width, width);
    read_row(noisy, y, 0, row);
    read_row(denoised, y, 0, kept);
    float row_sum = 0.F;
    for (std::size_t x = 0; x < width; ++x) row_sum += row[x] -= kept[x];
    sum += static_cast<double>(row_sum);
  }
  const auto mean = static_cast<float>(sum / static_cast<double>(residual.size()));
  for (float& value : residual) value -= mean;
  return residual;
}

/// Border pixels, which lack neighbours, are left out.
void add(std::span<const float> residual, std::size_t width, Sums& sums) {
  const std::size_t height = residual.size() / width;
  for (std::size_t y = 1; y + 1 < height; ++y) {
    const float* up = residual.data() + (y - 1) * width;
    const float* row = up + width;
    const float* down = row + width;
    float squares = 0.F;
    float x_products = 0.F;
    float y_products = 0.F;
    float xy_products = 0.F;
    float boxes = 0.F;
    for (std::size_t x = 1; x + 1 < width; ++x) {
      const float box =
          up[x - 1] + up[x] + up[x + 1] + row[x - 1] + row[x] + row[x + 1] + down[x - 1] + down[x] + down[x + 1];
      squares += row[x] * row[x];
      x_products += row[x] * (row[x - 1] + row[x + 1]) / 2.F;
      y_products += row[x] * (up[x] + down[x]) / 2.F;
      xy_products += row[x] * (up[x - 1] + up[x + 1] + down[x - 1] + down[x + 1]) / 4.F;
      boxes += box * box / 81.F;
    }
    sums.squares += static_cast<double>(squares);
    sums.products_x += static_cast<double>(x_products);
    sums.products_y += static_cast<double>(y_products);
    sums.products_xy += static_cast<double>(xy_products);
    sums.box_squares += static_cast<double>(boxes);
    sums.count += static_cast<double>(width - 2);
  }
}

}  // namespace

ResidualWhiteness residual_whiteness(const ConstFrameView& noisy, const ConstFrameView& denoised) {
  if (noisy.color_model != denoised.color_model || noisy.width_px != denoised.width_px ||
      noisy.height_px != denoised.height_px || noisy.channel_count != denoised.channel_count)
    throw Error(ErrorCode::invalid_argument,
                "judging a residual: expected two frames of the same size and colour model, found others");
  Sums sums;
  for (int c = 0; c < noisy.channel_count; ++c) {
    const ConstChannelView& channel = noisy.channels[c];
    if (channel.width_px < 3 || channel.height_px < 3) continue;
    add(residual_of(channel, denoised.channels[c]), static_cast<std::size_t>(channel.width_px), sums);
  }
  if (!(sums.squares > 0.0) || !std::isfinite(sums.squares)) return {};
  constexpr double white = 1.0 / 9.0;
  return {.sigma = std::sqrt(sums.squares / sums.count),
          .autocorrelation_x = sums.products_x / sums.squares,
          .autocorrelation_y = sums.products_y / sums.squares,
          .autocorrelation_xy = sums.products_xy / sums.squares,
          .structure_share = std::clamp((sums.box_squares / sums.squares - white) / (1.0 - white), 0.0, 1.0)};
}

}  // namespace rdenoise
