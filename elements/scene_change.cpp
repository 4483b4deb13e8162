// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scene_change.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace rdenoise::gst {

bool SceneChange::begins_with(const ConstFrameView& frame) {
  const SceneSignature signature = signature_of(frame);
  const bool begins = !signature_ || is_scene_cut(*signature_, signature);
  signature_ = signature;
  return begins;
}

SceneChange::SceneSignature SceneChange::signature_of(const ConstFrameView& frame) {
  const ConstChannelView& channel = frame.channels[0];
  SceneSignature signature{};
  std::vector<float> row(channel.width_px);
  for (int cell_y = 0; cell_y < signature_rows; ++cell_y) {
    read_row(channel, (2 * cell_y + 1) * channel.height_px / (2 * signature_rows), 0, row);
    for (int cell_x = 0; cell_x < signature_columns; ++cell_x) {
      const int begin = cell_x * channel.width_px / signature_columns;
      const int end = std::max(begin + 1, (cell_x + 1) * channel.width_px / signature_columns);
      signature[cell_y * signature_columns + cell_x] =
          std::accumulate(row.begin() + begin, row.begin() + end, 0.F) / static_cast<float>(end - begin);
    }
  }
  return signature;
}

bool SceneChange::is_scene_cut(const SceneSignature& before, const SceneSignature& now) noexcept {
  // A cut changes the means by a good part of the picture's own level. Noise does not: a cell of a picture 176 pixels
  // wide is the mean of 11, so even σ = 50/255 moves it by 0.06.
  float difference = 0.F;
  float level = 0.F;
  for (std::size_t i = 0; i < now.size(); ++i) {
    difference += std::abs(now[i] - before[i]);
    level += 0.5F * (std::abs(now[i]) + std::abs(before[i]));
  }
  const auto cells = static_cast<float>(now.size());
  return difference / cells > 0.02F + 0.25F * level / cells;
}

}  // namespace rdenoise::gst
