// SPDX-License-Identifier: LGPL-2.1-or-later
// The latest rows of one stage of a pipeline that works row by row.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

namespace rdenoise {

/// Row y lies in slot y mod slot_count until another row takes the slot; so as many rows in a line as there are slots
/// may be in use at a time. Rows are computed when they are asked for and not held; y may be negative.
class RowRing {
 public:
  /// width   samples of a row without its margins
  /// margin  samples that may be read and written on either side
  RowRing(int slot_count, int width, int margin)
      : margin_(static_cast<std::size_t>(margin)),
        stride_(static_cast<std::size_t>(width) + 2 * margin_),
        held_(static_cast<std::size_t>(slot_count), std::numeric_limits<int>::min()),
        samples_(held_.size() * stride_) {}

  /// Row y; compute(float* row) fills it if it is not held.
  template <typename Compute>
  [[nodiscard]] const float* row(int y, Compute&& compute) {
    const int slot_count = static_cast<int>(held_.size());
    const auto slot = static_cast<std::size_t>(((y % slot_count) + slot_count) % slot_count);
    float* row = samples_.data() + slot * stride_ + margin_;
    if (held_[slot] != y) {
      compute(row);
      held_[slot] = y;
    }
    return row;
  }

 private:
  std::size_t margin_;
  std::size_t stride_;
  std::vector<int> held_;
  std::vector<float> samples_;
};

}  // namespace rdenoise
