// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/error.hpp>
#include <rdenoise/isp.hpp>
#include <string>
#include <vector>

namespace rdenoise {

std::array<float, 3> gray_world_gains(const ConstFrameView& mosaic) {
  if (mosaic.color_model != ColorModel::bayer) {
    throw Error(ErrorCode::invalid_argument, "gray-world white balance: expected a bayer frame, found " +
                                                 std::string(to_string(mosaic.color_model)));
  }
  // Darker sites are mostly noise, brighter ones may be clipped; both would pull the gains to 1.
  constexpr float darkest = 0.01F;
  constexpr float brightest = 0.95F;
  std::array<double, 3> sum{};
  std::array<std::int64_t, 3> count{};
  std::vector<float> row;
  for (int site = 0; site < mosaic.channel_count; ++site) {
    const ConstChannelView& channel = mosaic.channels[site];
    if (channel.width_px == 0) continue;
    const int color = cfa_color_at(mosaic.cfa, site % 2, site / 2);
    row.resize(static_cast<std::size_t>(channel.width_px));
    for (int y = 0; y < channel.height_px; ++y) {
      read_row(channel, y, 0, row);
      for (const float signal : row) {
        if (signal < darkest || signal > brightest) continue;
        sum[color] += signal;
        ++count[color];
      }
    }
  }
  std::array<float, 3> gains{1.F, 1.F, 1.F};
  if (count[1] == 0) return gains;
  const double green = sum[1] / static_cast<double>(count[1]);
  for (const int c : {0, 2}) {
    if (count[c] > 0) gains[c] = static_cast<float>(green / (sum[c] / static_cast<double>(count[c])));
  }
  return gains;
}

}  // namespace rdenoise
