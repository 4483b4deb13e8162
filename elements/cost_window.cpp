// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cost_window.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace rdenoise::gst {
namespace {

constexpr double window_s = 5.0;
constexpr std::size_t most_frames = 600;  ///< small frames come in thousands a second

}  // namespace

void CostWindow::add(double now_s, double cost_ms) {
  frames_.push_back({now_s, cost_ms});
  while (frames_.size() > most_frames || frames_.front().time_s < now_s - window_s) frames_.pop_front();
}

double CostWindow::mean_ms() const noexcept {
  if (frames_.empty()) return 0.0;
  return std::accumulate(frames_.begin(), frames_.end(), 0.0,
                         [](double sum, const Frame& frame) { return sum + frame.cost_ms; }) /
         static_cast<double>(frames_.size());
}

double CostWindow::percentile_95_ms() const {
  if (frames_.empty()) return 0.0;
  std::vector<double> costs_ms;
  costs_ms.reserve(frames_.size());
  for (const Frame& frame : frames_) costs_ms.push_back(frame.cost_ms);
  const auto ranked = costs_ms.begin() + static_cast<std::ptrdiff_t>((costs_ms.size() * 95 + 99) / 100 - 1);
  std::nth_element(costs_ms.begin(), ranked, costs_ms.end());
  return *ranked;
}

}  // namespace rdenoise::gst
