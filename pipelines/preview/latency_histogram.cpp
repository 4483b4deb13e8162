// SPDX-License-Identifier: LGPL-2.1-or-later
#include "latency_histogram.hpp"

#include <algorithm>
#include <cmath>

namespace rdn::preview {

void LatencyHistogram::add(double ms) noexcept {
  const double bin = std::clamp(std::floor(ms / bin_ms), 0.0, static_cast<double>(bins_.size() - 1));
  ++bins_[static_cast<std::size_t>(bin)];
  ++count_;
  max_ms_ = std::max(max_ms_, ms);
}

double LatencyHistogram::percentile_ms(double share) const noexcept {
  if (count_ == 0) return 0.0;
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < bins_.size(); ++i) {
    seen += bins_[i];
    if (seen >= std::max<std::uint64_t>(wanted, 1)) return bin_ms * static_cast<double>(i + 1);
  }
  return max_ms_;
}

}  // namespace rdn::preview
