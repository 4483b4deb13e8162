// SPDX-License-Identifier: LGPL-2.1-or-later
// Percentiles of times in constant memory, however long a preview runs.
#pragma once

#include <array>
#include <cstdint>

namespace rdn::preview {

/// Bins of half a millisecond up to two seconds; what takes longer counts as two seconds, but for the largest.
class LatencyHistogram {
 public:
  void add(double ms) noexcept;
  /// The upper edge of the bin that holds the given share of all times [ms]; 0 if there are none.
  [[nodiscard]] double percentile_ms(double share) const noexcept;
  [[nodiscard]] double max_ms() const noexcept { return max_ms_; }
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

 private:
  static constexpr double bin_ms = 0.5;
  std::array<std::uint64_t, 4000> bins_{};
  std::uint64_t count_ = 0;
  double max_ms_ = 0.0;
};

}  // namespace rdn::preview
